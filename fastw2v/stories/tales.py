"""The stories' plots about grown people of old tales and about animals; written as `beats.py` says.

Plain data, imports nothing.
"""

from __future__ import annotations

TALE_PLOTS = """
= a treasure is lost
Many years ago {a person} lived by the {place}. {Person.He} loved {person.his} {person.thing} more than \
anything.
Once upon a time there was {a person} who had {a person.thing} and {number} {treasure.look} {treasure.plural}.
In a land far away there lived {a person} and {a person2}. The {person} had {a person.thing}, and the \
{person2} had {a person2.thing}.
There was once {a manner} {person} who {manner.adverb} {manner.deed}. {Person.He} never went out without \
{person.his} {person.thing}.

{Person.He} was never {woe} as long as {person.he} had {person.his} {person.thing}.
{Person.His} {heir} lived there too. {Heir.He} had {a heir.thing} and was {joy} all the time.
Every {day} the {person} took {person.his} {person.thing} and {act.past} {act.how}.
The {person} wore {a colour} {clothes} made of {cloth}, and {person.he} always carried {person.his} \
{person.thing}.

But one {month.weather} {day} in {month} {person.his} {treasure.look} {treasure} was gone, and the {person} \
was {woe}.
One {day} {person.he} lost {person.his} {treasure.look} {treasure} near the {place2}. "I am {woe}," {say} \
the {person}.
One {day} the {person.thing} of the {person} was gone. {Person.He} was {woe} and {woe2}.

"I will give {number2} {treasure2.look} {treasure2.plural} to anyone who finds it," {person.he} {say}.
{Person.He} called {person.his} {heir}. {Heir.He} put down {heir.his} {heir.thing} and ran through the \
{place}.
{Person.He} sent for the {worker} of the {worker.place}, who came with {worker.his} {worker.tool}.
"Where is it?" {ask} the {person}. {Person.His} {heir} looked behind {heir.his} {heir.thing}, but it was \
not there.

{A person3} with {a person3.thing} came by. {Person3.He} looked in the {container} and behind the \
{furniture}, but {person3.he} found only {number2} {toy.look} {toy.plural}.
{A singer} saw it all. "{Singer.sound}!" it went, and ran to the {place2}. All {singer.plural} know the \
{place2}.
{A dweller} saw it all. It ran to its {dweller.home}, and all the {dweller.plural} came out to help.
People came by {vehicle} and by {vehicle2}. They asked {person.his} {kin} with {a kin.thing} and \
{a person2} with {a person2.thing}, but nobody had seen it.

@scene

In the {room}, in a little box made of {stuff2}, lay what they had lost.
At last the {heir} of {a worker} found it in the {dweller.home}. {Heir.He} had only looked for {heir.his} \
{heir.thing}.
A child named {hero} found it behind the {furniture2}. {He} {manner2.adverb} took it back.

The {person} gave everybody {number2} {food.plural} with {food.with}, and {a treasure2.look} {treasure2} too.
"Thank you," {say} the {person}. {Person.He} smiled and lifted {person.his} {person.thing}.
That evening they ate {dish} and {food.plural} with {food.with}, and the {person} {act.past} {act.how}.

The {person} was {joy} for the rest of {person.his} days.
And if {person.he} has not lost it again, {person.he} has it still.
From then on {person.he} kept {person.his} {person.thing} in a little box made of {stuff}.

= the most of all
Once there was {a person} who wanted the {quality.most} {quality.of} in the world. One day {a person2} came \
by with {a person2.thing}.
{A person} and {a person2} lived near the {place}. One day they began to argue.
Many years ago, in {month}, {a person} met {a person2}. The {person} had {a person.thing}, but {person.he} \
was {woe}.
There lived {a person} who thought about nothing but {person.his} {person.thing} and {a quality} \
{quality.of}. Next door lived {a person2} with {person2.his} {person2.thing}.

"My {quality.of} is {quality}," {say} the {person}. "Mine is {quality.more}," {say} the {person2}. "It is \
the {quality.most} {quality.of} of all."
"I have {a quality} {quality.of}," {say} the {person}. "But I want {a quality.more} {quality.of}. I want \
the {quality.most} {quality.of} of all."
The {person2} had {a quality.more} {quality.of} than the {person}, and everybody said it was the \
{quality.most} {quality.of} there was.

"Then show it to me!" {say} the {person2} {manner2.adverb}. The {person} took {person.his} {person.thing}, \
the {person2} took {person2.his} {person2.thing}, and off they went to the {place2}.
"You can have my {person.thing}," {say} the {person}, but the {person2} only looked at {person2.his} \
{person2.thing}.
The {heir} of the {person} came with {heir.his} {heir.thing}. "Do not fight," {heir.he} {say}.
{Person.He} went in {a vehicle.look} {vehicle} to the {place2}, with {person.his} {person.thing} in a \
little box made of {stuff}.

@scene

There they saw {a quality2} {quality2.of}. It was {quality2.more} than any other in their own land.
On the way stood {a quality2} {quality2.of}, the {quality2.most} {quality2.of} they had ever seen. And \
behind it was {a quality2.more} one!
There {a person3} with {a person3.thing} showed them {a quality2} {quality2.of}. "I know {a quality2.more} \
one," {person3.he} {say}.

"The {quality.most} {quality.of} is mine," {say} {a worker}, and {worker.he} picked up {worker.his} \
{worker.tool}.
"{A person} does not need the {quality.most} {quality.of}," {say} {person.his} {kin}, and {kin.he} looked \
for {kin.his} {kin.thing}. "{Dish} and {drink} are enough."
"What good is the {quality.most} {quality.of} to {a woe} {person}?" {ask} {a animal}. "We {animal.plural} \
have our {animal.food}, and we are {joy}."

The {person} thought about it while {person.he} {act.past} {act.how}. Then {person.he} was {joy}.
Then the {person} gave {person.his} {person.thing} away and bought {a food} with {food.with}. {Person.He} \
was {joy} at last.
They laughed, ate {number} {food.plural} with {food.with} and played {game}, and the {person2} let the \
{person} hold {person2.his} {person2.thing}.

They lived in peace, and nobody wanted anything {quality.more}.
And that is why nobody there ever talks about the {quality.most} {quality.of}.
So they were friends, and they {act.past} {act.how} every {day}.

= grown child
{A person} had {number} children, but {person.he} loved {person.his} {heir} best.
The {heir} of {a person} was {manner}. {Heir.He} once {manner.adverb} {manner.deed}, and {heir.he} always \
{act.past} {act.how}.
Once {a person} said to {person.his} {heir}: "You must learn to {act} {act.how}."
{A worker} at the {worker.place} lived with {worker.his} {heir}. {Heir.He} could not find {heir.his} \
{heir.thing}.

"I cannot {act} {act.how}," {say} the {heir}, and {heir.he} threw {heir.his} {heir.thing} on the {furniture}.
The {heir} liked {act.ing} {act.how} more than {heir.his} {heir.thing}.
{Heir.He} took {heir.his} {heir.thing} and went to the {place}, where {heir.he} {act.past} {act.how}.

There {heir.he} met {heir.his} {kin}, who was looking {manner.adverb} for {kin.his} {kin.thing}.
There {heir.his} {kin} sat with {kin.his} {kin.thing}. "I am {woe}," {kin.he} {say}, "for I have lost my \
{treasure.look} {treasure}."
At the {place} {heir.he} saw {a person2} with {person2.his} {person2.thing}, who {act2.past} {act2.how}.
{A parent} came out of the {parent.home} with a little {parent.young}. "{Parent.plural} are never {woe}," \
{say} {heir.his} {kin}.

"Take this {container}," {say} {heir.his} {kin}, and {kin.he} lifted {kin.his} {kin.thing}. "In it is \
{a treasure.look} {treasure}."
So they {act2.past} {act2.how} and {act3.past} {act3.how} until {heir.he} forgot {heir.his} {heir.thing}. \
Then {heir.his} {kin} came with {kin.his} {kin.thing}.
"{Act.ing} {act.how} is much like {act3.ing} {act3.how}," {say} {heir.his} {kin}, and {kin.he} put on \
{kin.his} {clothes}.

@scene

In the evening {heir.he} came home with {heir.his} {heir.thing} and {number2} {plant.look} {plant.plural}.
When {month} came, the {heir} {act.past} {act.how} as well as anybody. {Heir.He} was {joy}.
{Heir.his} {kin} laughed and gave {heir.him} {number2} {food.plural} with {food.with}. {Kin.He} had kept \
them under {kin.his} {kin.thing}.

"I am {joy}," {say} the {heir}, and {heir.he} put away {heir.his} {heir.thing}.
Then the {heir} and {heir.his} {kin} ate {dish} and drank {drink}, and all was well.
And {heir.he} never again forgot how to {act} {act.how}.

= a young one is lost
{A parent} lived in the {parent.home} with a little {parent.young}. They ate {parent.food} all day.
In the {parent.home} near the {place} lived {a parent}. It had {number} little ones, and one little \
{parent.young} was called {hero}.
Once {a parent} had {a manner} {parent.young} that liked {parent.food}.
There was once {a parent.young} that lived with the other {parent.plural} in the {parent.home}.

One {month.weather} {day} the {parent.young} {romp.past} {romp.how} and got lost near the {place}.
One {day} the {parent.young} went out of the {parent.home} to look for {parent.food}. It did not come back.
"Stay in the {parent.home}," {say} the {parent}. But the {parent.young} wanted to {romp} {romp.how}.
In {month} the {parent.young} left the {parent.home} alone. It wanted to see the {place2}.

@scene

It met {a singer}. "{Singer.sound}, {singer.sound}," went the {singer}. "{Singer.plural} never get lost."
It came to the {dweller.home}, where {number2} {dweller.plural} lived. "Do you have {parent.food}?" {ask} \
the {parent.young}. "We {dweller.plural} eat {dweller.food}," {say} {a dweller}.
First it saw {a colour} {vehicle}. Then it saw {number2} {vehicle2.look} {vehicle2.plural}. The \
{parent.young} was {woe}.
It saw {a plant.look} {plant} and hid under it. It was {woe}, and its {body} hurt. Then it {romp2.past} \
{romp2.how}.

The {parent} was {woe} and looked for the {parent.young} at the {place}, at the {place2} and behind the \
{plant.look} {plant.plural}.
All the {parent.plural} came out of the {parent.home} and looked for the {parent.young}.
"Where is my {parent.young}?" {ask} the {parent}, and it forgot all about its {parent.food}.
A girl with {a tool} heard the {parent.young}. "Go back to the {parent.home}," she {say}, "and eat your \
{parent.food}."

{A person} with {a person.thing} had seen it. {Person.He} {manner2.adverb} took the {parent.young} home and \
forgot {person.his} {person.thing}.
Then a friendly {animal} showed it the way. "{Animal.plural} know where {parent.plural} live," {say} the \
{animal}, and it ate its {animal.food}.
A child named {hero} put it into a little box made of {stuff} and took it back to the {parent.home}.

"There you are!" {say} the {parent}, and it gave the {parent.young} all the {parent.food} it could find.
The {parent.young} ate {parent.food}, and soon it was asleep in the {parent.home}.
Now all the {parent.plural} were {joy}, and the {parent.young} never left the {parent.home} alone again.

= who is it
{A singer} and {a singer2} met at the {place}. "{Singer.sound}," said the {singer}. "{Singer2.sound}," said \
the {singer2}.
Once all the {singer.plural} and all the {singer2.plural} lived together at the {place}.
There was {a manner} {singer} that could only say "{singer.sound}". It lived at the {place} with {number} \
{singer2.plural}.
{A colour} {singer} sat with {a singer2} under {a plant.look} {plant} and ate {singer.food}. \
"{Singer.sound}!" it went.

"{Singer.sound} is not a word," {say} the {singer2}, and it laughed. "{Singer2.plural} say {singer2.sound}."
"Give me your {singer.food}," {say} the {singer2}. "No," {say} the {singer}, "{singer2.plural} eat \
{singer2.food}."
"Why do {singer.plural} say {singer.sound}?" {ask} the {singer2}. "Because {singer.plural} eat \
{singer.food}," {say} the {singer}.
One {day} the {singer} and the {singer2} wanted to {romp} {romp.how}.

@scene

But the {singer} was {woe}, for it had hurt its {body}. It could not {romp} {romp.how}.
The {singer} {romp.past} {romp.how}, and the {singer2} {romp2.past} {romp2.how}. But then they were {woe}.
Then {a person} came with {a person.thing}. {Person.He} looked at the {singer.plural} and was {woe}.
Then {a dweller} looked out of its {dweller.home}. "Can you {singer.plural} never be still?" it {ask}. "All \
{dweller.plural} are asleep!"

"{Singer.sound}!" went all the {singer.plural}, and "{singer2.sound}!" went all the {singer2.plural}. What \
a noise!
"Let us stop {romp.ing} {romp.how}," {say} the {singer} {manner.adverb}. The {singer2} nodded \
{manner2.adverb}.
They came to {a quality2} {quality2.of}, and behind it was {a quality2.more} one. The {singer2} saw the \
{quality2.most} {quality2.of} of all.
They went to see the {parent}, who lived with a little {parent.young} in the {parent.home}. The \
{parent.young} gave them some {parent.food}.

So the {singer} ate {singer2.food}, the {singer2} ate {singer.food}, and both were {joy}.
In the end they shared {number} {food.plural} with {food.with}, though {singer.plural} like {singer.food} \
best.
So the {singer} ran home by the {place2}, and the {singer2} {romp.past} {romp.how}.

"{Singer.sound}," said the {singer}, and it was {joy}.
To this day, {singer.plural} say "{singer.sound}" and {singer2.plural} say "{singer2.sound}".
And in {month}, when it is {month.weather}, you can hear the {singer.plural} from far away.

= a new home
{A dweller} was {woe}. "I do not like the {dweller.home}," it {say}. "It is no good any more."
There was {a manner} {dweller} that lived in the {dweller.home}. All {dweller.plural} live in such a place.
Near the {place} lived {number} {dweller.plural}. One of them wanted to leave the {dweller.home}.

So the {dweller} left the {dweller.home}, took some {dweller.food} and went to the {place2}.
"I will find a better home," {say} the {dweller} {manner2.adverb}, and it ate the last {dweller.food}.
One {month.weather} {day} it {romp.past} {romp.how} and came to {a quality2} {quality2.of}.

It came to the {dweller2.home}. "Can I live here?" {ask} the {dweller}. "Only {dweller2.plural} live here," \
{say} {a dweller2}, "and we eat {dweller2.food}."
It went into the {dweller2.home}, but all it found there was {dweller2.food}. The {dweller2} was {woe} and \
sent it away.
It asked {a dweller2}. "Live with us {dweller2.plural} in the {dweller2.home}," {say} the {dweller2}. But \
there it was too crammed.

Then it slept in a little box made of {stuff}, but all it could do there was to {romp} {romp.how}.
Then it came to the house of {a person}. {Person.He} chased it away with {person.his} {person.thing}.
Next it tried the {worker.place}, but the {worker} came with {worker.his} {worker.tool}. "No \
{dweller.plural} at the {worker.place}!" {worker.he} {say}.
On the {furniture} in the {room} it found {a food} with {food.with}, but {dweller.plural} like \
{dweller.food} better.

@scene

So it went back home. The {dweller.home} was the best place in the world, and there was always some \
{dweller.food} to eat.
In {month2} it went back. "How I have missed the {dweller.home} and the {dweller.food}!" it {say}.
The other {dweller.plural} were {joy} to see it, and they {romp2.past} {romp2.how} to celebrate.

Now the {dweller} is {joy} in the {dweller.home}.
"There is no place like the {dweller.home}," say the {dweller.plural}, and they eat their {dweller.food}.
And it never wanted to leave again.

= a friend from far away
{A person} lived alone near the {place}. {Person.He} had only {person.his} {person.thing} and {a parent} \
with {a parent.young}.
Once there was {a manner} {person} who had no friends but {a vehicle.look} {vehicle} and {person.his} \
{person.thing}.
Every {day} {a person} sat in {person.his} {room} with {person.his} {person.thing}. {Person.He} was {woe}.
Near the {place} lived {a manner} {person} with {person.his} {heir}. {Heir.He} always carried {heir.his} \
{heir.thing}.

One {day} in {month} {a vehicle2.look} {vehicle2} stopped at the door. In it sat {a person2} with \
{person2.his} {person2.thing}.
One {month.weather} {day} {a person2} came by with {number} {vehicle2.look} {vehicle2.plural}. {Person2.He} \
had {a person2.thing}.
Then {a person2} moved in next door. {Person2.He} brought {person2.his} {person2.thing} and {number} \
{plant.look} {plant.plural}.

"Who are you?" {ask} the {person}. "I am {a person2}," {say} the {person2} {manner2.adverb}, and \
{person2.he} held up {person2.his} {person2.thing}.
"Come in," {say} the {person}, and {person.he} put down {person.his} {person.thing}. "Do you like \
{food.plural} with {food.with}?"
The {person2} had hurt {person2.his} {body}. The {person} {manner2.adverb} gave {person2.him} {dish} and \
{drink}.
"I have lost my way," {say} the {person2}, "and all I have is {a person2.thing}." The {person} smiled \
{manner2.adverb}.

@scene

They {act2.past} {act2.how} together, and the {person2} told {person.him} about {a quality} {quality.of}. \
"But at home we have {a quality.more} one," {person2.he} {say}.
"Can you {act2} {act2.how}?" {ask} the {person2}. The {person} {act2.past} {act2.how}, and then both of \
them {act3.past} {act3.how}.
The {person} played the {instrument}, and the {person2} played the {instrument2}. Even the {animal.plural} \
forgot their {animal.food} and listened.
The {trouble.of} was {trouble}. The {person2} worked {manner3.adverb}, and soon the {trouble.of} was \
{trouble.mended}.

In {month2} the {person2} had to leave. {Person2.He} gave the {person} {person2.his} {person2.thing}, and \
the {person} gave {person2.him} {person.his} {person.thing}.
"Stay here," {say} the {person}. So the {person2} put {person2.his} {person2.thing} next to the \
{person.thing} of the {person}, and {person2.he} stayed.
Soon {number2} more people came, {a person3} with {person3.his} {person3.thing} and {a worker} with \
{worker.his} {worker.tool}. Nobody was {woe}.

Now the {person} is never alone, and {person.he} is {joy}.
And on every {day2} they eat {number3} {food2.plural} with {food2.with} together.
So the {person} and the {person2} became friends, and {act2.ing} {act2.how} was always more fun for two.
"""
