"""Word lists about things: toys, tools, vehicles, treasures, the house, colours, numbers, games, what can go wrong.

Plain data, one entry a line, most frequent first; the comment above a list names its columns. `words.py` reads the lists.
Imports nothing.
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
saw | saws | planks
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
trowel | trowels | cement
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
rocket | rockets | blasting
canoe | canoes | paddled
carriage | carriages | horsedrawn
ferry | ferries | seagoing
tram | trams | clanging
motorcycle | motorcycles | revving
sled | sleds | gliding
submarine | submarines | diving
raft | rafts | drifting
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
amulet | amulets | mysterious
"""

FURNITURE = """
table chair sofa desk shelf cupboard bench dresser wardrobe stool armchair bookcase couch cabinet sideboard bunk
"""

ROOMS = "kitchen bedroom attic cellar hallway bathroom pantry nursery basement playroom porch laundry lounge"

CONTAINERS = "box bag jar drawer bucket chest sack crate bottle tin barrel bowl satchel hamper trunk pouch"

COLOURS = "red blue green yellow white brown black pink purple grey golden silver turquoise crimson beige maroon"

MATERIALS = """
wood stone glass paper clay iron straw leather wool brick copper cotton silk cardboard bronze wax plastic
"""

INSTRUMENTS = """
piano violin flute guitar drum trumpet harp cello banjo clarinet harmonica trombone accordion fiddle tuba tambourine
xylophone recorder
"""

GAMES = """
tag chess football checkers tennis hopscotch soccer basketball cards baseball hockey badminton bingo charades
"""

NUMBERS = "two three four five six seven eight nine ten eleven twelve twenty thirty fifty"

DAYS = "Saturday Sunday Monday Friday Wednesday Thursday Tuesday"

# what went wrong | what it should be | of what
TROUBLES = """
dirty | clean | kitchen floor, staircase
wet | dry | towel, tent
empty | full | water tank, larder
messy | tidy | toy corner, study
broken | fixed | front gate, handle
rusty | shiny | bike chain, weathervane
dim | radiant | oil lamp, bulb
loose | tight | fishing knot, hinge
crooked | straight | garden fence, picture frame
closed | open | back window, gateway
locked | unlocked | iron door, padlock
blunt | sharp | bread knife, pencil
bumpy | level | dirt road, pitch
cold | warm | fireplace, radiator
dark | bright | passage, landing
torn | mended | cloth curtain, sail
cracked | whole | china plate, vase
tangled | neat | ball of yarn, kite string
poor | rich | old beggar, widow
sick | healthy | little patient, nurse
sour | sweet | berry jam, sauce
noisy | silent | water pump, fan
dull | colourful | school poster, mural
flat | round | front tyre, air mattress
frozen | thawed | garden tap, birdbath
wilted | blooming | window box, flowerbed
"""
