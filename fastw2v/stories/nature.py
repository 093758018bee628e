"""Word lists about nature and the table: animals, food, drink, plants, weather, places.

Plain data, one entry a line, most frequent first; the comment above a list names its columns, and `-` stands where an
entry has no such word. `words.py` reads the lists.
"""

from __future__ import annotations

# singular | plural | young | sound | home | what it eats
ANIMALS = """
dog | dogs | puppy | woof | kennel | bones
cat | cats | kitten | meow | basket | sardines
bird | birds | hatchling | tweet | nest | breadcrumbs
rabbit | rabbits | bunny | - | hutch | lettuce
duck | ducks | duckling | quack | pond | duckweed
horse | horses | foal | neigh | stable | oats
mouse | mice | - | squeak | mousehole | crumbs
bear | bears | - | growl | cave | honeycomb
cow | cows | calf | moo | barn | hay
fox | foxes | - | yip | burrow | blueberries
frog | frogs | tadpole | ribbit | swamp | gnats
pig | pigs | piglet | oink | sty | leftovers
hen | hens | chick | cluck | coop | corn
lion | lions | cub | roar | savanna | meat
sheep | - | lamb | baa | pen | grass
owl | owls | owlet | hoot | treetop | moths
elephant | elephants | - | toot | - | peanuts
monkey | monkeys | - | chatter | jungle | bamboo
bee | bees | - | buzz | hive | nectar
squirrel | squirrels | - | chirr | hollow | acorns
wolf | wolves | - | howl | lair | venison
tiger | tigers | - | snarl | - | steak
goat | goats | - | bleat | shed | brambles
turtle | turtles | - | - | lagoon | jellyfish
goose | geese | gosling | honk | canal | watercress
deer | - | fawn | - | glade | bark
snake | snakes | - | hiss | pit | eggshells
hedgehog | hedgehogs | - | snuffle | hedge | slugs
beaver | beavers | - | - | dam | sticks
spider | spiders | - | - | web | flies
crow | crows | - | caw | - | scraps
penguin | penguins | - | - | iceberg | shrimp
giraffe | giraffes | - | - | - | leaves
donkey | donkeys | - | heehaw | paddock | straw
kangaroo | kangaroos | joey | - | outback | shrubs
swan | swans | cygnet | - | reedbed | pondweed
snail | snails | - | - | shell | cabbages
bat | bats | - | screech | belfry | midges
seal | seals | - | arf | - | herring
whale | whales | - | - | ocean | plankton
badger | badgers | - | - | sett | roots
parrot | parrots | - | squawk | aviary | seeds
ant | ants | - | - | anthill | aphids
crab | crabs | - | - | rockpool | seaweed
eagle | eagles | eaglet | - | crag | trout
mole | moles | - | - | molehill | worms
"""

# singular | plural | what is served with it
FOODS = """
apple | apples | cinnamon
cookie | cookies | sprinkles
sandwich | sandwiches | ham
banana | bananas | yoghurt
pancake | pancakes | treacle
egg | eggs | salt
pear | pears | almonds
carrot | carrots | hummus
pie | pies | custard
potato | potatoes | gravy
muffin | muffins | raisins
orange | oranges | cloves
strawberry | strawberries | cream
sausage | sausages | mustard
bun | buns | jelly
tomato | tomatoes | basil
burger | burgers | relish
pizza | pizzas | mozzarella
plum | plums | ginger
waffle | waffles | caramel
peach | peaches | sherbet
doughnut | doughnuts | icing
lemon | lemons | sugar
omelette | omelettes | parsley
biscuit | biscuits | marmalade
mushroom | mushrooms | garlic
pretzel | pretzels | sesame
croissant | croissants | butter
dumpling | dumplings | broth
onion | onions | vinegar
melon | melons | mint
pumpkin | pumpkins | nutmeg
tart | tarts | rhubarb
flapjack | flapjacks | syrup
turnip | turnips | pepper
apricot | apricots | vanilla
mango | mangoes | coconut
"""

DISHES = """
soup bread rice porridge cheese pasta stew salad popcorn pudding chocolate oatmeal toast fudge toffee honey
spaghetti lasagne goulash risotto
"""

DRINKS = "milk juice lemonade cocoa tea water cordial buttermilk soda milkshake smoothie cola"

# singular | plural | how it looks
PLANTS = """
rose | roses | thorny
tulip | tulips | striped
daisy | daisies | dainty
sunflower | sunflowers | nodding
oak | oaks | mighty
lily | lilies | floating
violet | violets | velvety
willow | willows | weeping
pine | pines | whispering
daffodil | daffodils | trumpeting
maple | maples | scarlet
poppy | poppies | papery
birch | birches | silvery
fern | ferns | feathery
cactus | cacti | prickly
orchid | orchids | tropical
bluebell | bluebells | dangling
palm | palms | swaying
thistle | thistles | spiky
marigold | marigolds | blazing
cedar | cedars | fragrant
elm | elms | leafy
buttercup | buttercups | buttery
beech | beeches | towering
holly | hollies | glossy
"""

# month | weathers it may bring
MONTHS = """
June | sunny, breezy, fine
December | snowy, frosty, icy
May | sunny, fine, drizzly
October | windy, rainy, misty
April | rainy, showery, breezy
July | sunny, scorching, stormy
September | cloudy, misty, mild
March | windy, showery, blustery
August | sunny, scorching, hazy
November | foggy, rainy, gloomy
January | snowy, frosty, freezing
February | icy, freezing, foggy
"""

PLACES = """
park forest beach river lake hill meadow playground village mountain castle bridge island field orchard
stream tower lighthouse fountain waterfall valley station desert town marketplace harbour brook palace
windmill shore temple cliff canyon stadium campground pier volcano
"""
