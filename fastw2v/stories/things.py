"""Word lists about things: toys, tools, vehicles, treasures, the house, games, what can go wrong.

Plain data, one entry a line, most frequent first; the comment above a list names its columns, and `-` stands where an
entry has no such word. `words.py` reads the lists.
"""

from __future__ import annotations

# singular | plural | what marks it
TOYS = """
ball | balls | bouncy
doll | dolls | porcelain
kite | kites | fluttering
robot | robots | clockwork
balloon | balloons | floaty
puzzle | puzzles | tricky
puppet | puppets | stringed
block | blocks | stackable
marble | marbles | swirly
frisbee | frisbees | whirling
skateboard | skateboards | speedy
dinosaur | dinosaurs | toothy
dollhouse | dollhouses | furnished
boomerang | boomerangs | curved
hoop | hoops | hula
slingshot | slingshots | stretchy
domino | dominoes | dotted
yoyo | yoyos | spinning
"""

# singular | plural | what it is for
TOOLS = """
hammer | hammers | nails
plough | ploughs | furrows
ladder | ladders | gutters
shovel | shovels | gravel
wrench | wrenches | bolts
brush | brushes | varnish
screwdriver | screwdrivers | screws
rake | rakes | weeds
needle | needles | thread
axe | axes | logs
broom | brooms | cobwebs
drill | drills | holes
wheelbarrow | wheelbarrows | manure
mop | mops | spills
crowbar | crowbars | lids
chisel | chisels | carvings
sponge | sponges | suds
"""

# singular | plural | what marks it
VEHICLES = """
car | cars | honking
bus | buses | crowded
train | trains | steaming
boat | boats | rocking
truck | trucks | rumbling
bicycle | bicycles | squeaky
plane | planes | soaring
van | vans | rented
wagon | wagons | creaking
taxi | taxis | chequered
tractor | tractors | muddy
helicopter | helicopters | hovering
scooter | scooters | zippy
canoe | canoes | paddled
carriage | carriages | horsedrawn
tram | trams | clanging
ferry | ferries | seagoing
"""

# singular | plural | what marks it
TREASURES = """
coin | coins | ancient
ring | rings | engraved
necklace | necklaces | beaded
gem | gems | glinting
pearl | pearls | milky
diamond | diamonds | dazzling
bracelet | bracelets | braided
emerald | emeralds | mossy
locket | lockets | hinged
goblet | goblets | jewelled
medal | medals | victorious
brooch | brooches | pinned
statue | statues | carved
sapphire | sapphires | starry
"""

FURNITURE = """
table chair sofa desk shelf cupboard bench dresser wardrobe stool armchair bookcase couch cabinet sideboard
bunk
"""

ROOMS = "kitchen bedroom attic cellar hallway bathroom pantry nursery basement playroom porch laundry lounge"

CONTAINERS = "box bag jar drawer bucket chest sack crate bottle tin barrel bowl satchel hamper trunk pouch"

COLOURS = "red blue green yellow white brown black pink purple grey golden silver turquoise crimson beige maroon"

# What clothes are made of, and what boxes are made of.
CLOTH = "wool cotton silk leather"
STUFF = "wood stone glass iron clay paper copper brick cardboard bronze plastic"

INSTRUMENTS = """
piano violin flute guitar drum trumpet harp cello banjo clarinet harmonica trombone accordion fiddle tuba
tambourine xylophone recorder
"""

GAMES = """
tag chess football checkers tennis hopscotch soccer basketball cards baseball hockey badminton bingo
charades
"""

NUMBERS = "two three four five six seven eight nine ten eleven twelve twenty thirty fifty"

DAYS = "Saturday Sunday Monday Friday Wednesday Thursday Tuesday"

# what went wrong | what it should be | of what
TROUBLES = """
dirty | clean | floor, staircase
wet | dry | towel, tent
empty | full | tank, larder
messy | tidy | study, doghouse
broken | fixed | gate, handle
rusty | shiny | chain, weathervane
dim | radiant | bulb, spotlight
loose | tight | knot, hinge
crooked | straight | fence, picture
closed | open | window, shutter
locked | unlocked | safe, padlock
blunt | sharp | knife, pencil
bumpy | level | road, pitch
cold | warm | fireplace, radiator
dark | bright | passage, landing
torn | mended | curtain, flag
cracked | whole | plate, vase
tangled | neat | rope, string
noisy | silent | engine, fan
dull | colourful | poster, mural
flat | round | tyre, airbed
frozen | thawed | tap, birdbath
wilted | blooming | flowerbed, shrub
"""
