"""Word lists about doing and comparing: actions with their forms, qualities with their degrees.

Plain data, one entry a line, most frequent first; the comment above a list names its columns, and `-` stands where an
entry has no such word. `words.py` reads the lists.
"""

from __future__ import annotations

# base | past | ing form | what one does it to, or where
ACTIONS = """
jump | jumped | jumping | over the stile, on the mattress
run | ran | running | around the track, after the ice cream cart
sing | sang | singing | a lullaby, in the choir
swim | swam | swimming | across the bay, with armbands
dance | danced | dancing | to the music, a waltz
draw | drew | drawing | a portrait, a map
climb | climbed | climbing | up the rocks, over the boulders
build | built | building | a sandcastle, a treehouse
walk | walked | walking | along the footpath, around the corner
ride | rode | riding | on the carousel, a pony
bake | baked | baking | a loaf, some scones
paint | painted | painting | the wall, a sunset
dig | dug | digging | a trench, in the sandpit
write | wrote | writing | a poem, a postcard
throw | threw | throwing | snowballs, darts
catch | caught | catching | fireflies, moths
wash | washed | washing | the dishes, the windscreen
sweep | swept | sweeping | the chimney, the doorstep
kick | kicked | kicking | a penalty, into the goal
skate | skated | skating | on the rink, on the ice
hop | hopped | hopping | over the stones, across the yard
cook | cooked | cooking | a casserole, supper
carve | carved | carving | a spoon, a mask
knit | knitted | knitting | a blanket, some mittens
count | counted | counting | the stars, to a hundred
crawl | crawled | crawling | through the tunnel, under the fence
row | rowed | rowing | the dinghy, upstream
juggle | juggled | juggling | with beanbags, with clubs
tell | told | telling | a joke, a fairytale
pick | picked | picking | blackberries, wildflowers
sew | sewed | sewing | a button, a quilt
slide | slid | sliding | down the banister, down the chute
gather | gathered | gathering | firewood, pinecones
collect | collected | collecting | seashells, stamps
sail | sailed | sailing | around the buoy, a yacht
feed | fed | feeding | the pigeons, the goldfish
hum | hummed | humming | a melody, along with the radio
stir | stirred | stirring | the batter, the sauce
push | pushed | pushing | the swing, the stroller
pull | pulled | pulling | the sledge, the rope
solve | solved | solving | a riddle, the mystery
blow | blew | blowing | bubbles, into the bagpipes
dive | dived | diving | off the springboard, into the waves
mix | mixed | mixing | the dough, magic potions
hike | hiked | hiking | along the trail, up the ridge
explore | explored | exploring | the ruins, the rainforest
polish | polished | polishing | the silverware, the boots
chop | chopped | chopping | the celery, the firewood
wrap | wrapped | wrapping | the presents, the parcels
weave | wove | weaving | a rug, on the loom
float | floated | floating | on the waves, on a log
roll | rolled | rolling | down the hillside, a giant snowball
balance | balanced | balancing | on the beam, on a tightrope
spin | spun | spinning | on tiptoe, like a top
teach | taught | teaching | the alphabet, a trick
decorate | decorated | decorating | the ballroom, the tree
splash | splashed | splashing | in the bathtub, in the fountain
wave | waved | waving | a flag, from the balcony
hang | hung | hanging | the washing, paper lanterns
recite | recited | reciting | a rhyme, the alphabet
scrub | scrubbed | scrubbing | the bathtub, the tiles
"""

# Actions that an animal in a tale could do too.
ROMPS = """
jump run sing swim dance climb hop count crawl slide roll hum dive explore hike float balance spin splash
"""

# quality | more | most | of what
QUALITIES = """
big | bigger | biggest | house, monument
small | smaller | smallest | cottage, pebble
tall | taller | tallest | steeple, skyscraper
fast | faster | fastest | runner, greyhound
old | older | oldest | clock, inn
long | longer | longest | rope, banner
strong | stronger | strongest | wrestler, weightlifter
deep | deeper | deepest | well, ditch
loud | louder | loudest | bell, band
heavy | heavier | heaviest | boulder, anvil
high | higher | highest | branch, ledge
soft | softer | softest | cushion, blanket
funny | funnier | funniest | snowman, comedian
pretty | prettier | prettiest | bouquet, ballgown
slow | slower | slowest | queue, steamroller
hot | hotter | hottest | stove, curry
short | shorter | shortest | stick, pole
thick | thicker | thickest | wall, book
thin | thinner | thinnest | wire, twig
wide | wider | widest | avenue, gap
narrow | narrower | narrowest | alley, lane
steep | steeper | steepest | stairway, slope
young | younger | youngest | sapling, acrobat
wise | wiser | wisest | elder, hermit
strange | stranger | strangest | footprint, machine
scary | scarier | scariest | scarecrow, ghost
smart | smarter | smartest | student, detective
silly | sillier | silliest | jester, wig
tasty | tastier | tastiest | snack, feast
fluffy | fluffier | fluffiest | pillow, cloud
low | lower | lowest | archway, ceiling
light | lighter | lightest | feather, leaf
rare | rarer | rarest | stamp, fossil
fancy | fancier | fanciest | hotel, mansion
shallow | shallower | shallowest | creek, pool
busy | busier | busiest | street, crossroads
grand | grander | grandest | ballroom, gala
smooth | smoother | smoothest | surface, pathway
"""
