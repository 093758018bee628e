"""Word lists about doing and comparing: actions with their forms and what they are done to, qualities with their degrees.

Plain data, one entry a line, most frequent first; the comment above a list names its columns. `words.py` reads the lists.
Imports nothing.
"""

from __future__ import annotations

# base | past | ing form | what one does it to, or where
ACTIONS = """
jump | jumped | jumping | over the stile, on the mattress
run | ran | running | around the track, after the ice cream cart
sing | sang | singing | a lullaby, in the choir
swim | swam | swimming | across the bay, with armbands
dance | danced | dancing | to the music, a waltz
draw | drew | drawing | a portrait, a map with crayons
climb | climbed | climbing | up the rope, over the boulders
build | built | building | a sandcastle, a treehouse
walk | walked | walking | along the footpath, around the block
ride | rode | riding | on the carousel, without stabilisers
bake | baked | baking | a loaf, some scones
paint | painted | painting | the bedroom wall, with watercolours
dig | dug | digging | a trench, in the sandpit
write | wrote | writing | a poem, a postcard
throw | threw | throwing | snowballs, darts at the target
catch | caught | catching | fireflies, the high throws
wash | washed | washing | the dishes, the windscreen
sweep | swept | sweeping | the chimney, the doorstep
fly | flew | flying | a glider, over the clouds
kick | kicked | kicking | the penalty, into the goal
skate | skated | skating | on the rink, on thin ice
hop | hopped | hopping | on one leg, like a pogo stick
cook | cooked | cooking | a casserole, supper on the campfire
carve | carved | carving | a wooden spoon, letters into a stick
knit | knitted | knitting | a blanket, some mittens
count | counted | counting | the stars, to a hundred
crawl | crawled | crawling | through the tunnel, under the fence
row | rowed | rowing | the dinghy, upstream
juggle | juggled | juggling | three beanbags, some clubs
tell | told | telling | a joke, ghost stories
pick | picked | picking | blackberries, wildflowers
sew | sewed | sewing | a button, a patchwork quilt
chase | chased | chasing | the bubbles, butterflies
slide | slid | sliding | down the banister, down the chute
gather | gathered | gathering | firewood, pinecones
collect | collected | collecting | seashells, stamps
sail | sailed | sailing | around the buoy, a yacht
tiptoe | tiptoed | tiptoeing | past the watchman, in slippers
feed | fed | feeding | the pigeons, the goldfish
hum | hummed | humming | a melody, along with the radio
stir | stirred | stirring | the batter, the cauliflower sauce
push | pushed | pushing | the swing, the stroller
pull | pulled | pulling | the sledge, on the reins
solve | solved | solving | a riddle, the mystery
blow | blew | blowing | soap bubbles, into the bagpipes
dive | dived | diving | off the springboard, to the seabed
fold | folded | folding | the laundry, tiny napkins
mix | mixed | mixing | the dough, magic potions
hike | hiked | hiking | along the trail, up the ridge
explore | explored | exploring | the ruins, the rainforest
polish | polished | polishing | the silverware, the boots
chop | chopped | chopping | the celery, the firewood
wrap | wrapped | wrapping | the presents, the parcels
weave | wove | weaving | a rug, on the loom
float | floated | floating | on an airbed, on a log
tickle | tickled | tickling | the baby, the toddler
stack | stacked | stacking | the dominoes, the plates
roll | rolled | rolling | down the slope, a giant snowball
balance | balanced | balancing | on the beam, on a tightrope
spin | spun | spinning | on the ice rink, like a top
camp | camped | camping | under canvas, beside the campfire
teach | taught | teaching | the alphabet, a trick
decorate | decorated | decorating | the ballroom, the tree with tinsel
surf | surfed | surfing | on the waves, on a longboard
splash | splashed | splashing | in the bathtub, in the paddling pool
wave | waved | waving | a flag, at the passengers
grow | grew | growing | sweetcorn, herbs on the windowsill
peel | peeled | peeling | the sprouts, the shrimps
pour | poured | pouring | the gravy, the batter into cups
shake | shook | shaking | the maracas, the money box
ski | skied | skiing | down the slope, with poles
hang | hung | hanging | the washing, paper lanterns
trim | trimmed | trimming | the bushes, the moustache
mow | mowed | mowing | the lawn, the verge
recite | recited | reciting | a rhyme, the alphabet backwards
wrestle | wrestled | wrestling | on the mat, with big cousins
invent | invented | inventing | a gadget, a secret language
pretend | pretended | pretending | to be pirates, to be astronauts
study | studied | studying | the atlas, for the exam
scrub | scrubbed | scrubbing | the bathtub, the tiles
photograph | photographed | photographing | the sunset, the scenery
"""

# quality | more | most | of what
QUALITIES = """
big | bigger | biggest | house, parade
small | smaller | smallest | cottage, pebble
tall | taller | tallest | skyscraper, steeple
fast | faster | fastest | racer, runner
old | older | oldest | clock, legend
long | longer | longest | ribbon, journey
strong | stronger | strongest | wrestler, rope
deep | deeper | deepest | well, canyon
loud | louder | loudest | bang, firework
heavy | heavier | heaviest | rucksack, anvil
high | higher | highest | branch, ledge
young | younger | youngest | pupil, sapling
soft | softer | softest | cushion, blanket
funny | funnier | funniest | joke, cartoon
pretty | prettier | prettiest | ballgown, bouquet
slow | slower | slowest | queue, waltz
hot | hotter | hottest | stove, curry
short | shorter | shortest | speech, haircut
thick | thicker | thickest | fog, book
thin | thinner | thinnest | wire, slice
wide | wider | widest | avenue, gap
narrow | narrower | narrowest | alley, lane
steep | steeper | steepest | staircase, slope
easy | easier | easiest | question, recipe
hard | harder | hardest | exam, riddle
wise | wiser | wisest | elder, hermit
strange | stranger | strangest | noise, footprint
scary | scarier | scariest | movie, ghost
smart | smarter | smartest | student, detective
silly | sillier | silliest | song, dance
tasty | tastier | tastiest | dinner, feast
fluffy | fluffier | fluffiest | pillow, cloud
low | lower | lowest | ceiling, beam
cool | cooler | coolest | breeze, shade
light | lighter | lightest | feather, parcel
rare | rarer | rarest | stamp, fossil
fancy | fancier | fanciest | hotel, party
shallow | shallower | shallowest | creek, paddling pool
busy | busier | busiest | crossroads, street
cheap | cheaper | cheapest | ticket, toothbrush
grand | grander | grandest | ballroom, opera
smooth | smoother | smoothest | surface, pathway
"""
