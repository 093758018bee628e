"""Word lists about nature and the table: animals, food, drink, plants, weather, places.

Plain data, one entry a line, most frequent first; the comment above a list names its columns, and `-` stands where an
entry has no such word. `words.py` reads the lists. Imports nothing.
"""

from __future__ import annotations

# singular | plural | young | sound | home | what it eats
ANIMALS = """
dog | dogs | puppy | woof | kennel | bones
cat | cats | kitten | meow | basket | sardines
bird | birds | hatchling | tweet | nest | breadcrumbs
rabbit | rabbits | bunny | - | hutch | lettuce
duck | ducks | duckling | quack | pond | waterweed
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
goose | geese | gosling | honk | - | watercress
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
camel | camels | - | grunt | oasis | dates
badger | badgers | - | - | sett | roots
parrot | parrots | - | squawk | aviary | seeds
ant | ants | - | - | anthill | syrup
dolphin | dolphins | - | - | - | squid
crab | crabs | - | - | rockpool | seaweed
eagle | eagles | eaglet | - | crag | trout
mole | moles | - | - | molehill | worms
"""

# singular | plural | what is served with it
FOODS = """
apple | apples | cinnamon
cookie | cookies | sprinkles
cake | cakes | frosting
sandwich | sandwiches | ham
banana | bananas | yoghurt
carrot | carrots | hummus
egg | eggs | salt
pear | pears | almonds
pancake | pancakes | treacle
pie | pies | custard
potato | potatoes | gravy
strawberry | strawberries | cream
muffin | muffins | raisins
cherry | cherries | marzipan
orange | oranges | cloves
tomato | tomatoes | basil
bun | buns | jelly
sausage | sausages | mustard
plum | plums | ginger
lemon | lemons | sugar
pizza | pizzas | mozzarella
peach | peaches | sherbet
waffle | waffles | caramel
bean | beans | chilli
grape | grapes | crackers
mushroom | mushrooms | garlic
biscuit | biscuits | marmalade
onion | onions | vinegar
pumpkin | pumpkins | nutmeg
doughnut | doughnuts | icing
pretzel | pretzels | sesame
melon | melons | mint
dumpling | dumplings | broth
pea | peas | parsley
cucumber | cucumbers | dill
turnip | turnips | pepper
fig | figs | walnuts
apricot | apricots | vanilla
mango | mangoes | coconut
radish | radishes | chives
olive | olives | oregano
"""

DISHES = """
soup bread rice porridge cheese pasta stew salad popcorn pudding chocolate oatmeal toast fudge toffee honey spaghetti
lasagne goulash risotto
"""

DRINKS = "milk juice lemonade cocoa cider tea coffee buttermilk soda cola punch tonic"

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
lavender | lavenders | scented
elm | elms | leafy
buttercup | buttercups | buttery
beech | beeches | towering
holly | hollies | glossy
snowdrop | snowdrops | drooping
magnolia | magnolias | waxy
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
park forest beach river lake hill meadow playground village mountain castle bridge island field orchard stream tower
lighthouse fountain waterfall valley station desert town marketplace harbour brook palace windmill shore temple
cliff canyon stadium campground pier volcano
"""
