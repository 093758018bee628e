"""The stories' plots about children at home; written as `beats.py` says.

Plain data, imports nothing.
"""

from __future__ import annotations

HOME_PLOTS = """
= a toy is lost
@child

@habit

But today {he} was {woe}. {He} could not find {his} {toy.look} {toy}.
{He} had {number} {toy.look} {toy.plural}, but {his} best {toy} was gone.
{His} {kin} had given {him} {a toy.look} {toy}, and now the {toy} was lost.

@together

{He} looked under the {furniture} and behind the {furniture2}. {He} looked in the {room} and in the \
{room2}. It was not there.
{He} looked in the {container} and in the {container2}, but {he} found only {number} {toy2.look} \
{toy2.plural}.
{friend} looked in the {room}, and {hero} looked in the {container}. There was {a tool} for the {tool.use}, \
but no {toy}.
They opened every {container} in the {room}. There were {number2} {toy2.look} {toy2.plural} in the \
{container}, and {a colour} {clothes}.

"Did you play with it in the {room2}?" {ask} {friend}. {hero} shook {his} head {manner2.adverb}.
"All {toy.look} {toy.plural} like to hide," {say} {friend} {manner2.adverb}.
{hero} was {woe2} and wanted to cry.
@kin

@scene

At last they found the {toy.look} {toy} in a little box made of {stuff}.
Then they saw the {toy.look} {toy} behind {a colour2} {container3} in the {room3}.
And there it was! The {toy.look} {toy} lay on the {furniture3} next to {a food} with {food.with}.

@end

= an animal comes
@child
@together
@wear

Then {he} heard a sound behind the {place}. "{Singer.sound}, {singer.sound}!" It was {a colour2} {singer}.
On the way to the {place} they met {a singer}. The {singer} was {woe}. "{Singer.sound}!" went the {singer}.
In the {room} sat {a singer}. It looked {woe}, and all it said was "{singer.sound}".

{hero} knew that {singer.plural} eat {singer.food}. {He} put some {singer.food} on the ground, and the \
{singer} ate it up.
"Do {singer.plural} like {singer.food}?" {ask} {hero}. "All {singer.plural} like {singer.food}," {say} \
{friend}.
The {singer} wanted {singer.food}, but they had only {a food} with {food.with}. So they went to get \
{singer.food} for the {singer}.

"What do {singer.plural} say?" {ask} {friend}. "They say {singer.sound}," {say} {hero}, and {he} was right.
"{Singer.sound}," went the {singer}, and it {romp.past} {romp.how}.
{A dweller} came out of the {dweller.home} to see the {singer}.
The {singer} had hurt its {body}, so {hero} put a bandage on it.

They showed it to {a worker} from the {worker.place}. {Worker.He} put down {worker.his} {worker.tool} and \
smiled.
At first {his} {kin} was {woe}. But then {kin.he} gave the {singer} some {singer.food}.
The next day many {singer.plural} came to the {place2} and said "{singer.sound}".
@three

Now the {singer} sleeps in the {room} every night, and it is {joy}.
The {singer} ran back to the other {singer.plural}, and {hero} waved.
@end

= learning something
@child
@habit

{hero} could not {act3} {act3.how}. {friend} had {act3.past} {act3.how} last {day}, and {hero} felt {woe}.
All the other children {act3.past} {act3.how}, but {hero} did not know how to {act3} {act3.how}.
{He} had always been {woe} about {act3.ing} {act3.how}.
There was to be a contest in {act3.ing} {act3.how}, and {hero} wanted to win.

"I can teach you to {act3} {act3.how}," {say} {friend}. "First you must {act4} {act4.how}."
"{Act3.ing} {act3.how} is not hard," {say} {his} {kin}. "It is much like {act4.ing} {act4.how}."
So {he} asked {his} {kin}. {Kin.He} put away {kin.his} {kin.thing} and {act3.past} {act3.how}. "You see?" \
{kin.he} {say}.
{friend} {act4.past} {act4.how} for a while. "{Act4.ing} {act4.how} helps you to {act3} {act3.how}," \
{friend.he} {say}.

@hurt

On {day} {he} {act3.past} {act3.how} for the first time. On {day2} {he} {act3.past} {act3.how} even better.
{He} kept {act3.ing} {act3.how} until {month2}, and then {he} could {act3} {act3.how} in {his} sleep.
At first {he} {act3.past} {act3.how} badly. But {he} tried {manner2.adverb}, and soon {he} {act3.past} \
{act3.how} well.
{He} tried {number} times. At last {he} {act3.past} {act3.how}, and {friend} clapped.

"You {act3.past} {act3.how}!" {say} {friend}. "I am so {joy}!"
"Now I am never tired of {act3.ing} {act3.how}," {say} {hero}.
{His} {kin2} saw it too, and {kin2.he} dropped {kin2.his} {kin2.thing} in surprise.

@three

@snack

@end

= a birthday
It was the birthday of {hero}, {a manner} {boy} who loved {act.ing} {act.how}.
On {day} {hero} turned {number}. {He} was {joy} and {act.past} {act.how} before breakfast.
{hero} had a birthday in {month}. It was {month.weather}, but {he} was {joy}.

{friend} and {friend2} came to visit. {His} {kin} brought {number2} {food.plural} with {food.with}. \
{Kin.He} had left {kin.his} {kin.thing} at home.
{friend} and {friend2} sat at the table, where there were {food.plural} with {food.with}, {food2.plural} \
with {food2.with} and a jug of {drink}.
{friend} came first, in {a colour} {clothes}. Then came {friend2}, in {a colour2} {clothes2}.
There was {dish} and {dish2}, and {drink} for {hero}, {friend} and {friend2}.

{friend} gave {him} {a toy.look} {toy} in {a colour3} {container}. {hero} loves {toy.look} {toy.plural}.
In the first {container} there was {a toy.look} {toy}. In the second {container} there were {number2} \
{treasure.look} {treasure.plural}.
"Open the {container}!" {say} {friend}. In it lay {a treasure.look} {treasure} and {a toy.look} {toy} made \
of {material}.
{His} {kin2} gave {him} {a treasure.look} {treasure}. {Kin2.He} had kept it beside {kin2.his} {kin2.thing}.

{friend} played the {instrument}, and {friend2} played the {instrument2}.
After lunch they played {game} and {game2} in the {room}.
{friend2} brought {a instrument} and played it in the {room} while the others played {game}.
They played {game}, and {friend} won {number3} {food3.plural} with {food3.with}.

@news
@three

@end

= a garden
@child
@together
@wear

{hero} had {a colour} {container} filled with seeds. "I will grow {plant.look} {plant.plural}," {he} {say}.
{His} {kin} gave {him} {a plant.look} {plant}. "You can plant it next to the other {plant.look} \
{plant.plural}," {kin.he} {say}.
"Why is there no {plant.look} {plant} in our garden?" {ask} {hero}. "Let us plant {number} {plant.look} \
{plant.plural}!"

{He} fetched {a tool} for the {tool.use}, and {friend} fetched {a tool2} for the {tool2.use}.
{friend} came with {number2} {tool.plural} for the {tool.use}. They worked hard all {day}.
They had no {tool} for the {tool.use}, so {he} bought {a tool} in town. There were many {tool.plural} for \
{tool.use} in the shop.

In {month} it was {month.weather}, and in {month2} it was {month2.weather}. The {plant} grew and grew.
{A animal} wanted to eat the {plant}. "Do {animal.plural} not eat {animal.food}?" {ask} {friend}, and they \
gave the {animal} some {animal.food}.
First there was a tiny leaf. Then one {month.weather} morning {he} saw {a plant.look} {plant}!
They {act.past} {act.how} every {day} while the {plant} grew and grew.

@mend

"How lovely are {plant.look} {plant.plural}!" {say} {friend}. "Your {plant.look} {plant} is the best in the \
garden."
Now there are {plant.look} {plant.plural} and {plant2.look} {plant2.plural} all the way to the {place}.
{He} picked {a plant2.look} {plant2} for {his} {kin2}. {Kin2.He} put it next to {kin2.his} {kin2.thing}.

@end

= in the kitchen
@child
@wear

{hero}, {his} friend {friend} and {his} {kin} were in the {room}. "Let's make {dish} and {food.plural} with \
{food.with}," {kin.he} {say}.
{friend} had come to visit. "I am hungry," {say} {hero}. "Then we will make {a food} with {food.with}," \
{say} {his} {kin}. {Kin.He} put down {kin.his} {kin.thing}.
{hero} and {his} friend {friend} wanted to make {dish} for {his} {kin}, because {kin.he} was {woe}.

{He} took {number} {food2.plural} with {food2.with} out of the {container} and put them into a little box \
made of {stuff}.
{friend} brought {food.plural} with {food.with} from the {place}, and they washed them in the {room}.
{He} cut up {a food} with {food.with}, and {friend} cut up {number} {food2.plural} with {food2.with}.
{His} {kin} {act2.past} {act2.how}, and {hero} cut up {a food2} with {food2.with}.

Soon it smelled of {dish}. "Is there some {dish2} too?" {ask} {friend}.
Oh no! The {dish} fell off the {furniture}, and some of it fell on {his} {clothes}.
{A animal} ran in and took {a food}. "Shoo! {Animal.plural} eat {animal.food}!" {say} {his} {kin}.
@mend

"{A food} with {food.with} is the best food of all," {say} {friend} {manner2.adverb}.
They ate {dish} and drank {drink}. After that they ate {number} {food.plural} with {food.with}.
They put {dish}, {dish2} and {drink} on the big table and called everybody.

@kin
@end

= something is broken
@child
@together

Something was wrong: the {trouble.of} was {trouble}.
"Oh dear, the {trouble.of} is {trouble}," {say} {hero}. "It is too {trouble}. It should be {trouble.mended}."
{His} {kin} looked at the {trouble.of}. It was {trouble}, and {kin.he} was {woe}.
Then {he} saw {a trouble} {trouble.of} and {a trouble2} {trouble2.of}.

"I want {a trouble.mended} {trouble.of}, not {a trouble} {trouble.of}," {say} {friend}.
"How can we make the {trouble} {trouble.of} {trouble.mended} again?" {ask} {friend}.
"{A trouble} {trouble.of} is no good," {say} {his} {kin}, and {kin.he} put down {kin.his} {kin.thing}.

"Do we need {a tool}?" {ask} {friend}. "No, {tool.plural} are for {tool.use}," {say} {hero}.
They asked {a worker}, who came from the {worker.place} with {worker.his} {worker.tool} and {number} \
{tool.plural} for {tool.use}.
{friend} came with {a tool}. But {a tool} is for {tool.use}, so {he} went to look for {a tool2}.
"I can do it," {say} {hero} {manner2.adverb}, and {he} took {number} {tool.plural} and {a tool2} out of the \
{container}.

After an hour the {trouble.of} was {trouble.mended} again. Then {he} saw that the {trouble2.of} was \
{trouble2}, and soon it was {trouble2.mended} too.
At last it was {a trouble.mended} {trouble.of}, as good as new. Nobody likes it when the {trouble.of} is \
{trouble}.
"Look, the {trouble.of} is {trouble.mended}!" {say} {friend}. "And the {trouble2.of} is {trouble2.mended}, \
too!"
In the end there was {a trouble.mended} {trouble.of} and {a trouble2.mended} {trouble2.of}, and {his} {kin} \
was {joy}.

@hurt
@snack
@end

= bedtime
It was late, and {hero} was in bed, but {he} could not sleep. {He} was {woe}.
The moon was over the {place}. {hero} lay in {his} bed and was {woe}.
"Time for bed," {say} {his} {kin}. But {hero} was not tired at all. {He} still wanted to {act} {act.how}.

"Tell me about the {person}," {say} {hero}. "The {person} had {a person.thing}," {say} {his} {kin}, "and \
{person.he} loved {person.his} {person.thing}."
{His} {kin} put down {kin.his} {kin.thing} and told {him} about {a person} and {person.his} {person.thing}.
"Count {animal.plural}," {say} {his} {kin}. "{Number} {animal.plural} eating {animal.food}, {number2} \
{animal2.plural} eating {animal2.food}."
{He} heard a noise in the {room}. Was it {a singer}? "{Singer.sound}," went the {singer}.

{He} thought of {act.ing} {act.how}, and of {a quality} {quality.of}, and of {a quality.more} one.
{He} held {his} {toy.look} {toy}. All {his} other {toy.look} {toy.plural} were in the {container}.
{He} drank some {drink} and put {his} {clothes} on the {furniture}.
-

Then {he} slept and dreamed. In {his} dream {he} {act2.past} {act2.how} with {number3} {animal3.plural}.
In {his} dream {he} was {a person} with {a colour} {person.thing}.
{He} dreamed that the {trouble.of} was not {trouble} any more. It was {trouble.mended}, and so \
{trouble.mended} it was in the morning.
{He} dreamed that {he} could {act2} {act2.how}, and that {act2.ing} {act2.how} was easy.

"Good night, {hero}," {say} {his} {kin}.
In the morning {he} was {joy} and {act3.past} {act3.how}.
{hero} smiled in {his} sleep.
{His} {kin} {act3.past} {act3.how} until {hero} fell asleep again.

= saying sorry
@child
@together

Then {hero} took the {toy.look} {toy} of {friend} without asking. {friend} was {woe}.
{hero} and {friend} both wanted the {toy.look} {toy}. They pulled and pulled, and it broke. Now both were \
{woe}.
{friend} laughed at the {colour} {clothes} of {hero}, and {hero} was {woe}.
"You cannot {act2} {act2.how}," {say} {friend}, and {hero} was {woe}.

"Go away!" {say} {hero}. {He} ran into the {room} and sat behind the {furniture}.
"I do not want to play {game} with you," {say} {hero}, and {his} {body} shook.
"I do not like you any more," {say} {hero}. {He} felt {woe2} all through {day2}.

{His} {kin} saw it. {Kin.He} put down {kin.his} {kin.thing} and sat with {him}. "{Friend} is {woe2} too," \
{kin.he} {say}.
Then {he} thought about {friend}, who was always so {manner2}. {Friend.He} once {manner2.adverb} \
{manner2.deed}.
{He} thought about it while {he} {act3.past} {act3.how}. It was no fun {act3.ing} {act3.how} alone.

So {he} went to {friend} with {a food} with {food.with}. "I am sorry," {he} {say}. "Me too," {say} {friend}.
"I am sorry," {say} {hero}, and {he} gave {friend} {number} {toy2.look} {toy2.plural} in a little box made \
of {stuff}.
{friend} came with {a treasure.look} {treasure} and said sorry. They were both {joy}.

They played {game} until the evening and ate {number2} {food2.plural} with {food2.with}.
@news
@three

@end
"""
