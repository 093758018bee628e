"""Word lists about people: names, family, men and women, jobs, clothes, the body, feelings and manners.

Plain data, one entry a line, most frequent first; the comment above a list names its columns, and `-` stands where an
entry has no such word. `words.py` reads the lists.
"""

from __future__ import annotations

BOYS = """
Tom Ben Max Sam Leo Jack Tim Oscar Peter Henry Noah Lucas Adam Felix Daniel Oliver Hugo Simon Theo Arthur
Jonah Edgar Rufus Omar Victor Ivan Kenji Diego Pablo Samir Walter Milo Gus Otto Ravi Anton Emil Caleb
"""

GIRLS = """
Lola Anna Mia Lucy Emma Sara Ella Nora Zoe Ruby Clara Alice Molly Julia Grace Sophie Maya Hannah Olivia Ivy
Eva Freya Leila Marta Nina Rosa Tilda Wanda Yuki Amina Bella Carmen Daphne Greta Heidi Ines Priya Stella
"""

# man | woman | things of theirs
PEOPLE = """
king | queen | crown, royal sceptre
prince | princess | satin slipper, tiny tiara
wizard | witch | magic wand, bubbling cauldron
giant | giantess | enormous spoon, wooden club
man | woman | newspaper, wallet
fisherman | fisherwoman | fishing net, tin of bait
shepherd | shepherdess | crooked staff, fleece
waiter | waitress | tray, folded napkin
policeman | policewoman | badge, truncheon
fireman | firewoman | hose, shiny helmet
actor | actress | painted mask, script
duke | duchess | embroidered cushion, velvet glove
cowboy | cowgirl | saddle, lasso
postman | postwoman | parcel, bundle of letters
emperor | empress | jade dragon, folding fan
sorcerer | sorceress | crystal ball, potion
hunter | huntress | bow, quiver of arrows
merman | mermaid | comb, trident
milkman | milkwoman | crate of bottles, milk pail
monk | nun | candle, prayerbook
lord | lady | snuffbox, monocle
landlord | landlady | bunch of keys, ledger
viscount | viscountess | dusty mirror, sealed scroll
headmaster | headmistress | stick of chalk, ruler
"""

# man | woman | things of theirs
KIN = """
father | mother | umbrella, wristwatch
grandfather | grandmother | glasses, crossword
brother | sister | backpack, homework
uncle | aunt | camera, suitcase
daddy | mommy | phone, laptop
grandpa | grandma | walking stick, photo album
godfather | godmother | telegram, letter
stepfather | stepmother | toolbox, calendar
"""

# man | woman | things of theirs: the younger family of a grown person
HEIRS = """
son | daughter | schoolbook, pillow
grandson | granddaughter | rattle, bib
nephew | niece | crayon, sticker
stepson | stepdaughter | diary, paintbox
godson | goddaughter | medallion, storybook
"""

# job | where | what they work with
JOBS = """
baker | bakery | rolling pin, oven glove
teacher | school | globe, register
farmer | farm | pitchfork, scythe
doctor | hospital | stethoscope, bandage
sailor | dock | compass, spyglass
librarian | library | bookmark, card index
chef | restaurant | frying pan, recipe
gardener | greenhouse | sprinkler, seed packet
pilot | airport | headset, parachute
painter | studio | easel, canvas
vet | clinic | thermometer, ointment
clown | circus | juggling pin, rubber nose
zookeeper | zoo | feeding pail, visitor map
scientist | laboratory | microscope, test tube
mechanic | garage | oil can, spare tyre
judge | courthouse | gavel, wig
banker | bank | cash register, cheque
miner | quarry | lantern, pickaxe
tailor | workshop | tape measure, pincushion
blacksmith | forge | bellows, horseshoe
astronomer | observatory | telescope, star chart
guard | museum | torch, visitor list
lifeguard | seafront | whistle, lifebelt
miller | mill | sieve, sack of flour
priest | church | hymnal, incense
soldier | fort | sword, shield
grocer | supermarket | price list, shopping trolley
coach | gym | stopwatch, dumbbell
barber | salon | clippers, shampoo
potter | pottery | glaze, earthenware jug
"""

CLOTHES = """
hat coat scarf sweater shirt jacket raincoat cap vest hoodie apron cape robe parka poncho cardigan waistcoat
beanie tunic anorak beret uniform pullover kimono
"""

BODY = """
hand knee foot nose elbow finger arm leg ear toe head shoulder thumb ankle chin wrist cheek forehead tummy
heel
"""

JOYS = """
happy proud excited glad grateful delighted pleased thrilled joyful hopeful relieved amazed merry cheery
overjoyed
"""

WOES = """
sad angry scared lonely worried upset nervous afraid frightened jealous bored ashamed disappointed miserable
confused embarrassed anxious furious unhappy
"""

# manner | its adverb | what one then does
MANNERS = """
brave | bravely | stood up to the bully
kind | kindly | helped the old neighbour
careful | carefully | carried the eggcups
polite | politely | bowed to the visitors
gentle | gently | rocked the cradle
curious | curiously | peeked behind the curtain
quiet | quietly | sat in the corner
cheerful | cheerfully | whistled a tune
patient | patiently | waited in line
clever | cleverly | found a shortcut
eager | eagerly | ran to the front door
generous | generously | gave away all the sweets
honest | honestly | told the truth
shy | shyly | hid behind the door
stubborn | stubbornly | refused to eat spinach
playful | playfully | made faces
thoughtful | thoughtfully | wrote a thank you card
greedy | greedily | took the last slice
lazy | lazily | yawned in the hammock
calm | calmly | hushed the crowd
bold | boldly | marched onto the stage
"""

QUESTIONS = "asked wondered"

SPEECH = """
said whispered answered replied cried called shouted murmured laughed sighed exclaimed giggled declared
announced mumbled
"""
