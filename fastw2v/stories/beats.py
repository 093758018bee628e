"""The beats that many plots share, and how plots are written.

A plot is a list of beats, told in order; of each beat one line is told. Blank lines part the beats. `@name`
stands for the lines of a shared beat; several names alone together are as many beats, one after the other. A
line `-` tells nothing, and one that ends in a backslash goes on below. In a line, `{role}` is a word that is
drawn when the role is first named and kept until the story ends ({say} and {ask} are drawn each time):

    {animal} {animal2}      two different words of one kind (`words.KINDS`)
    {animal.plural}         what belongs to the word
    {a animal} {Animal}     with its article; as the first word of a sentence; `{A animal}` both
    {he} {his} {him}        the hero's

Plain data, imports nothing.
"""

from __future__ import annotations

BEATS = """
@child
Once upon a time there was {a manner} {boy} named {hero}.
There once was {a manner} {boy} called {hero}, who lived with {his} {kin} near the {place}.
{hero} was {a manner} {boy} who loved {act.ing} {act.how}.
{A manner} {boy} named {hero} lived in a little house by the {place}.
It was {a month.weather} {day} in {month}, and {hero} was {joy}.
One {month.weather} {day}, {hero} woke up early and put on {his} {colour} {clothes}.
{hero} liked many things, but most of all {he} liked {act.ing} {act.how} and playing {game}.
{hero} was {a boy} who loved {animal.plural}, {plant.look} {plant.plural} and {food.plural} with {food.with}.

@together
{He} had a friend named {friend}, and every {day} the two of them played {game}.
{His} best friend was {friend}, who was very {manner}.
{friend} lived next door, and they often played {game} together.
{His} friend {friend} was {joy}, because {friend.he} could {act} {act.how} at last.
{His} friend {friend} loved {act.ing} {act.how}, and so did {hero}.

@habit
Every morning {he} {act.past} {act.how} before breakfast.
On {day} {he} {act.past} {act.how} and then {he} {act2.past} {act2.how}.
{He} wanted to {act} {act.how} more than anything.
Nobody could {act} {act.how} as well as {hero}.
{He} was good at {act.ing} {act.how}, and {he} knew it.
{He} could {act} {act.how} and {act2} {act2.how}.
{He} was so {manner} that once {he} {manner.adverb} {manner.deed}.
One day {hero} {manner.adverb} {manner.deed}, for {he} was very {manner}.
"Who {manner.adverb} {manner.deed}?" everybody {ask}. It was {hero}, {a manner} {boy}.

@news
"What shall we do today?" {ask} {hero}. "Let's {act2} {act2.how}," {say} {friend}. So they {act2.past} \
{act2.how}.
"Can you {act2} {act2.how}?" {ask} {friend}. {hero} {manner2.adverb} {act2.past} {act2.how} without any help.
{friend} {act2.past} {act2.how}, and {hero} watched. "I want to try {act2.ing} {act2.how} too," {he} {say}.
They {act2.past} {act2.how} until they were tired of {act2.ing} {act2.how}.
"I am tired of {act2.ing} {act2.how}," {say} {friend}. "Then we will {act} {act.how}," {say} {hero}, and \
they {act.past} {act.how}.
"You must be {manner2}," {say} {friend}. {hero} nodded {manner2.adverb}. {He} often {manner2.deed}.
"Yes," {say} {hero} {manner2.adverb}. "No," {say} {friend} {manner3.adverb}. So they stopped {act2.ing} \
{act2.how}.
{friend} smiled {manner2.adverb} and {act2.past} {act2.how}. {hero} {act3.past} {act3.how}.

@scene
By the path grew {plant.look} {plant.plural}, and under {a plant2.look} {plant2} sat {a animal} eating \
{animal.food}.
{A vehicle.look} {vehicle} went by, and then came {number} {vehicle2.look} {vehicle2.plural}.
There were {vehicle.look} {vehicle.plural} in the street, and {a vehicle2.look} {vehicle2} stood by the \
{place2}.
They saw {number} {animal.plural} looking for {animal.food} near {a plant.look} {plant}.
They heard {singer.plural} far away. "{Singer.sound}, {singer.sound}!"
{A dweller} looked out of the {dweller.home}, where all the other {dweller.plural} were asleep.
{A person} with {a person.thing} went by and smiled. {Person.He} lived by the {place2}.
{Plant.look} {plant.plural} and {plant2.look} {plant2.plural} grew all around the {place2}.
{A parent} came by with a little {parent.young}. The {parent.young} was looking for {parent.food}.

@mend
But the {trouble.of} was {trouble}, and {hero} wanted it to be {trouble.mended}. So {he} worked until it \
was {trouble.mended}.
"Why is the {trouble.of} so {trouble}?" {ask} {friend}. "Yesterday it was {trouble.mended}!" They soon made \
it {trouble.mended} again.
First they saw {a trouble} {trouble.of}, and then {a trouble2} {trouble2.of}. "Mine at home are \
{trouble.mended} and {trouble2.mended}," {say} {hero}.
"I like {a trouble.mended} {trouble.of} better than {a trouble} one," {say} {hero} {manner2.adverb}.
The {trouble.of} was no longer {trouble}. Now it was {trouble.mended}, and the {trouble2.of} was \
{trouble2.mended}, too.

@three
On the way they saw {a quality} {quality.of}. Then they saw {a quality.more} one. But the {quality.most} \
{quality.of} of all was by the {place2}.
"This is the {quality.most} {quality.of} in the whole world," {say} {hero}. "No, I know {a quality.more} \
one," {say} {friend}.
They came to {a quality} {quality.of}. {hero} had never seen {a quality.more} one in {his} life.
{hero} had once seen {a quality} {quality.of}, but {friend} had seen {a quality.more} {quality.of}.
"Is that {quality.of} very {quality}?" {ask} {friend}. "It is {quality.more} than any other," {say} {hero}.
Near the {place2} there was {a quality} {quality.of}, the {quality.most} one for miles.
"How {quality} it is!" {say} {friend}, when they saw the {quality.of}. "I wish it were even {quality.more}."

@three2
"That is {a quality2} {quality2.of}," {say} {hero}, "but the one at home is {quality2.more}."
It was not the {quality2.most} {quality2.of} in town, but it was {quality2.more} than the one near the school.
{He} dreamed of {a quality2.more} {quality2.of}, the {quality2.most} one in the land.
They looked at {a quality2} {quality2.of}, and then they found {a quality2.more} one.
"Every {quality2.of} is too {quality2} for me," {say} {hero}. "The {quality2.most} ones are the best," \
{say} {friend}.

@wear
It was {month.weather} outside, so {he} put on {his} {colour} {clothes}.
{He} took off {his} {clothes} and hung it over the {furniture}.
{He} wore {a cloth} {clothes} with {colour} buttons.
{His} {kin} gave {him} {a colour} {clothes} made of {cloth}.
{He} wore {a colour2} {clothes2}, and {his} friend {friend} wore {a colour} {clothes}.

@hurt
{friend} fell and hurt {friend.his} {body}. "Does your {body} hurt?" {ask} {hero}.
{hero} tripped and bumped {his} {body}, but {he} was very brave about it.
"Ouch, my {body}!" {say} {hero}, for {he} had scratched {his} {body} and {his} {body2}.
{friend} looked tired and rubbed {friend.his} {body}.
-

@snack
Soon they were hungry, so they ate {a food} with {food.with} and drank some {drink}.
They shared {number} {food.plural} with {food.with} and a jug of {drink}.
"Would you like {a food} with {food.with}?" {ask} {friend}. "I would like {number} {food.plural}!" {say} \
{hero}.
For lunch there was {dish}, {dish2} and {a food} with {food.with}.
They drank {drink} and ate a plate of {dish}.
{His} {kin} made {dish} and a pot of {drink} for everybody.

@kin
{His} {kin} smiled and put down {kin.his} {kin.thing}. "I am {joy2}," {kin.he} {say}.
{His} {kin} came along with {kin.his} {kin.thing}. {Kin.He} looked {joy2}.
"Where is my {kin.thing}?" {ask} {his} {kin}. {Kin.He} had left {kin.his} {kin.thing} in the {room}.
{hero} told {his} {kin2} everything. {Kin2.He} laughed and dropped {kin2.his} {kin2.thing}.
{His} {kin2} came too, for {kin2.he} was looking for {kin2.his} {kin2.thing}.
{His} {kin} came with {kin.his} {kin.thing}, and {his} {kin2} came with {kin2.his} {kin2.thing}.

@end
{hero} was very {joy}, and {he} slept well that night.
At the end of the day they were tired but {joy}.
From that day on, {hero} was never {woe} about it again.
{His} {kin} hugged {him}. "I am {joy} when I see you," {kin.he} {say}.
And they all lived happily ever after.
{hero} and {friend} were {joy}, and they promised to {act} {act.how} together on {day2}.
That night {he} dreamed of {act4.ing} {act4.how}.
"Tomorrow I will {act4} {act4.how}," {say} {hero}, and {he} closed {his} eyes.
After supper {he} {act4.past} {act4.how} once more, and then it was time for bed.
"""
