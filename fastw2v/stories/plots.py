"""The stories' plots about children, and the beats that many plots share.

A plot is a list of beats, told in order; of each beat one line is told. Blank lines part the beats, `@name` stands for
the lines of a shared beat, and a line `-` tells nothing. In a line, `{role}` is a word that is drawn when the role is
first named and kept until the story ends:

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
{hero} and {his} {kin} lived in {a quality} {quality.of}, or so {he} liked to say.
{hero} liked many things, but most of all {he} liked {act.ing} {act.how} and playing {game}.

@together
{He} had a friend named {friend}, and every {day} the two of them played {game}.
{His} best friend was {friend}, who was very {manner}.
{His} {kin} was busy with {kin.his} {kin.thing}, so {he} went to find {friend}.
-

@habit
Every morning {he} {act.past} {act.how} before breakfast.
{He} {act.past} {act.how} all day long.
{He} wanted to {act} {act.how} more than anything.
Nobody could {act} {act.how} as well as {hero}.
{He} was good at {act.ing} {act.how}, and {he} knew it.
{He} could {act} {act.how} and {act2} {act2.how}.
{hero} was so {manner} that {he} {manner.deed}.
One day {hero} {manner.adverb} {manner.deed}.
Only {a manner} {boy} {manner.deed} like that, and {hero} did.

@news
"What shall we do today?" {say} {hero}. "Let's {act2} {act2.how}," {say2} {friend}. So they {act2.past} {act2.how}.
"Can you {act2} {act2.how}?" {say} {friend}. {hero} {act2.past} {act2.how} without any help.
{friend} {act2.past} {act2.how}, and {hero} watched. "I want to try {act2.ing} {act2.how}," {he} {say}.
They {act2.past} {act2.how} until they were tired of {act2.ing} {act2.how}.
"I am tired of {act2.ing} {act2.how}," {say} {friend}. "Then we will {act} {act.how}," {say2} {hero}, and they {act.past} {act.how}.
{friend} {manner2.adverb} {manner2.deed}. "How {manner2} you are!" {say} {hero}.
"Be {manner2}," {say} {friend}. So {he} {manner2.adverb} {manner2.deed}.

@three
On the way they saw {a quality} {quality.of}. Then they saw {a quality.more} {quality.of}. But the {quality.most} {quality.of} of all was by the {place2}.
"This is the {quality.most} {quality.of} in the whole world," {say} {hero}. "No, I know {a quality.more} {quality.of}," {say2} {friend}.
They came to {a quality} {quality.of}. {hero} had never seen {a quality.more} {quality.of} in {his} life.
{hero} knew about {a quality} {quality.of}, but {friend} knew about {a quality.more} {quality.of}.
"Is that {quality.of} {quality}?" {say} {friend}. "It is {quality.more} than any {quality.of} I know," {say2} {hero}.
Near the {place2} there was {a quality} {quality.of}, the {quality.most} {quality.of} for miles.
-

@three2
"That is {a quality2} {quality2.of}," {say} {hero}, "but ours at home is {quality2.more}."
It was not the {quality2.most} {quality2.of} in town, but it was {quality2.more} than the {quality2.of} at school.
{He} dreamed of {a quality2.more} {quality2.of}, the {quality2.most} {quality2.of} in the land.
Every {quality2.of} looked {quality2}, and the next {quality2.of} looked even {quality2.more}.
-

@wear
It was {month.weather} outside, so {he} put on {his} {colour} {clothes}.
{He} took off {his} {clothes} and hung it over the {furniture}.
{He} wore a {material} {clothes} with {colour} buttons.
{His} {kin} gave {him} {a colour} {clothes} made of {material}.
{friend} wore {a colour} {clothes}, and {hero} wore {a colour2} {clothes2}.
-

@hurt
{friend} fell and hurt {friend.his} {body}. "Does your {body} hurt?" {say} {hero}.
{hero} tripped and bumped {his} {body} on the {furniture}.
"Ouch, my {body}!" {say} {hero}, for {he} had scratched {his} {body} and {his} {body2}.
-

@snack
Soon they were hungry, so they ate {a food} with {food.with} and drank some {drink}.
They shared {number} {food.plural} with {food.with} and a bottle of {drink}.
"Would you like {a food} with {food.with}?" {say} {friend}. "I would like {number} {food.plural}!" {say2} {hero}.
For lunch there was {dish}, {dish2} and {a food} with {food.with}.
They drank {drink} and ate a bowl of {dish}.
{His} {kin} made {dish} and a pot of {drink} for everybody.

@kin
{His} {kin} smiled and put down {kin.his} {kin.thing}. "I am {joy2}," {kin.he} {say}.
{His} {kin} came along with {kin.his} {kin.thing}. {Kin.He} was not {woe} any more.
"Where is my {kin.thing}?" {say} {his} {kin}. {Kin.He} had left {kin.his} {kin.thing} on the {furniture}.
{hero} told {his} {kin2} everything. {Kin2.He} laughed and dropped {kin2.his} {kin2.thing}.
The {kin2} of {friend} waved {kin2.his} hand and looked for {kin2.his} {kin2.thing}.
{hero} asked {his} {kin} for help, because {kin.he} always had {kin.his} {kin.thing} with {kin.him}.

@end
{hero} was very {joy}, and {he} slept well that night.
"What {a quality3} {quality3.of} that was," {he} thought, and {he} fell asleep.
At the end of the day they were tired but {joy}.
From that day on, {hero} was never {woe} about it again.
{His} {kin} hugged {him}. "I am {joy} to have {a boy} like you," {kin.he} {say}.
And they all lived happily ever after.
{hero} and {friend} were {joy}, and they promised to {act} {act.how} again on {day2}.
That night {he} dreamed of {act3.ing} {act3.how}.
"Tomorrow I will {act3} {act3.how}," {say} {hero}, and {he} closed {his} eyes.
After supper {he} {act3.past} {act3.how} once more, and then it was time for bed.
"""

