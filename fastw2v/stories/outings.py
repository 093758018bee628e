"""The stories' plots about children who go out; written as `beats.py` says.

Plain data, imports nothing.
"""

from __future__ import annotations

OUTING_PLOTS = """
= a trip
@child
@together

One morning they took {a vehicle.look} {vehicle} to the {place2}.
{His} {kin} had {a vehicle.look} {vehicle}. "Let's go to the {place2}," {kin.he} {say}, and {kin.he} packed \
{kin.his} {kin.thing}.
They waited for the {vehicle.look} {vehicle}. {Number} {vehicle2.look} {vehicle2.plural} went by before the \
{vehicle} came.
"Shall we go by {vehicle} or by {vehicle2}?" {ask} {friend}. They took the {vehicle.look} {vehicle}.

From the window {he} saw {vehicle2.look} {vehicle2.plural}, {number} {animal.plural} and {a plant.look} \
{plant}.
{hero} counted {number} {vehicle2.look} {vehicle2.plural} and {number2} {vehicle.look} {vehicle.plural} on \
the way.
The {vehicle.look} {vehicle} was packed with people. {A worker} with {worker.his} {worker.tool} sat next to \
{hero}. {Worker.He} worked at the {worker.place}.
Behind the {place} {a vehicle2.look} {vehicle2} had stopped, and people stood around it.

@three2

@scene

At the {place2} they {act2.past} {act2.how}, and {friend} showed {him} the {place3}.
When they came to the {place2}, it was {month.weather}. They {act2.past} {act2.how} anyway.
The {place2} was near the {place3}. There they saw {dweller.plural} in the {dweller.home} eating \
{dweller.food}.
{A plant.look} {plant} grew at the {place2}, and {animal2.plural} looked for {animal2.food} under it.

@snack
@hurt
@end

= a visit to work
@child
@together
@habit

{His} {kin} knew {a worker}. That afternoon they went to see {worker.him} at the {worker.place}. \
{Worker.He} showed them {worker.his} {worker.tool}.
{hero} wanted to be {a worker} and work at the {worker.place}. {He} wanted to have {a worker.tool}.
{He} knew all about the {worker}, who worked at the {worker.place}, and about the {worker2}, who worked at \
the {worker2.place}.
On {day2} {hero} went past the {worker.place}. {A worker} stood there with {worker.his} {worker.tool}.

"What does {a worker} do?" {ask} {hero}. "I use my {worker.tool}," {say} the {worker}, and {worker.he} \
laughed.
The {worker} of the {worker.place} needed help with {worker.his} {worker.tool}. "I can help," {say} {hero} \
{manner2.adverb}.
"Come into the {worker.place}," {say} the {worker}. "Do you want to see my {worker.tool}?"
The {worker} had lost {worker.his} {worker.tool}, and {worker.he} looked {woe}. {hero} {manner2.adverb} \
went to find it.

In the {worker.place} there were {number} {tool.plural} for {tool.use}, and {number2} {tool2.plural} for \
{tool2.use} on {a material} {furniture}.
In came {a worker2} from the {worker2.place} with {worker2.his} {worker2.tool}. {Worker2.He} wanted \
{number} {tool.plural} for {tool.use}.
They went from the {worker.place} to the {worker2.place}, where {a worker2} showed them {worker2.his} \
{worker2.tool}.
@news

"One day I will be {a worker} too," {say} {hero}. "Then I will have {a worker.tool} of my own."
The {worker} gave {him} {a treasure.look} {treasure} for {his} help, and {hero} took it home in {a container}.

@mend

@snack

@end

= a walk in the rain
One {month.weather} {day} in {month}, {hero} and {his} friend {friend} sat in the {room} and were {woe}.
It had been {month.weather} since {day}. {hero} and {friend} sat in the {room}. {hero} was {woe}, because \
{he} wanted to {act} {act.how}.
{hero} liked {month.weather} days in {month}, for then {he} and {friend} {act.past} {act.how}.

"Put on your {clothes} and your {clothes2}," {say} {his} {kin}, who was looking for {kin.his} {kin.thing}.
{He} put on {his} {colour} {clothes}, took {his} {cloth} {clothes2} and went to the {place}.
"You need {a colour} {clothes}," {say} {friend}. "Mine is {colour2}, and it is made of {cloth}."

Outside they saw that the {trouble.of} was {trouble} and the {trouble2.of} was {trouble2}. "It was \
{trouble.mended} on {day2}," {say} {friend}.
The {trouble.of} was {trouble}, but they did not want it to be {trouble.mended}. They {manner2.adverb} \
{act2.past} {act2.how}.
On the path they met {number} {dweller.plural}. The {dweller.plural} were on their way to the {dweller.home}.
{A dweller} looked out of its {dweller.home}. It was too {month.weather} even for {dweller.plural}.

@news
@hurt

Back at home {he} hung {his} {clothes} on the {furniture} and drank {drink}. The {colour2} {clothes2} went \
into the {room2}.
When {he} came home, {his} {kin} gave {him} {dish} and {a food} with {food.with}. {Kin.He} had found \
{kin.his} {kin.thing}.
In the warm {room} {he} ate {dish} and played the {instrument}.

@end

= at the market
@child
@together
@wear

{His} {kin} sent {him} to the market to buy {number} {food.plural} with {food.with}.
{hero} went to the market with {number} {treasure.look} {treasure.plural} in a little box made of {stuff}.
"We need {food.plural} with {food.with}, some {dish} and {a food2} with {food2.with}," {say} {his} {kin}.

"How much is {a food} with {food.with}?" {ask} {hero}. "For one {treasure.look} {treasure} you get \
{number2} {food.plural}," {say} the {worker} from the {worker.place}.
{A worker} from the {worker.place} sold {tool.plural} for {tool.use}, and {a person} sold {toy.look} \
{toy.plural}.
There were {treasure.look} {treasure.plural}, {toy.look} {toy.plural} and {tool.plural} for {tool.use}, all \
on one {colour} {furniture}.
{A person} stood there with {person.his} {person.thing}. {Person.He} wanted {number2} {food2.plural} with \
{food2.with}.

@three
@scene

{He} met {friend}, who was playing the {instrument}. "{Number3} {food3.plural} for one {treasure.look} \
{treasure}!" {say} {friend}.
{He} gave {number3} {food.plural} to {a animal}, though {animal.plural} like {animal.food} better.
{He} put {a food} with {food.with} and {number3} {toy.look} {toy.plural} into the {container} and went past \
the {place} on the way home.
{friend} had bought {a toy.look} {toy} and {number3} {toy2.look} {toy2.plural}.

@mend
@kin
@end

= a hidden treasure
@child
@together

In the {room} they found a map. "Here is {a treasure.look} {treasure}!" {say} {friend}. It was near the \
{place2}.
"{A person} hid {number} {treasure.look} {treasure.plural} here," {say} {friend}. "{Person.He} hid them \
with {person.his} {person.thing}."
{hero} dug behind the {place2} with {a tool}, though {tool.plural} are for {tool.use}. There was \
{a colour3} {container}!

First they went by {vehicle} to the {place2}. Then they went on to the {place3}, where they {act2.past} \
{act2.how}.
They looked in the {dweller.home}, but there were only {dweller.plural} in it.
They had {tool.plural} for {tool.use}, a little box made of {stuff2} and {number2} {food.plural} with \
{food.with}.
@three
@scene

{A animal} was in the way. It was {colour} and very {woe}. They gave it {animal.food}, for {animal.plural} \
love {animal.food}.
"Stop!" {say} {a person} with {a person.thing}. But {person.he} was only {joy2} to see them.
@mend

In the {container} lay {a treasure.look} {treasure}, {number3} {treasure2.look} {treasure2.plural} and \
{a colour2} {clothes}.
There it was: {a treasure.look} {treasure}, brighter than all the {treasure2.look} {treasure2.plural} in \
the world!
They opened it. It was filled with {treasure.look} {treasure.plural}, and on top lay {a treasure2.look} \
{treasure2}.

They gave the {treasure2.look} {treasure2} to the {worker} of the {worker.place}, and {worker.he} put it \
next to {worker.his} {worker.tool}.
{hero} kept one {treasure.look} {treasure}, and {friend} got all the other {treasure.plural}.
@kin

@end

= a concert
@child
@together

{He} played the {instrument} every {day}. {His} friend {friend} played the {instrument2}, and {his} {kin} \
played the {instrument3}.
{hero} wanted to play the {instrument}, but {he} only had {a instrument2} made of {material}.
The {worker} from the {worker.place} had left {worker.his} {worker.tool} and {a instrument} in the {room}.

"You play the {instrument} too loudly," {say} {friend}. "The {instrument2} sounds better than the \
{instrument3}."
"Let us play in the {room}," {say} {friend} {manner2.adverb}. But first they {act3.past} {act3.how}.
{He} practised in the {room}, in the {room2} and even in the {room3}. {His} {body} hurt, but {he} played on.
@news

On {day2} people came from the {place} and from the {place2}. {A person} came with {person.his} \
{person.thing}, and {person.he} sat down on {a material} {furniture}.
{hero} wore {a colour} {clothes}, and {friend} wore {a colour2} {clothes2}. They were {woe}.
Even {animal.plural} and {animal2.plural} came and listened. {A singer} sang along: "{Singer.sound}, \
{singer.sound}!"

{He} looked {woe2}, but then {he} {manner2.adverb} played the {instrument}. Everybody was {joy}.
"That was the best concert I ever heard," {say} {his} {kin}, and {kin.he} dropped {kin.his} {kin.thing}.
After the concert there were {food.plural} with {food.with} and {drink} for all.
{friend} played the {instrument3} while {hero} {act2.past} {act2.how}. How the people laughed!

@end
"""
