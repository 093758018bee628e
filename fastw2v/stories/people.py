"""Word lists about people: names, family, men and women, jobs, clothes, the body, feelings and manners.

Plain data, one entry a line, most frequent first; the comment above a list names its columns. `words.py` reads the lists.
Imports nothing.
"""

from __future__ import annotations

BOYS = """
Tom Ben Max Sam Leo Jack Tim Oscar Peter Henry Noah Lucas Adam Felix Daniel Oliver Hugo Simon Theo Arthur Jonah Edgar
Rufus Omar Victor Ivan Kenji Diego Pablo Samir Walter Milo Gus Otto Ravi Anton Emil Caleb
"""

GIRLS = """
Lola Anna Mia Lucy Emma Sara Ella Nora Zoe Ruby Clara Alice Molly Julia Grace Sophie Maya Hannah Olivia Ivy Eva Freya
Leila Marta Nina Rosa Tilda Wanda Yuki Amina Bella Carmen Daphne Greta Heidi Ines Priya Stella
"""

# man | woman | things of theirs
PEOPLE = """
king | queen | golden crown, velvet throne
prince | princess | white pony, tiny tiara
wizard | witch | magic wand, bubbling cauldron
man | woman | morning newspaper, leather wallet
giant | giantess | enormous spoon, wooden club
fisherman | fisherwoman | fishing net, tin of bait
shepherd | shepherdess | crooked staff, woolly flock
fireman | firewoman | long hose, shiny helmet
policeman | policewoman | silver badge, loud siren
waiter | waitress | round tray, folded napkin
actor | actress | painted mask, red curtain
postman | postwoman | parcel, bundle of letters
duke | duchess | silk cushion, portrait
sorcerer | sorceress | crystal ball, secret potion
lord | lady | manor, chandelier
milkman | milkwoman | crate of bottles, rattling churn
emperor | empress | jade dragon, marble pillar
cowboy | cowgirl | saddle, lasso
hunter | huntress | bow, quiver of arrows
merman | mermaid | pearly comb, glittering tail
monk | nun | candle, prayer book
viscount | viscountess | dusty mirror, coffin
landlord | landlady | bunch of keys, rent book
headmaster | headmistress | stick of chalk, wooden ruler
enchanter | enchantress | book of spells, enchanted harp
baron | baroness | monocle, feathered pen
salesman | saleswoman | catalogue, briefcase
host | hostess | guest list, party bell
"""

# man | woman | things of theirs
KIN = """
father | mother | umbrella, purse
grandfather | grandmother | glasses, rocking chair
brother | sister | backpack, homework
uncle | aunt | camera, suitcase
daddy | mommy | phone, laptop
grandpa | grandma | walking stick, photo album
godfather | godmother | pocket watch, letter
stepfather | stepmother | toolbox, calendar
"""

# man | woman | things of theirs: the family of a grown person
HEIRS = """
son | daughter | schoolbook, pillow
husband | wife | wedding ring, teapot
grandson | granddaughter | rattle, bib
nephew | niece | crayon, sticker
stepson | stepdaughter | diary, paintbox
godson | goddaughter | medallion, storybook
"""

# job | where | what they work with
JOBS = """
baker | bakery | rolling pin, hot oven
teacher | school | blackboard, globe
farmer | farm | plough, pitchfork
doctor | hospital | stethoscope, bandage
sailor | ship | anchor, compass
librarian | library | bookmark, rare book
chef | restaurant | frying pan, recipe
gardener | greenhouse | watering can, flowerpot
pilot | airport | cockpit, parachute
painter | studio | easel, canvas
vet | clinic | thermometer, ointment
clown | circus | juggling pin, rubber nose
zookeeper | zoo | feeding pail, enclosure
scientist | laboratory | microscope, test tube
mechanic | garage | engine, spare tyre
judge | courthouse | gavel, wig
banker | bank | safe, cheque
miner | mine | lantern, pickaxe
tailor | workshop | tape measure, pincushion
blacksmith | forge | bellows, horseshoe
astronomer | observatory | telescope, star chart
guard | museum | alarm, torch
lifeguard | pool | whistle, lifebelt
miller | mill | millstone, sack of flour
priest | church | pulpit, organ
soldier | fort | sword, shield
grocer | supermarket | till, shopping trolley
coach | gym | stopwatch, trampoline
barber | salon | clippers, shampoo
potter | pottery | spinning wheel, kiln
"""

CLOTHES = """
hat coat scarf sweater dress shirt jacket raincoat cap skirt vest apron cape robe bonnet poncho cardigan blouse tunic
kilt beret uniform pullover kimono
"""

BODY = """
hand knee foot nose elbow finger arm leg ear toe head shoulder thumb ankle chin wrist cheek forehead tummy heel
"""

JOYS = """
happy proud excited glad grateful delighted pleased thrilled joyful hopeful relieved amazed merry cheery overjoyed
"""

WOES = """
sad angry scared lonely worried upset nervous afraid frightened jealous bored ashamed disappointed miserable confused
embarrassed anxious furious unhappy
"""

# manner | its adverb | what one does so
MANNERS = """
brave | bravely | faced the storm, stood up to the bully
kind | kindly | helped the newcomer, shared the last crayons
careful | carefully | packed the glassware, crossed the busy road
polite | politely | bowed to the visitors, held the door
gentle | gently | rocked the cradle, stroked the lambskin
curious | curiously | peeked behind the curtain, poked the anthill with a twig
quiet | quietly | tiptoed along the corridor, sat in the reading corner
cheerful | cheerfully | whistled a jingle, greeted the passengers
patient | patiently | waited in the queue, untangled the fishing line
clever | cleverly | cracked the code, found the shortcut
eager | eagerly | tore the wrapping paper, raised one hand in class
generous | generously | gave coins to charity, shared the treats
honest | honestly | owned up to the mistake, returned the lost wallet
shy | shyly | hid behind the doorway, blushed at the compliment
stubborn | stubbornly | refused the spinach, argued about bedtime
playful | playfully | chased the garden hose, made silly faces
thoughtful | thoughtfully | watered the houseplants, wrote a thank you card
greedy | greedily | grabbed the biggest slice, licked the plates
lazy | lazily | yawned in the hammock, dozed on the lawn
calm | calmly | steadied the rowing boat, hushed the crowd
bold | boldly | marched onto the stage, challenged the champion
"""

SPEECH = """
said whispered answered shouted replied cried called murmured explained announced sighed exclaimed mumbled declared
muttered
"""