CHILD_PLOTS = """
= a toy is lost
@child
@habit

But today {he} was {woe}. {He} could not find {his} {toy.look} {toy}.
{He} had {number} {toy.look} {toy.plural}, but {his} best {toy} was gone.
{His} {kin} had given {him} {a toy.look} {toy}, and now the {toy} was lost.

@together

{He} looked under the {furniture} and behind the {furniture2}. {He} looked in the {room} and in the {room2}. It was not there.
{He} looked in the {container} and in the {container2}, but {he} found only {number} {toy2.look} {toy2.plural}.
{friend} looked in the {room}, and {hero} looked on the {furniture}. They found {a tool} and {number} {tool2.plural}, but no {toy}.
They opened every {container} in the {room}. There were {toy2.look} {toy2.plural} in the {container}, and {a colour} {clothes}.

"Did you play with it in the {room2}?" {say} {friend}.
"All {toy.look} {toy.plural} like to hide," {say} {friend}.
{hero} was {woe} and wanted to cry.
@kin

At last they found the {toy.look} {toy} in {a material} {container3}.
Then they saw the {toy.look} {toy} behind {a colour2} {container3} in the {room3}.
And there it was! The {toy.look} {toy} lay on the {furniture3} next to {a food} with {food.with}.

@end

= an animal comes
@child
@together
@wear

One day {he} heard a sound behind the {place}. "{Singer.sound}, {singer.sound}!" It was {a colour2} {singer}.
On the way to the {place} they met {a singer}. The {singer} was {woe}. "{Singer.sound}!" went the {singer}.
In the {room} sat {a singer}. It looked {woe}, and all it said was "{singer.sound}".

{hero} knew that {singer.plural} eat {singer.food}. {He} put some {singer.food} on the ground, and the {singer} ate it up.
"Do {singer.plural} like {singer.food}?" {say} {hero}. "All {singer.plural} like {singer.food}," {say2} {friend}.
The {singer} wanted {singer.food}, but they had only {a food} with {food.with}. So they went to get {singer.food} for the {singer}.

"What do {singer.plural} say?" {say} {friend}. "They say {singer.sound}," {say2} {hero}, and {he} was right.
"{Singer.sound}," went the {singer}, and it {act3.past} {act3.how}.
{A dweller} came out of the {dweller.home} to see the {singer}.
The {singer} had hurt its {body}, so {hero} put a bandage on it.

They showed it to {a worker} from the {worker.place}. {Worker.He} put down {worker.his} {worker.tool} and smiled.
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
So {he} asked {his} {kin}. {Kin.He} put away {kin.his} {kin.thing} and {act3.past} {act3.how}. "You see?" {kin.he} {say}.
{friend} {act4.past} {act4.how} for a while. "{Act4.ing} {act4.how} helps you to {act3} {act3.how}," {friend.he} {say}.

@hurt

On {day} {he} {act3.past} {act3.how} for the first time. On {day2} {he} {act3.past} {act3.how} even better.
{He} kept {act3.ing} {act3.how} until {month2}, and then {he} could {act3} {act3.how} in {his} sleep.
{He} {manner2.adverb} {manner2.deed}, and then {he} {manner2.adverb} {act3.past} {act3.how}.
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

{His} {kin} brought a cake and {number2} {food.plural} with {food.with}. {Kin.He} had left {kin.his} {kin.thing} at home.
On the table there were {food.plural} with {food.with}, {food2.plural} with {food2.with} and a jug of {drink}.
{friend} came first, in {a colour} {clothes}. Then came {friend2}, in {a colour2} {clothes2}.
There was {dish} and {dish2}, and {drink} for everybody.

{friend} gave {him} {a toy.look} {toy} in {a colour3} {container}. {hero} loves {toy.look} {toy.plural}.
In the first {container} there was {a toy.look} {toy}. In the second {container} there were {number2} {treasure.look} {treasure.plural}.
"Open the {container}!" {say} {friend}. In it lay {a treasure.look} {treasure} and {a toy.look} {toy} made of {material}.
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
@wear

{hero} had {a colour} {container} full of seeds. "I will grow {plant.look} {plant.plural}," {he} {say}.
{His} {kin} gave {him} {a plant.look} {plant}. "You can plant it next to the other {plant.look} {plant.plural}," {kin.he} {say}.
"Why is there no {plant.look} {plant} in our garden?" {say} {hero}. "Let us plant {number} {plant.look} {plant.plural}!"

{He} fetched {a tool} for the {tool.use} and {a tool2} for the {tool2.use}.
{friend} came with {number2} {tool.plural} for the {tool.use}. They worked hard all {day}.
They had no {tool} for the {tool.use}, so {he} bought {a tool} in town. There were many {tool.plural} for {tool.use} in the shop.

In {month} it was {month.weather}, and in {month2} it was {month2.weather}. The {plant} grew and grew.
{A animal} wanted to eat the {plant}. "Do {animal.plural} not eat {animal.food}?" {say} {friend}, and they gave the {animal} some {animal.food}.
First there was a small leaf. Then one {month.weather} morning {he} saw {a plant.look} {plant}!
They {act.past} {act.how} while the {plant2.look} {plant2} grew.

@three
@three2

"How lovely are {plant.look} {plant.plural}!" {say} {friend}. "Your {plant.look} {plant} is the best in the garden."
Now there are {plant.look} {plant.plural} and {plant2.look} {plant2.plural} all the way to the {place}.
{He} picked {a plant2.look} {plant2} for {his} {kin2}. {Kin2.He} put it next to {kin2.his} {kin2.thing}.

@end

= a trip
@child
@together

On {day} they took {a vehicle.look} {vehicle} to the {place2}.
{His} {kin} had {a vehicle.look} {vehicle}. "Let's go to the {place2}," {kin.he} {say}, and {kin.he} packed {kin.his} {kin.thing}.
They waited for the {vehicle.look} {vehicle}. {Number} {vehicle2.look} {vehicle2.plural} went by before the {vehicle} came.
"Shall we go by {vehicle} or by {vehicle2}?" {say} {friend}. They took the {vehicle.look} {vehicle}.

From the window {he} saw {vehicle2.look} {vehicle2.plural}, {number} {animal.plural} and {a colour} {container}.
{hero} counted {number} {vehicle2.look} {vehicle2.plural} and {number2} {vehicle.look} {vehicle.plural} on the way.
The {vehicle.look} {vehicle} was full of people. {A worker} with {worker.his} {worker.tool} sat next to {hero}. {Worker.He} worked at the {worker.place}.
Behind the {place} {a vehicle2.look} {vehicle2} had stopped, and people stood around it.

@three
@three2

At the {place2} they {act2.past} {act2.how}, and {friend} showed {him} the {place3}.
When they came to the {place2}, it was {month.weather}. They {act2.past} {act2.how} anyway.
The {place2} was near the {place3}. There they saw {dweller.plural} in the {dweller.home} eating {dweller.food}.
A {plant.look} {plant} grew at the {place2}, and {animal2.plural} looked for {animal2.food} under it.

@snack
@hurt
@end

= in the kitchen
@child
@wear

{hero} and {his} {kin} were in the {room}. "Let's make {dish} and {food.plural} with {food.with}," {kin.he} {say}.
"I am hungry," {say} {hero}. "Then we will make {a food} with {food.with}," {say2} {his} {kin}. {Kin.He} put down {kin.his} {kin.thing}.
{hero} wanted to make {dish} for {his} {kin}, because {kin.he} was {woe}.

{He} took {number} {food2.plural} with {food2.with} out of the {container} and put them into {a material} {container2}.
{friend} brought {food.plural} with {food.with} from the {place}, and they washed them in {a container}.
{He} cut up {a food} with {food.with}, and {friend} cut up {number} {food2.plural} with {food2.with}.
First {he} {act2.past} {act2.how}. Then {he} put {a food2} with {food2.with} on the {furniture}.

Soon it smelled of {dish}. "May I have some {dish2} too?" {say} {friend}.
Oh no! The {dish} fell on the {furniture}, and some of it fell on {his} {clothes}.
{A animal} ran in and took {a food}. "Shoo! {Animal.plural} eat {animal.food}!" {say} {his} {kin}.
@hurt

"This {food} with {food.with} is the {quality.most} of all," {say} {friend}, for {friend.he} liked to make people laugh.
They ate {dish} and drank {drink}. After that they ate {number} {food.plural} with {food.with}.
They put {dish}, {dish2} and {drink} on the {furniture2} and called everybody.

@kin
@end

= a visit to work
@child
@habit

{His} {kin} knew {a worker}. One {day} they went to see {worker.him} at the {worker.place}. {Worker.He} showed them {worker.his} {worker.tool}.
{hero} wanted to be {a worker} and work at the {worker.place}.
At school they talked about the {worker}, who works at the {worker.place}, and about the {worker2}, who works at the {worker2.place}.
One {month.weather} {day} {hero} went past the {worker.place}. {A worker} stood there with {worker.his} {worker.tool}.

"What does {a worker} do?" {say} {hero}. "I use my {worker.tool}," {say2} the {worker}, and {worker.he} laughed.
The {worker} of the {worker.place} needed help with {worker.his} {worker.tool}. {hero} {manner2.adverb} {manner2.deed}.
"Come into the {worker.place}," {say} the {worker}. "Do you want to see my {worker.tool}?"
The {worker} had lost {worker.his} {worker.tool}, and {worker.he} looked {woe}. {hero} found it behind the {furniture}.

In the {worker.place} there were {number} {tool.plural} for {tool.use}, and {a material} {furniture} with {a tool2} on it.
In came {a worker2} from the {worker2.place} with {worker2.his} {worker2.tool}. {Worker2.He} wanted {number} {tool.plural} for {tool.use}.
They went from the {worker.place} to the {worker2.place}, where {a worker2} showed them {worker2.his} {worker2.tool}.
@news

"One day I will be {a worker} too," {say} {hero}. "Then I will have {a worker.tool} of my own."
The {worker} gave {him} {a treasure.look} {treasure} for {his} help, and {hero} took it home in {a container}.
@three
@snack

@end

= something is broken
@child
@together

Something was wrong: the {trouble.of} was {trouble}.
"Oh dear, the {trouble.of} is {trouble}," {say} {hero}. "It is too {trouble}. It should be {trouble.mended}."
{His} {kin} looked at the {trouble.of}. It was {trouble}, and {kin.he} was {woe}.
One {month.weather} {day} {he} saw {a trouble} {trouble.of} and {a trouble2} {trouble2.of}.

"I want {a trouble.mended} {trouble.of}, not {a trouble} {trouble.of}," {say} {friend}.
"How can we make the {trouble} {trouble.of} {trouble.mended} again?" {say} {friend}.
"{A trouble} {trouble.of} is no good," {say} {his} {kin}, and {kin.he} put down {kin.his} {kin.thing}.

{He} took {a tool} for the {tool.use} out of the {container}, and {friend} took {a tool2} for the {tool2.use}.
They asked {a worker}, who came from the {worker.place} with {worker.his} {worker.tool} and {number} {tool.plural} for {tool.use}.
They worked with {tool.plural} for {tool.use} and with {tool2.plural} for {tool2.use}.
{He} {manner2.adverb} {manner2.deed}, and then {he} went to work.

After an hour the {trouble.of} was {trouble.mended} again. Then {he} saw that the {trouble2.of} was {trouble2}, and soon it was {trouble2.mended} too.
At last it was {a trouble.mended} {trouble.of}, as good as new. Nobody likes it when the {trouble.of} is {trouble}.
"Look, the {trouble.of} is {trouble.mended}!" {say} {friend}. "And the {trouble2.of} is {trouble2.mended}, too!"
In the end there was {a trouble.mended} {trouble.of} and {a trouble2.mended} {trouble2.of}, and {his} {kin} was {joy}.

@hurt
@snack

@end

= a walk in the rain
One {month.weather} {day} in {month}, {hero} sat in the {room} and was {woe}.
It had been {month.weather} since {day}. {hero} was {woe}, because {he} wanted to {act} {act.how}.
{hero} liked {month.weather} days in {month}, for then {he} {act.past} {act.how}.

"Put on your {clothes} and your {clothes2}," {say} {his} {kin}, who was looking for {kin.his} {kin.thing}.
{He} put on {his} {colour} {clothes}, took {his} {material} {clothes2} and went to the {place}.
"You need {a colour} {clothes}," {say} {friend}. "Mine is {colour2}, and it is made of {material}."

Outside everything was {trouble} and the {trouble2.of} was {trouble2}.
{hero} and {friend} {act2.past} {act2.how} in spite of it all.
On the path sat {number} {dweller.plural}. They were on their way to the {dweller.home}.
{A dweller} looked out of its {dweller.home}. It was too {month.weather} even for {dweller.plural}.

@news
@hurt

Back at home {he} hung {his} {clothes} on the {furniture} and drank {drink}. The wet {clothes2} went into the {room2}.
When {he} came home, {his} {kin} gave {him} {dish} and {a food} with {food.with}. {Kin.He} had found {kin.his} {kin.thing}.
In the warm {room} {he} ate {dish} and played the {instrument}.

@end

= at the market
@child
@wear

{His} {kin} sent {him} to the market to buy {number} {food.plural} with {food.with}.
{hero} went to the market with {number} {treasure.look} {treasure.plural} in {a material} {container}.
"We need {food.plural} with {food.with}, some {dish} and {a food2} with {food2.with}," {say} {his} {kin}.

"How much is {a food} with {food.with}?" {say} {hero}. "For one {treasure.look} {treasure} you get {number2} {food.plural}," {say2} the {worker}.
{A worker} from the {worker.place} sold {tool.plural} for {tool.use}, and {a person} sold {toy.look} {toy.plural}.
There were {treasure.look} {treasure.plural}, {toy.look} {toy.plural} and {tool.plural} for {tool.use}, all in {colour} {container2} bags.
{A person} stood there with {person.his} {person.thing}. {Person.He} wanted {number2} {food2.plural} with {food2.with}.

@three
@three2

{He} met {friend} near the {instrument} player. "{Number3} {food3.plural} for one {treasure.look} {treasure}!" {say} {friend}.
{He} gave {number3} {food.plural} to {a animal}, though {animal.plural} like {animal.food} better.
{He} put the {food} and the {food2} into the {container} and went past the {place} on the way home.
{friend} had bought {a toy.look} {toy} and {number3} {toy2.look} {toy2.plural}.

@kin
@end

= bedtime
It was late, and {hero} was in bed, but {he} could not sleep. {He} was {woe}.
The moon was over the {place}. {hero} lay in {his} bunk and was {woe}.
"Time for bed," {say} {his} {kin}. But {hero} was not tired at all. {He} still wanted to {act} {act.how}.

"Tell me about the {person}," {say} {hero}. "The {person} had {a person.thing}," {say2} {his} {kin}, "and {person.he} loved {person.his} {person.thing}."
{His} {kin} put down {kin.his} {kin.thing} and told {him} about {a person} and {person.his} {person.thing}.
"Count {animal.plural}," {say} {his} {kin}. "{Number} {animal.plural} eating {animal.food}, {number2} {animal2.plural} eating {animal2.food}."
{He} heard a noise in the {room}. Was it {a singer}? "{Singer.sound}," went the {singer}.

{He} thought of {act.ing} {act.how}, and of {a quality} {quality.of}, and of {a quality.more} {quality.of}.
{He} held {his} {toy.look} {toy}. All {his} other {toy.look} {toy.plural} were in the {container}.
{He} drank some {drink} and put {his} {clothes} on the {furniture}.
@three2

Then {he} slept and dreamed. In {his} dream {he} {act2.past} {act2.how} with {number3} {animal3.plural}.
In {his} dream {he} was {a person} with {a colour} {person.thing}.
Soon {he} was asleep in the {trouble.mended} {trouble.of} of {his} dreams, where nothing was {trouble}.
{He} dreamed that {he} could {act2} {act2.how}, and that {act2.ing} {act2.how} was easy.

"Good night, {hero}," {say3} {his} {kin}.
In the morning {he} was {joy} and {act2.past} {act2.how}.
@end

= saying sorry
@child
@together

One {day} {hero} took the {toy.look} {toy} of {friend} without asking. {friend} was {woe}.
{hero} and {friend} both wanted the {toy.look} {toy}. They pulled and pulled, and it broke. Now both were {woe}.
{friend} laughed at the {colour} {clothes} of {hero}, and {hero} was {woe}.
"You cannot {act2} {act2.how}," {say} {friend}, and {hero} was {woe}.

"Go away!" {say2} {hero}. {He} ran into the {room} and sat behind the {furniture}.
"I do not want to play {game} with you," {say2} {hero}, and {his} {body} shook.
"I do not like you any more," {say2} {hero}. {He} felt {woe2} all through {day2}.

{His} {kin} saw it. {Kin.He} put down {kin.his} {kin.thing} and sat with {him}. "{Friend} is {woe2} too," {kin.he} {say3}.
Then {he} thought about {friend}, who had always been {manner2} and {manner2.adverb} {manner2.deed}.
{He} thought about it while {he} {act3.past} {act3.how}. It was no fun {act3.ing} {act3.how} alone.

So {he} went to {friend} with {a food} with {food.with}. "I am sorry," {he} {say}. "Me too," {say3} {friend}.
"I am sorry," {say} {hero}, and {he} gave {friend} {number} {toy2.look} {toy2.plural} in {a material} {container}.
{friend} came with {a treasure.look} {treasure} and said sorry. They were both {joy}.

They played {game} until the evening and ate {number2} {food2.plural} with {food2.with}.
@news
@three

@end

= a hidden treasure
@child
@together

In the {room} they found an old map. "Here is {a treasure.look} {treasure}!" {say} {friend}. It was near the {place2}.
"{A person} hid {number} {treasure.look} {treasure.plural} here," {say} {friend}. "{Person.He} hid them with {person.his} {person.thing}."
{hero} dug behind the {place2} with {a tool} for the {tool.use}. There was {a material} {container}!

First they went by {vehicle} to the {place2}. Then they {act2.past} {act2.how} as far as the {place3}.
They looked in the {dweller.home}, but there were only {dweller.plural} in it.
They had {tool.plural} for {tool.use}, {a material2} {container2} and {number2} {food.plural} with {food.with}.
@three

{A animal} was in the way. It was {colour} and very {quality2}. They gave it {animal.food}, for {animal.plural} love {animal.food}.
"Stop!" {say3} {a person} with {a person.thing}. But {person.he} was only {joy2} to see them.
@hurt
@three2

In the {container} lay {a treasure.look} {treasure}, {number3} {treasure2.look} {treasure2.plural} and {a colour2} {clothes}.
There it was: {a treasure.look} {treasure} as {quality} as {a quality.of}!
They opened it. It was full of {treasure.look} {treasure.plural}, and on top lay {a treasure2.look} {treasure2}.

They gave the {treasure2.look} {treasure2} to the {worker} of the {worker.place}, and {worker.he} put it next to {worker.his} {worker.tool}.
{hero} kept one {treasure.look} {treasure}, and {friend} got all the other {treasure.plural}.
@kin

@end

= a concert
@child

{He} played the {instrument} every {day}. {friend} played the {instrument2}, and {friend2} played the {instrument3}.
{hero} wanted to play the {instrument}, but {he} only had {a instrument2} made of {material}.
The {worker} from the {worker.place} had left {worker.his} {worker.tool} and {a instrument} in the {room}.

"You play the {instrument} too loudly," {say} {friend}. "The {instrument2} sounds better than the {instrument3}."
The {instrument} was {trouble}, and so was the {trouble.of}. Soon both were {trouble.mended}.
{He} practised in the {room}, in the {room2} and even in the {room3}. {His} {body} hurt, but {he} played on.
@news

On {day2} people came from the {place} and from the {place2}. {A person} came with {person.his} {person.thing}, and {person.he} sat down on a {material} {furniture}.
{hero} wore {a colour} {clothes}, and {friend} wore {a colour2} {clothes2}. They were {woe}.
Even {animal.plural} and {animal2.plural} came and listened. {A singer} sang along: "{Singer.sound}, {singer.sound}!"

{He} {manner.adverb} {manner.deed}, and then {he} played the {instrument}. Everybody was {joy}.
"That was the {quality.most} {quality.of} I ever heard about," {say} {his} {kin}, who had lost {kin.his} {kin.thing}.
After the concert there were {food.plural} with {food.with} and {drink} for all.
{friend2} played the {instrument3} and {act2.past} {act2.how}. How the people laughed!

@end
"""
