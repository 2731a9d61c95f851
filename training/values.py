"""Values that people name in a sentence: what they say, and what stands for it in JSON."""

# ruff: noqa: E501  # one list is a few lines

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from training.held_out import held_out
from training.unknowns import invented_word

FIRST_NAMES = (
    "Ada Adam Agnes Ahmed Aisha Alan Albert Alice Alma Amir Amy Ana Anders Andrea Anna Anton Arthur Astrid Ben Bella"
    " Bjorn Bo Bruno Carl Carla Carmen Cedric Chen Chloe Clara Dana Daniel David Diego Dora Edgar Elena Eli Elif Ella"
    " Emil Emma Eric Esther Eva Fatima Felix Fiona Flora Frank Frida Gabriel George Gita Grace Greta Hana Hans Harry"
    " Hassan Hugo Ida Igor Ines Ingrid Irene Isaac Ivan Jack Jakob James Jana Jane Jason Jin Joan Joe John Jonas Jose"
    " Julia Karim Karin Kate Kemal Kenji Kim Kofi Lara Lars Laura Lea Lena Leo Lily Lina Linus Liam Lola Louis Lucas Lucy"
    " Luis Luna Magda Maja Malik Marco Maria Marie Mark Marta Martin Mary Matteo Max Maya Mei Mia Mila Milo Mira Mona"
    " Nadia Nela Nick Nina Noah Nora Olga Oliver Omar Oscar Otto Pablo Paul Paula Pedro Peter Petra Pia Priya Rafael"
    " Rania Ravi Rita Robert Rosa Ruth Sam Samira Sara Sean Selma Simon Sofia Sonja Stefan Susan Sven Tara Tariq Thea"
    " Theo Tim Tina Tom Tomas Tova Uma Uri Vera Victor Vikram Wanda Wei Will Xenia Yara Yasmin Yuki Yusuf Zara Zoe"
    " Abdul Abena Adele Adrian Aiko Ainsley Ajay Alejandro Aleksandra Alfred Alina Alison Alvaro Amara Amelia Anil Anita"
    " Annika Antonia Anya Archie Arjun Arnold Arvid Aurora Ayesha Azra Barbara Basil Beatriz Benedict Bernadette Bilal"
    " Birgit Blanca Boris Brenda Brigid Callum Camila Caspar Cecilia Celia Charlotte Chiara Chidi Christine Ciara Claude"
    " Colin Conor Cristina Dagmar Damian Daphne Deborah Deepak Denis Derek Diana Dimitri Dominic Donald Dorothy Duncan"
    " Edith Eduardo Edward Eileen Eleanor Elias Elise Elliot Elsa Emeka Emily Enrico Erika Ernest Eszter Eugene Evelyn Fadi"
    " Faith Farid Femi Ferdinand Fernando Filip Finn Florence Francesca Freya Fumiko Gareth Gemma Georgia Gerald Gilbert"
    " Gloria Goran Graham Guido Gunnar Gustavo Gwen Hamza Hannah Harriet Haruto Heather Hector Heidi Helen Helga Henrik"
    " Hilda Hiroshi Holly Howard Ibrahim Iman Imogen Indira Ingo Irma Isabel Ismail Ivy Jacqueline Jamal Jasper Javier"
    " Jelena Jennifer Jerome Jill Joanna Joao Joel Johanna Jorge Josephine Joyce Juan Judith Julian Juliet Justin Kaito"
    " Kamala Karen Karl Katarina Keiko Keith Kevin Khalid Kirsten Klara Kristof Kwame Layla Leila Leonie Lewis Lidia Lionel"
    " Liv Livia Lorenzo Louise Ludwig Luka Lydia Mabel Magnus Mahmoud Manuel Marcel Margaret Mariam Marina Marius Martha"
    " Mateo Matilda Maurice Megan Mehmet Melissa Michael Miguel Mikhail Minh Miriam Mohammed Monica Muriel Nabil Naomi"
    " Natalia Nathan Neil Nigel Nikolai Nils Nisha Noor Norbert Odile Ola Olena Olivia Orla Osman Pamela Pascal Patricia"
    " Patrick Pavel Penelope Philip Pierre Piotr Quentin Rachel Rahul Ramon Rashid Raymond Rebecca Renata Rhys Ricardo"
    " Robin Roland Roman Rosalind Rowan Rupert Sabine Saeed Salma Sandra Sanjay Santiago Sebastian Serena Sergei Shirin"
    " Sigrid Silvia Simone Sinead Soren Stella Stephen Suki Sunita Sylvia Takeshi Tamara Tanya Teresa Thomas Thuy Tobias"
    " Tomoko Trevor Ulrich Ursula Valentina Valerie Vanessa Viktor Vincent Viola Violet Vivian Walter Wendy Wilhelm Winston"
    " Xavier Yann Yolanda Yusra Yvonne Zainab Zlatan Zofia"
).split()
LAST_NAMES = (
    "Adams Ahmad Baker Bauer Becker Berg Bianchi Braun Brown Castro Chan Clark Cohen Cook Costa Cruz Davis Diaz Dubois"
    " Evans Fischer Ford Fox Garcia Gomez Green Gruber Haas Hansen Hill Hoffmann Holm Huber Ito Jansen Jones Kaya Keller"
    " Khan King Klein Kumar Lang Larsen Lee Lopez Maier Martin Meyer Miller Moore Moreau Mori Murphy Nagy Nguyen Novak"
    " Olsen Park Patel Perez Petit Popov Reed Ricci Roberts Rossi Roth Roy Sato Schmidt Silva Singh Smith Sommer Stein"
    " Suzuki Tanaka Taylor Torres Vogel Wagner Walker Wang Weber White Wilson Wolf Wood Wright Yilmaz Young Zhang"
    " Abbott Acheampong Aguilar Allen Almeida Andersen Andersson Arslan Bailey Banerjee Barnes Bell Bennett Bergman"
    " Blanchard Boateng Bosch Brandt Burke Butler Byrne Campbell Carter Chaudhry Chavez Collins Cooper Dahl Das Jong"
    " Demir Desai Dietrich Doyle Dvorak Eder Edwards Eriksson Farkas Fernandes Ferrari Fleming Fletcher Fontaine Fraser"
    " Fujita Gallagher Gardner Gibson Gill Gonzalez Graf Grant Gray Griffin Gupta Hall Hamilton Harris Hayashi Henry Herrera"
    " Hughes Hussain Ibarra Ivanov Iyer Jackson Jensen Johansson Johnson Joshi Kang Kaplan Kelly Kennedy Kobayashi Kovacs"
    " Kowalski Kruger Lambert Laurent Lehmann Lewis Lim Lindgren Liu Mahmood Marino Marshall Martinez Mason Mbeki Mendes"
    " Mensah Mitchell Morgan Muller Nakamura Nelson Nielsen Nowak Obi Okafor Oliveira Osei Ozturk Palmer Pereira Peters"
    " Petrov Phillips Pham Ramirez Rao Reyes Richter Rivera Robinson Rodriguez Ryan Saito Sanchez Santos Schneider Scott"
    " Shah Sharma Simpson Sullivan Svensson Thomas Thompson Tran Turner Dijkstra Vargas Varga Virtanen Ward Watson Wong"
    " Yamada Zhou Zimmermann"
).split()
CITIES = (
    "Paris|London|Berlin|Rome|Madrid|Oslo|Vienna|Lisbon|Tokyo|Cairo|New York|Boston|Chicago|Sydney|Toronto|Prague|Warsaw|Dublin"
    "|Athens|Helsinki|Stockholm|Copenhagen|Zurich|Geneva|Munich|Hamburg|Cologne|Lyon|Nice|Milan|Naples|Porto|Seville|Valencia"
    "|Barcelona|Brussels|Amsterdam|Rotterdam|Budapest|Bucharest|Sofia|Istanbul|Ankara|Moscow|Kyiv|Riga|Tallinn|Vilnius|Minsk"
    "|Delhi|Mumbai|Beijing|Shanghai|Hong Kong|Seoul|Osaka|Kyoto|Bangkok|Hanoi|Manila|Jakarta|Singapore|Perth|Melbourne|Auckland"
    "|Lima|Bogota|Quito|Santiago|Buenos Aires|Sao Paulo|Rio de Janeiro|Mexico City|Havana|San Francisco|Los Angeles|Seattle"
    "|Denver|Miami|Austin|Dallas|Houston|Atlanta|Montreal|Vancouver|Nairobi|Lagos|Accra|Dakar|Tunis|Cape Town|Leeds|Bristol"
    "|Glasgow|Cardiff|Edinburgh|Bern|Basel|Graz|Salzburg|Leipzig|Dresden|Bremen|Bonn|Ghent|Utrecht|Aarhus|Bergen|Turku"
    "|Aberdeen|Adelaide|Agra|Aleppo|Algiers|Almaty|Amman|Antwerp|Arles|Astana|Bath|Beirut|Belfast|Belgrade|Bilbao|Birmingham"
    "|Bologna|Bordeaux|Bratislava|Brighton|Brisbane|Bruges|Calgary|Cambridge|Canberra|Cardenas|Cartagena|Casablanca|Chennai"
    "|Cleveland|Colombo|Cork|Cusco|Dhaka|Doha|Dortmund|Dover|Dubai|Dundee|Durban|Essen|Exeter|Faro|Florence|Frankfurt|Galway"
    "|Gdansk|Genoa|Girona|Gothenburg|Granada|Grenoble|Hanover|Hull|Innsbruck|Izmir|Jaipur|Johannesburg|Kampala|Karachi|Kassel"
    "|Kathmandu|Kiel|Kingston|Krakow|La Paz|Lahore|Lausanne|Lille|Lincoln|Linz|Liverpool|Ljubljana|Luxembourg|Luzern|Malaga"
    "|Malmo|Manchester|Marseille|Medellin|Memphis|Montevideo|Nagoya|Nantes|Nashville|New Delhi|Newcastle|Norwich|Odense|Odessa"
    "|Orlando|Ottawa|Oxford|Padua|Palermo|Phoenix|Pisa|Plymouth|Portland|Poznan|Quebec|Rabat|Reims|Reykjavik|Rostock|Rouen"
    "|Saigon|Salamanca|San Diego|San Jose|Santa Fe|Sapporo|Sarajevo|Sheffield|Siena|Skopje|Split|St. Gallen|Stuttgart|Swansea"
    "|Taipei|Tampa|Tampere|Tartu|Tbilisi|Tel Aviv|Trieste|Trondheim|Tucson|Turin|Uppsala|Venice|Verona|Wellington|Winterthur"
    "|Wroclaw|Yerevan|York|Zagreb|Zaragoza"
).split("|")
ITEMS = (
    "milk|bread|eggs|butter|cheese|apples|bananas|tomatoes|rice|coffee|tea|sugar|a lamp|a chair|a desk|headphones|a keyboard"
    "|a mouse|a monitor|a backpack|a bicycle|a helmet|running shoes|a jacket|a hat|gloves|socks|a phone case|a charger|batteries"
    "|a notebook|pencils|a ruler|a kettle|a toaster|a pan|plates|cups|candles|a blanket|a pillow|a tent|a map|a watch|a ring"
    "|pizza|soup|noodles|salad|sushi|a burger|chocolate|honey|olive oil|flowers|a guitar|a drum|a camera|a tripod|a drill|a hammer"
    "|flour|salt|pepper|yoghurt|cream|oats|lentils|beans|peas|carrots|onions|potatoes|grapes|lemons|oranges|pears|walnuts|raisins"
    "|soap|shampoo|toothpaste|a towel|paper towels|bin bags|light bulbs|matches|string|tape|glue|scissors|envelopes|stamps|postcards"
    "|a printer|printer paper|a router|a cable|a tablet|a laptop|a speaker|a radio|a projector|a microphone|a power bank|a fan"
    "|a heater|a sofa|a bookshelf|a mirror|a carpet|curtains|a wardrobe|a bench|a stool|a bucket|a broom|a ladder|a saw|screws|nails"
    "|paint|a brush|a shovel|a rake|seeds|a flower pot|a garden hose|a scarf|boots|sandals|a belt|a raincoat|an umbrella|sunglasses"
    "|a suitcase|a wallet|a necklace|a jigsaw|playing cards|a kite|a football|a tennis racket|skis|a skateboard|a sleeping bag"
    "|a water bottle|a lunch box|a thermos|a compass|binoculars|a torch|an easel|a violin|a piano stool|sheet music|a novel|a cookbook"
).split("|")
DISHES = (
    "pizza|lasagne|soup|noodles|pancakes|salad|sushi|curry|tacos|risotto|dumplings|goulash|paella|apple pie|an omelette|fried rice"
    "|tomato soup|onion soup|fish stew|bread|muffins|waffles|a cheese sandwich|potato salad|carrot cake|lemon cake|ramen|kebab"
    "|hummus|falafel|moussaka|shepherd's pie|fish and chips|roast chicken|meatballs|baked beans|porridge|scrambled eggs|toast"
    "|French toast|crepes|gnocchi|ravioli|spaghetti|mac and cheese|chili|burritos|nachos|quiche|ratatouille|a club sandwich"
    "|a burger|coleslaw|couscous|biryani|dal|naan|samosas|spring rolls|pad thai|miso soup|borscht|pierogi|schnitzel|fondue"
    "|cheesecake|tiramisu|brownies|scones|rice pudding|gingerbread|banana bread|fruit salad|ice cream"
).split("|")
FOOD_WORDS = (
    "apple apricot artichoke aubergine avocado banana barley bean beetroot berry cabbage carrot cauliflower celery cheese cherry"
    " chestnut chicken chickpea coconut corn courgette cranberry cucumber fennel fig fish garlic ginger hazelnut herb honey leek"
    " lemon lentil lime mango mint mushroom mustard nut oat olive onion orange parsley parsnip pea peach pear pepper pineapple"
    " plum potato prawn pumpkin radish raspberry rhubarb rice salmon sesame spinach strawberry tofu tomato trout tuna turkey"
    " turnip vanilla walnut"
).split()
DISH_FORMS = (
    "soup stew pie tart curry salad bread cake risotto pasta casserole wrap sandwich omelette pudding muffins gratin"
    " dumplings pancakes bake broth crumble roll skewers"
).split()
SUBJECTS = (
    "solar panels|cheap flights|electric cars|garden tools|old maps|chess openings|jazz festivals|green tea|hiking boots|bird songs"
    "|tax forms|wild mushrooms|language courses|python tutorials|train tickets|mountain bikes|rainy days|black holes|board games"
    "|coffee machines|house plants|city parks|winter coats|recipes for soup|sleep|history of Rome|the moon|penguins|volcanoes"
    "|machine learning|open source|river boats|violin lessons|used books|night trains|water filters|football results|new films"
    "|ancient Egypt|home insurance|sourdough|stamp collecting|climate policy|public libraries|school holidays|remote work"
    "|healthy breakfasts|knitting patterns|bicycle repair|dog training|wind turbines|dinosaurs|comets|coral reefs|medieval castles"
    "|street food|local elections|second-hand furniture|travel insurance|data protection|urban gardens|speech recognition"
    "|paper planes|steam engines|beekeeping|rent prices|bus timetables|ski resorts|modern art|film music|folk tales|car sharing"
    "|cheese making|running plans|swimming pools|heat pumps|noise at night|glaciers|migration of birds|origins of chess"
    "|the Vikings|the Silk Road|life on Mars|how bridges are built|why cats purr|how to fold a shirt|how to grow basil"
).split("|")
TEXTS = (
    "I will be late|see you tomorrow|happy birthday|the train is delayed|please call me back|thank you for the help|lunch at noon"
    "|I am on my way|the report is ready|meeting moved to Friday|do not forget the keys|welcome to the team|buy milk|call the bank"
    "|water the plants|good luck today|the door is open|dinner is ready|can we talk|I need more time|the parcel has arrived"
    "|all tests pass|the server is down|good morning|where is the book|I like this song|no sugar please|pick up the children"
    "|send the invoice|clean the kitchen|the cat is hungry|we won the game|it is snowing|the lift is broken|see the attached file"
).split("|")
TITLES = (
    "team meeting|dentist|lunch with the team|project review|yoga class|board meeting|piano lesson|job interview|birthday party|planning"
    "|release party|book club|standup|parents evening|haircut|dinner|workshop|training|school play|football practice|budget talk"
    "|doctor's appointment|picnic|wedding|farewell drinks|movie night|opening night|rehearsal|flea market|open day|kick-off"
    "|retrospective|all-hands|guided tour|poetry reading|charity run|chess evening|choir practice|garden party|house warming"
    "|driving lesson|exam|graduation|lecture|conference|hackathon|product launch|vet appointment|car service|quiz night"
).split("|")
TITLE_NOUNS = (
    "meeting lesson class workshop review talk party course session tour appointment exhibition concert festival call seminar"
    " training lunch interview contest presentation evening fair walk"
).split()
BOOKS = (
    "The Silent Lake|Winter Roads|A House of Salt|The Last Signal|Blue Hours|The Paper Garden|Night Ferry|Under the Elms|The Clockmaker"
    "|Letters from the North|Small Storms|The Ninth Door|River of Glass|The Quiet Map|Stone and Feather|A Year of Rain|Iron Harbour"
    "|The Green Lamp|Seven Bridges|The Fog Keeper|Open Water|Dust and Honey|The Long Table|Copper Moon|Birds of Autumn"
).split("|")
COLOURS = (
    "red blue green yellow black white orange purple pink brown grey silver gold turquoise beige violet crimson maroon navy"
    " teal olive lilac cream ivory bronze copper mint coral indigo scarlet mustard charcoal peach khaki magenta cyan lavender"
).split()
SHADES = "dark light pale bright deep dull warm".split()
PLAIN_COLOURS = "red blue green yellow orange purple pink brown grey turquoise violet".split()
JOBS = (
    "teacher|nurse|baker|doctor|engineer|farmer|painter|pilot|singer|lawyer|carpenter|cook|writer|plumber|driver|gardener"
    "|programmer|librarian|dentist|tailor|electrician|waiter|judge|actor|designer|student|mechanic|florist|architect|accountant"
    "|barber|beekeeper|biologist|bookseller|bricklayer|bus driver|butcher|cashier|chef|chemist|cleaner|clerk|coach|composer"
    "|consultant|courier|dancer|data analyst|detective|diver|economist|editor|firefighter|fisherman|forester|geologist|glazier"
    "|goldsmith|hairdresser|historian|illustrator|interpreter|janitor|jeweller|journalist|locksmith|mason|midwife|miller|miner"
    "|musician|optician|paramedic|pharmacist|photographer|physicist|police officer|potter|printer|professor|psychologist"
    "|receptionist|reporter|roofer|sailor|scientist|sculptor|secretary|shepherd|shoemaker|social worker|soldier|surgeon|surveyor"
    "|taxi driver|translator|travel agent|upholsterer|veterinarian|watchmaker|web developer|welder|zookeeper"
).split("|")
JOB_FORMS = "designer inspector manager driver technician trainer seller researcher assistant guide repairer maker".split()
HOBBIES = (
    "chess swimming reading hiking painting cooking dancing skiing running gardening singing cycling sailing tennis football"
    " knitting photography climbing fishing yoga drawing baking travelling surfing archery astronomy badminton basketball"
    " birdwatching boxing calligraphy camping canoeing carpentry crosswords darts embroidery fencing golf gymnastics handball"
    " hockey juggling judo karate kayaking magic origami pottery quilting rowing rugby sculpting sewing skating snowboarding"
    " squash theatre volleyball weaving woodwork writing"
).split()
HOBBY_FORMS = "collecting|restoring|painting|repairing|photographing|drawing|making".split("|")
LANGUAGES = (
    "English German French Spanish Italian Portuguese Dutch Polish Turkish Japanese Chinese Korean Arabic Hindi Swedish Danish"
    " Norwegian Finnish Greek Russian Czech Hungarian Ukrainian Romanian Bulgarian Croatian Serbian Slovak Slovenian Estonian"
    " Latvian Lithuanian Icelandic Irish Welsh Catalan Basque Hebrew Persian Urdu Bengali Tamil Thai Vietnamese Malay Swahili"
    " Zulu Amharic Albanian Armenian Georgian Latin Esperanto Mongolian Nepali Somali"
).split()
COUNTRIES = (
    "France|Germany|Spain|Italy|Norway|Sweden|Poland|Japan|China|India|Brazil|Peru|Chile|Egypt|Kenya|Canada|Mexico|Greece|Turkey"
    "|Portugal|Austria|Belgium|Denmark|Finland|Iceland|Ireland|Vietnam|Thailand|Morocco|Ghana|Albania|Algeria|Argentina|Armenia"
    "|Australia|Bolivia|Bulgaria|Cambodia|Cameroon|Colombia|Costa Rica|Croatia|Cuba|Cyprus|Ecuador|Estonia|Ethiopia|Georgia|Hungary"
    "|Indonesia|Israel|Jamaica|Jordan|Latvia|Lebanon|Lithuania|Luxembourg|Malaysia|Malta|Mongolia|Nepal|New Zealand|Nigeria"
    "|Pakistan|Panama|Paraguay|Romania|Rwanda|Senegal|Serbia|Slovakia|Slovenia|South Africa|South Korea|Sri Lanka|Switzerland"
    "|Tanzania|Tunisia|Uganda|Ukraine|Uruguay|Zambia"
).split("|")
CURRENCIES = "USD EUR GBP JPY CHF SEK NOK DKK PLN CZK INR CAD AUD BRL MXN CNY KRW ZAR HUF RON TRY THB SGD NZD ILS EGP".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
WEATHER = (
    "sunny cloudy rainy windy foggy snowy stormy clear cold warm dry humid mild overcast hazy icy hot wet breezy misty freezing"
    " cool chilly showery bright muggy drizzly frosty thundery gusty calm grey"
).split()
STATUSES = (
    "shipped delivered pending cancelled confirmed open closed active paid unpaid sent saved created deleted done ready"
    " delayed approved rejected running finished on_hold booked available archived assigned blocked completed denied draft"
    " expired failed in_progress in_review in_transit inactive locked lost missing new offline online overdue packed paused"
    " planned postponed processing published queued received refunded reserved resolved returned scheduled signed sold_out"
    " started stopped submitted suspended unknown updated waiting"
).split()
ROOMS = (
    "kitchen|living room|bedroom|bathroom|hallway|garage|garden|office|attic|cellar|balcony|guest room|dining room|library|studio"
    "|laundry room|nursery|playroom|pantry|terrace|conference room|meeting room|workshop|lobby|reception|basement|staircase"
    "|conservatory|music room|storage room|classroom|canteen|server room|shed|porch"
).split("|")
ROOM_FORMS = "room hall corner corridor office studio".split()
ANIMALS = (
    "dog cat rabbit parrot hamster horse goat turtle pony goldfish canary hen sheep donkey duck badger bat bear beaver bison"
    " budgie camel chameleon chicken chinchilla cow crab crow deer dolphin eagle elephant falcon ferret finch fox frog gecko"
    " gerbil giraffe goose hawk hedgehog heron iguana kangaroo koala lama leopard lion lizard llama lynx mole monkey moose mouse"
    " mule newt octopus ostrich otter owl panda peacock pelican penguin pig pigeon puffin raven seal shark snail snake sparrow"
    " spider squirrel stork swan tiger toad tortoise whale wolf zebra"
).split()
PET_NAMES = (
    "Rex Luna Bella Fluffy Milo Rocky Coco Nero Shadow Biscuit Daisy Pepper Ginger Waldo Toffee Misty Bruno Kiwi Bandit Bertie"
    " Bubbles Buddy Button Caramel Cinnamon Clover Cookie Dumpling Felix Fudge Gizmo Hazel Honey Jasper Juno Lucky Mango Maple"
    " Marbles Mochi Momo Muffin Nala Noodle Nugget Nutmeg Olive Oreo Oscar Patch Peanut Pebbles Pickle Pip Pixel Poppy Pumpkin"
    " Rusty Sandy Simba Smokey Snowy Socks Sparky Sunny Teddy Tiger Tiggy Truffle Waffle Whiskers Willow Zeus Ziggy"
).split()
STREETS = "Main Street|High Street|Park Road|Mill Lane|Station Road|Church Lane|King Street|Lake Avenue|Oak Drive|Garden Street|Hill Road|River Road|Elm Street|Rose Lane|Bridge Street".split(
    "|"
)
STREET_STARTS = (
    "Abbey Acorn Albert Apple Ash Baker Barn Bay Beech Birch Bishop Castle Cedar Chapel Cherry Chestnut Clay College Copper"
    " Cross Cypress East Farm Fern Ferry Field Forest Fountain Garden George Grange Green Harbour Hazel Heath Holly Hope Ivy"
    " Juniper Linden London Maple Market Meadow Mill Moss Museum New North Olive Orchard Pine Poplar Port Quarry Queen Raven"
    " School Silver South Spring Stone Swan Temple Tower Union Valley Victoria Walnut Water West Willow Windmill York"
).split()
STREET_ENDS = "Street Road Lane Avenue Drive Way Square Close Court Alley Hill Row Terrace Boulevard Place Crescent".split()
COMPANIES = (
    "Acme|Globex|Nordwind|Bluebird|Initech|Solaris|Kestrel|Umbra|Fernweh|Quanta|Brightside|Lumen|Octavia|Pinewood|Stellar"
    "|Alpina|Argo|Baltica|Cobalt|Corvus|Delphin|Everline|Falkner|Granit|Helio|Ibex|Juno|Kompass|Larkfield|Meridian|Nimbus"
    "|Orbita|Polaris|Quill|Redwood|Sable|Tundra|Ursa|Vertex|Westwind|Xylo|Zephyr"
).split("|")
COMPANY_ENDS = (
    "Ltd|GmbH|Inc|& Sons|Group|Labs|Systems|Foods|Energy|Media|Logistics|Partners|Software|Tools|Travel|Motors|Bank|Design"
    "|Books|Works|Airlines|Hotels|Brothers"
).split("|")
GENRES = (
    "jazz rock pop classical folk blues techno reggae metal soul ambient bluegrass country dance disco dub flamenco"
    " funk gospel grunge house indie latin opera punk salsa samba ska swing synth tango trance"
).split()
ARTISTS = "The Tin Roofs|Green Harbour|Blue Comet|Grand Hotel Band|The Lanterns|The Quiet Ones|North Choir|The Old Trains|Silver Pines|Duo Amaro".split(
    "|"
)
MATERIALS = (
    "wood steel glass cotton wool leather plastic paper stone clay silk linen copper brass iron aluminium bamboo rubber cork"
    " concrete marble granite oak pine felt velvet denim nylon wax tin bronze silver cardboard canvas ceramic porcelain"
).split()
SPORTS = (
    "tennis football swimming running basketball volleyball cycling hockey skiing climbing judo rowing golf yoga sailing"
    " badminton boxing handball archery baseball biathlon bowling cricket curling diving fencing gymnastics karate kayaking"
    " lacrosse polo rugby skating snowboarding softball squash surfing triathlon wrestling karting"
).split()
INSTRUMENTS = (
    "piano violin guitar flute drums cello trumpet harp accordion bagpipes banjo bassoon clarinet cornet fiddle"
    " harmonica horn keyboard lute lyre mandolin oboe organ piccolo recorder saxophone sitar tambourine trombone tuba ukulele"
    " viola xylophone zither"
).split()
MOODS = (
    "happy sad tired angry calm excited nervous bored proud lonely cheerful worried relaxed curious confused hopeful grumpy"
    " jealous grateful scared surprised disappointed sleepy restless confident shy annoyed content anxious thoughtful"
).split()
VEGETABLES = (
    "carrots peas beans spinach cabbage broccoli cucumbers onions leeks beetroot artichokes asparagus aubergines cauliflower"
    " celery chard courgettes fennel garlic kale lettuce okra parsnips peppers potatoes pumpkin radishes rocket squash tomatoes turnips"
).split()
NUMBER_WORDS = "zero one two three four five six seven eight nine ten".split()
ADJECTIVES = (
    "wooden old new small large red blue green white black grey round square flat long short tall wide narrow heavy light soft"
    " hard smooth rough warm cold dry wet bright dark clean dusty plain striped spotted folded broken repaired used rare common"
    " cheap expensive modern antique portable foldable electric wireless manual digital silent loud quick slow fresh frozen"
    " sweet sour spicy salty local foreign northern southern eastern western public private open closed empty full double"
    " single spare extra tiny huge curved straight hollow solid thick thin sharp blunt golden silver copper leather cotton"
    " woollen paper plastic metal glass stone ceramic painted polished rusty shiny woven knitted printed handmade recycled"
    " waterproof magnetic adjustable simple fancy secret hidden early late lost wild quiet gentle brave clever strange famous"
    " little happy orange purple yellow brown pink"
).split()
NOUNS = (
    "shelf ticket machine table chair desk lamp door window wall floor roof garden tree flower leaf branch root seed bench path"
    " road bridge river lake sea island beach boat ship sail anchor rope net fish bird nest feather wing egg hen horse saddle"
    " cart wheel engine train station platform bus tram car truck van bicycle helmet bell brake pedal tyre pump bottle cup mug"
    " glass plate bowl spoon fork knife pan pot kettle oven stove fridge freezer sink tap bucket sponge towel soap brush comb"
    " mirror razor blanket pillow sheet mattress bed sofa carpet curtain cushion vase candle clock watch ring necklace bracelet"
    " brooch button zip pocket shirt jacket coat hat cap scarf glove sock shoe boot sandal belt tie dress skirt apron uniform"
    " bag basket suitcase trunk wallet purse coin note key lock chain hook nail screw bolt hammer saw drill plane chisel file"
    " axe ladder rake spade shovel hose fence gate post barn shed stable tower castle palace church temple school library museum"
    " theatre cinema hotel hostel inn tavern kitchen office factory mill mine quarry harbour market shop stall counter till"
    " receipt invoice letter envelope stamp parcel box crate barrel sack jar tin can tube packet bundle pile stack list label"
    " sign poster map chart graph diagram picture frame photo album book page chapter poem story novel diary calendar notebook"
    " folder binder pen pencil crayon chalk ink paint easel canvas statue mask puppet doll toy ball kite puzzle card dice board"
    " game piano violin guitar drum flute trumpet harp song tune concert stage ticket seat camera lens film screen monitor"
    " keyboard mouse printer scanner cable plug socket switch battery charger torch bulb fan heater filter sensor router server"
    " tablet phone radio speaker microphone headset antenna satellite rocket planet moon star comet cloud storm rain snow ice"
    " fog wind sun shadow rainbow mountain hill valley cave cliff rock pebble sand mud clay forest meadow field farm orchard"
    " vineyard desert swamp pond stream waterfall spring well canal dam apple pear plum cherry grape lemon melon berry nut"
    " carrot onion potato tomato pepper cabbage bean pea mushroom herb spice salt sugar honey butter cheese bread cake pie"
    " biscuit soup stew salad sauce juice tea coffee dog cat rabbit mouse fox wolf bear deer goat sheep cow pig donkey camel"
    " lion tiger monkey elephant whale seal otter owl crow swan duck goose pigeon sparrow frog toad snake lizard turtle snail"
    " spider bee ant moth butterfly beetle doctor nurse teacher pilot sailor farmer baker painter singer dancer actor king queen"
    " knight wizard giant pirate robot ghost dragon tunnel corridor staircase lift balcony chimney tile brick plank pipe valve"
    " gear lever spring magnet needle thread yarn fabric ribbon lace patch tent hammock compass whistle flag medal trophy"
).split()
NOUNS = list(dict.fromkeys(NOUNS))

Part = str | Sequence[str] | Callable[[random.Random], str]
Said = tuple[str, Any]
"""How a value is said, and the value."""


@dataclass(frozen=True)
class Kind:
    """A kind of value: what a schema says of it, and how one is made."""

    schema: dict[str, Any]
    make: Callable[[random.Random], Said]


def first_name(rng: random.Random) -> str:
    """Return a name, one in four invented, none of the eval's."""
    while True:
        name = rng.choice(FIRST_NAMES) if rng.random() < 0.75 else _short_word(rng).capitalize()
        if not held_out(name):
            return name


def full_name(rng: random.Random) -> str:
    """Return a first and a last name, neither of the eval's."""
    while True:
        last = rng.choice(LAST_NAMES) if rng.random() < 0.75 else _short_word(rng).capitalize()
        name = f"{first_name(rng)} {last}"
        if not held_out(last) and not held_out(name):
            return name


def person(rng: random.Random) -> str:
    """Return a first name, or a first and a last name."""
    return first_name(rng) if rng.random() < 0.5 else full_name(rng)


def city(rng: random.Random) -> str:
    """Return a city, one in four invented."""
    return rng.choice(CITIES) if rng.random() < 0.75 else _short_word(rng).capitalize()


def _short_word(rng: random.Random) -> str:
    while True:
        word = invented_word(rng)
        if 3 <= len(word) <= 8:
            return word


def invented(rng: random.Random) -> str:
    """Return an invented word, or two of them."""
    word = _short_word(rng).lower()
    return word if rng.random() < 0.7 else f"{word} {_short_word(rng).lower()}"


def date(rng: random.Random) -> str:
    """Return a date as people or programs write it."""
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    if rng.random() < 0.5:
        return f"{rng.randint(2019, 2031)}-{month:02}-{day:02}"
    return rng.choice((f"{day} {MONTHS[month - 1]}", f"{MONTHS[month - 1]} {day}"))


def day(rng: random.Random) -> str:
    """Return a weekday, a date, or today or tomorrow."""
    if rng.random() < 0.08:
        return rng.choice(("today", "tomorrow"))
    return rng.choice(WEEKDAYS) if rng.random() < 0.5 else date(rng)


def tidied(said: str) -> str:
    """Return a sentence without the "on" that stands before other days than these."""
    return said.replace(" on today", " today").replace(" on tomorrow", " tomorrow")


def time(rng: random.Random) -> str:
    """Return a time of the day."""
    hour = rng.randint(0, 23)
    minute = rng.choice((0, 0, 15, 30, 45, rng.randint(0, 59)))
    if rng.random() < 0.25:
        return f"{rng.randint(1, 12)} {rng.choice(('am', 'pm'))}"
    return f"{hour:02}:{minute:02}" if rng.random() < 0.6 else f"{hour}:{minute:02}"


def number(rng: random.Random) -> int:
    """Return a whole number: small ones more often than large ones."""
    return rng.randint(0, 10 ** rng.choice((1, 1, 2, 2, 3, 4)))


def code(rng: random.Random) -> str:
    """Return an order number, a ticket's id, a product's code."""
    letters = "".join(rng.choice("ABCDEFGHKLMNPRSTUVWXZ") for _ in range(rng.randint(1, 3)))
    digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(2, 5)))
    return rng.choice((f"{letters}{digits}", f"{letters}-{digits}", f"{digits}{letters}", f"#{digits}"))


def email(rng: random.Random) -> str:
    """Return an address."""
    name = first_name(rng).lower()
    if rng.random() < 0.3:
        name += rng.choice((".", "_")) + rng.choice(LAST_NAMES).lower()
    domain = rng.choice(("example", "mail", "post", "home", "work", _short_word(rng).lower()))
    return f"{name}@{domain}.{rng.choice(('com', 'org', 'net', 'de', 'io'))}"


def phone(rng: random.Random) -> str:
    """Return a telephone number."""
    digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(4, 7)))
    return rng.choice((f"555-{digits[:4]}", f"0{digits[:3]} {digits[3:]}0", f"+49 {digits}"))


_PEOPLE = "the team|the guests|my sister|our neighbour|the driver|your boss|the doctor|the children|your mother|the plumber".split(
    "|"
)
_WHENS = "today|tomorrow|at noon|tonight|on Monday|on Friday|next week|this evening|in the morning|in ten minutes".split(
    "|"
)
_STATES = (
    "is ready|is late|is broken|is missing|is too loud|is open|is closed|has arrived|was sold|is on the table|is still wet"
    "|is back|looks great|needs a repair|costs too much|is in the cellar|was stolen|works again|is full|is gone"
).split("|")
_WISHES = (
    "please bring|do not forget|I need|I found|I lost|we sold|can you fix|please clean|where is|who has|I like|I cannot find|send me"
    "|look at|thank you for|we still need|remember to buy|please return|I am waiting for|have you seen"
).split("|")


def text(rng: random.Random) -> str:
    """Return a short message."""
    form = rng.random()
    if form < 0.25:
        return rng.choice(TEXTS)
    if form < 0.32:
        return " ".join(invented(rng) for _ in range(rng.randint(2, 3)))
    the = rng.choice(("the", "the", "the", "your", "my", "our"))
    what = thing(rng) if rng.random() < 0.6 else rng.choice(NOUNS)
    if form < 0.55:
        said = f"{the} {what} {rng.choice(_STATES)}"
    elif form < 0.8:
        said = f"{rng.choice(_WISHES)} {the} {what}"
    elif form < 0.9:
        said = f"{rng.choice(('see you', 'call me', 'I will be back', 'dinner', 'meet me', 'we leave', 'the show starts'))} {rng.choice(_WHENS)}"
        return said
    else:
        said = f"{rng.choice(_PEOPLE)} {rng.choice(('will come', 'called', 'asked for you', 'will call back', 'is waiting', 'has a question'))}"
        if "children is" in said or "guests is" in said or "children has" in said or "guests has" in said:
            said = said.replace(" is ", " are ").replace(" has ", " have ")
    return (
        f"{said} {rng.choice(_WHENS)}"
        if rng.random() < 0.12 and "was " not in said and "found" not in said
        else said
    )


def thing(rng: random.Random) -> str:
    """Return a noun phrase that no list has: `wooden shelf`, `ticket machine`, `small paper boat`, now and then an invented word."""
    form = rng.random()
    noun = rng.choice(NOUNS)
    if form < 0.45:
        return f"{rng.choice(ADJECTIVES)} {noun}"
    if form < 0.75:
        other = rng.choice(NOUNS)
        return f"{other} {noun}" if other != noun else noun
    if form < 0.82:
        return f"{rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} {noun}"
    return noun if form < 0.9 else invented(rng)


def plural(noun: str) -> str:
    """Return the plural of a noun phrase, where it is a regular one."""
    if noun.endswith(("s", "x", "ch", "sh", "tato", "mato")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def is_plural(name: str) -> bool:
    """Return whether the name of a key is a plural."""
    if name.endswith(("ss", "us", "is", "species", "series", "news")) or "number" in name:
        return False
    return name.endswith("s") or name in ("people", "staff", "children") or "s_" in name or "s " in name


_IRREGULAR = "knife leaf fish mouse sheep goose scarf key-ring shelf wolf deer cow salmon tram".split()


def things(rng: random.Random) -> str:
    """Return such a noun phrase in the plural."""
    while (phrase := thing(rng)).rpartition(" ")[2] in _IRREGULAR:
        pass
    return plural(phrase)


_VOWEL = re.compile(r"(?!one|eu)[aeio]|hour|u(?!s[ei]|ni|k|ruguay|tah)|8|1[18](?!\d)", re.IGNORECASE)


def article_of(phrase: str) -> str:
    """Return `a` or `an`, as it stands before the phrase."""
    return "an" if _VOWEL.match(phrase) else "a"


def with_article(phrase: str) -> str:
    """Return the phrase after `a` or `an`."""
    return f"{article_of(phrase)} {phrase}"


def without_article(phrase: str) -> str:
    """Return the phrase without the `a` or `an` that it begins with."""
    return re.sub(r"^an? ", "", phrase)


def item(rng: random.Random) -> str:
    """Return something that people buy."""
    form = rng.random()
    if form < 0.6:
        return rng.choice(ITEMS)
    if form < 0.75:
        return things(rng)
    return with_article(thing(rng)) if form < 0.85 else thing(rng)


FOOD_STATES = "fresh dried frozen red green chopped sweet smoked".split()
SUBJECT_STARTS = "cheap|history of|how to paint|best|pictures of|prices of|news about|types of|used".split(
    "|"
)
ROOM_NUMBERS = [str(number) for number in range(1, 41)]


class Form:
    """A share of the values, and their parts: words as they are, one of a list, or what is made."""

    def __init__(self, share: float, *parts: Part) -> None:
        self.share = share
        self.parts = parts


def composed(*forms: Form) -> Callable[[random.Random], str]:
    """Return what makes values of these forms; the parts stand with a space between."""
    shares = [form.share for form in forms]

    def make(rng: random.Random) -> str:
        return " ".join(_made_part(part, rng) for part in rng.choices(forms, shares)[0].parts)

    return make


def _made_part(part: Part, rng: random.Random) -> str:
    if isinstance(part, str):
        return part
    return part(rng) if callable(part) else rng.choice(part)


dish = composed(
    Form(0.5, DISHES),
    Form(0.35, FOOD_WORDS, DISH_FORMS),
    Form(0.07, FOOD_WORDS, "and", FOOD_WORDS, DISH_FORMS),
    Form(0.08, invented),
)
"""What people cook."""
food = composed(
    Form(0.55, FOOD_WORDS),
    Form(0.25, VEGETABLES),
    Form(0.1, FOOD_STATES, FOOD_WORDS),
    Form(0.1, invented),
)
"""What people cook with."""
subject = composed(
    Form(0.45, SUBJECTS),
    Form(0.25, things),
    Form(0.1, SUBJECT_STARTS, things),
    Form(0.1, things, "in", city),
    Form(0.1, invented),
)
"""What people search for."""
colour = composed(
    Form(0.65, COLOURS),
    Form(0.22, SHADES, PLAIN_COLOURS),
    Form(0.13, invented),
)
"""Colours."""
job = composed(
    Form(0.72, JOBS),
    Form(0.21, NOUNS, JOB_FORMS),
    Form(0.07, invented),
)
"""Professions."""
hobby = composed(
    Form(0.72, HOBBIES),
    Form(0.21, HOBBY_FORMS, things),
    Form(0.07, invented),
)
"""What people do with their time."""
room = composed(
    Form(0.6, ROOMS),
    Form(0.1, "room", ROOM_NUMBERS),
    Form(0.13, ADJECTIVES, ROOM_FORMS),
    Form(0.12, NOUNS, ROOM_FORMS),
    Form(0.05, invented),
)
"""Rooms."""
animal = composed(
    Form(0.75, ANIMALS),
    Form(0.15, ADJECTIVES, ANIMALS),
    Form(0.1, invented),
)
"""Animals."""
genre = composed(
    Form(0.7, GENRES),
    Form(0.18, ADJECTIVES, GENRES),
    Form(0.12, invented),
)
"""Kinds of music."""


def _one_dish(rng: random.Random) -> str:
    while " and " in (found := dish(rng)):
        pass
    return found


def title(rng: random.Random) -> str:
    """Return what is in a calendar."""
    form = rng.random()
    if form < 0.45:
        return rng.choice(TITLES)
    if form < 0.75:
        return f"{rng.choice(NOUNS) if rng.random() < 0.7 else rng.choice(HOBBIES)} {rng.choice(TITLE_NOUNS)}"
    if form < 0.9:
        return f"{rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} {rng.choice(TITLE_NOUNS)}"
    return f"{invented(rng)} {rng.choice(TITLE_NOUNS)}" if form < 0.96 else invented(rng)


def book(rng: random.Random) -> str:
    """Return the title of a book or a film."""
    form = rng.randrange(10)
    noun, other, adjective = (
        rng.choice(NOUNS).capitalize(),
        rng.choice(NOUNS).capitalize(),
        rng.choice(ADJECTIVES).capitalize(),
    )
    if form < 2:
        return rng.choice(BOOKS)
    if form < 4:
        return f"The {adjective} {noun}"
    return (
        f"{noun} of {other}",
        f"The {noun} and the {other}",
        f"My {adjective} {noun}",
        f"The {noun} in the {other}",
        f"{rng.choice(('Letters to', 'A Song for', 'Waiting for', 'The Return of', 'Goodbye to'))} {first_name(rng)}",
        f"{rng.choice(('The', 'Beyond the', 'Under the', 'Before the', 'Behind the', 'Last', 'No'))} {noun if form < 9 else invented(rng).title()}",
    )[form - 4]


def street(rng: random.Random) -> str:
    """Return a street."""
    form = rng.random()
    if form < 0.2:
        return rng.choice(STREETS)
    start = rng.choice(STREET_STARTS) if form < 0.75 else _short_word(rng).capitalize()
    return f"{start} {rng.choice(STREET_ENDS)}"


def company(rng: random.Random) -> str:
    """Return a company."""
    form = rng.random()
    start = rng.choice(COMPANIES) if form < 0.45 else _short_word(rng).capitalize()
    if form > 0.65:
        start = rng.choice(
            (rng.choice(NOUNS).capitalize(), rng.choice(LAST_NAMES), rng.choice(ADJECTIVES).capitalize())
        )
        return f"{start} {rng.choice(COMPANY_ENDS)}"
    return f"{start} {rng.choice(COMPANY_ENDS)}" if rng.random() < 0.4 else start


def artist(rng: random.Random) -> str:
    """Return a musician or a band."""
    form = rng.random()
    if form < 0.2:
        return rng.choice(ARTISTS)
    if form < 0.4:
        return full_name(rng)
    if form < 0.6:
        return f"The {plural(rng.choice(NOUNS).capitalize())}"
    if form < 0.85:
        return f"{rng.choice(('', 'The '))}{rng.choice(ADJECTIVES).capitalize()} {plural(rng.choice(NOUNS).capitalize())}"
    return " ".join(word.capitalize() for word in invented(rng).split())


def brand(rng: random.Random) -> str:
    """Return a brand or a model of something."""
    word = _short_word(rng).capitalize() if rng.random() < 0.5 else rng.choice(COMPANIES)
    return (
        f"{word} {rng.choice(('X', 'S', 'T', 'Pro ', 'Mini ', ''))}{rng.randint(1, 90)}"
        if rng.random() < 0.3
        else word
    )


def pet_name(rng: random.Random) -> str:
    """Return a pet's name."""
    form = rng.random()
    return (
        rng.choice(PET_NAMES)
        if form < 0.65
        else _short_word(rng).capitalize()
        if form < 0.9
        else first_name(rng)
    )


def status(rng: random.Random) -> str:
    """Return a status."""
    form = rng.random()
    if form < 0.75:
        return rng.choice(STATUSES)
    if form < 0.9:
        return f"{rng.choice(('partly', 'almost', 'not', 'newly', 'fully', 'recently'))} {rng.choice(STATUSES).replace('_', ' ')}"
    return invented(rng)


def currency(rng: random.Random) -> str:
    """Return a currency's code, now and then one that no country has."""
    return (
        rng.choice(CURRENCIES)
        if rng.random() < 0.8
        else "".join(rng.choice("ABCDEFGHKLMNPRSTUVXZ") for _ in range(3))
    )


def language(rng: random.Random) -> str:
    """Return a language, one in four invented."""
    return rng.choice(LANGUAGES) if rng.random() < 0.75 else _short_word(rng).capitalize()


def country(rng: random.Random) -> str:
    """Return a country, one in four invented."""
    return rng.choice(COUNTRIES) if rng.random() < 0.75 else _short_word(rng).capitalize()


def duration(rng: random.Random) -> str:
    """Return how long something takes."""
    count, unit = rng.randint(1, 59), rng.choice(("minute", "hour", "day", "week", "month", "second"))
    return f"{count} {unit}{'' if count == 1 else 's'}"


def distance(rng: random.Random) -> str:
    """Return how far something is."""
    return f"{rng.randint(2, 900)} {rng.choice(('km', 'm', 'miles', 'metres', 'kilometres', 'cm'))}"


def listed(words: list[str], rng: random.Random) -> str:
    """Return the words as a sentence lists them."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + rng.choice((" and ", " and ", ", ")) + words[-1]


def _price(rng: random.Random) -> Said:
    price = rng.choice(
        (float(rng.randint(1, 200)), round(rng.uniform(1, 200), 2), round(rng.uniform(0, 20), 1))
    )
    value: float = int(price) if price == int(price) else price
    return str(value), value


def _count(rng: random.Random) -> Said:
    value = rng.randint(1, 12) if rng.random() < 0.7 else rng.randint(1, 99)
    return (NUMBER_WORDS[value] if value <= 10 and rng.random() < 0.12 else str(value)), value


def _string(make: Callable[[random.Random], str], invented_share: float = 0.0) -> Kind:
    def said(rng: random.Random) -> Said:
        value = invented(rng) if rng.random() < invented_share else make(rng)
        return value, value

    return Kind({"type": "string"}, said)


def _named_thing(make: Callable[[random.Random], str]) -> Kind:
    """Return a kind that may be said with an article, and is a bare name as a value."""

    def said(rng: random.Random) -> Said:
        text = make(rng)
        return text, without_article(text)

    return Kind({"type": "string"}, said)


def _choice(words: list[str], invented_share: float = 0.2) -> Kind:
    return _string(lambda rng: rng.choice(words), invented_share)


def _integer(low: int, high: int) -> Kind:
    def said(rng: random.Random) -> Said:
        value = rng.randint(low, high)
        return str(value), value

    return Kind({"type": "integer"}, said)


def _number(rng: random.Random) -> Said:
    value = number(rng)
    return str(value), value


def _decimal(rng: random.Random) -> Said:
    value = round(rng.uniform(0, 10 ** rng.choice((0, 1, 2))), rng.choice((1, 2)))
    return str(value), value


def _flag(yes: str, no: str) -> Kind:
    def said(rng: random.Random) -> Said:
        value = rng.random() < 0.5
        return (yes if value else no), value

    return Kind({"type": "boolean"}, said)


def _made(
    make: Callable[[random.Random], str], value: Callable[[str], str] = str
) -> Callable[[random.Random], Said]:
    def several(rng: random.Random) -> Said:
        chosen = distinct(make, rng, rng.randint(2, 4))
        return listed(chosen, rng), [value(one) for one in chosen]

    return several


NUMBER_SCHEMA = {"type": "number"}
LIST_SCHEMA = {"type": "array", "items": {"type": "string"}}
KINDS: dict[str, Kind] = {
    "name": _string(person),
    "first_name": _string(first_name),
    "full_name": _string(full_name),
    "city": _string(city),
    "item": _named_thing(item),
    "thing": _string(thing),
    "dish": _named_thing(dish),
    "subject": _string(subject),
    "text": _string(text),
    "title": _string(title),
    "book": _string(book),
    "colour": _string(colour),
    "job": _string(job),
    "hobby": _string(hobby),
    "language": _string(language),
    "country": _string(country),
    "currency": _string(currency),
    "weekday": _choice(WEEKDAYS, 0.0),
    "month": _choice(MONTHS, 0.0),
    "weather": _choice(WEATHER),
    "status": _string(status),
    "room": _string(room),
    "animal": _string(animal),
    "pet": _string(pet_name),
    "street": _string(street),
    "company": _string(company),
    "genre": _string(genre),
    "artist": _string(artist),
    "brand": _string(brand),
    "material": _choice(MATERIALS),
    "sport": _choice(SPORTS),
    "instrument": _choice(INSTRUMENTS),
    "mood": _choice(MOODS),
    "vegetable": _choice(VEGETABLES),
    "duration": _string(duration),
    "distance": _string(distance),
    "word": _string(invented),
    "date": _string(date),
    "day": _string(day),
    "time": _string(time),
    "code": _string(code),
    "email": _string(email),
    "phone": _string(phone),
    "zip": _string(lambda rng: str(rng.randint(10000, 99999))),
    "integer": Kind({"type": "integer"}, _number),
    "id": _integer(100, 99999),
    "count": Kind({"type": "integer"}, _count),
    "dishes": Kind(LIST_SCHEMA, _made(_one_dish, without_article)),
    "things": Kind(LIST_SCHEMA, _made(thing)),
    "cities": Kind(LIST_SCHEMA, _made(city)),
    "small": _integer(1, 10),
    "percent": _integer(0, 100),
    "age": _integer(3, 90),
    "year": _integer(1950, 2030),
    "degrees": _integer(-10, 38),
    "minutes": _integer(1, 120),
    "price": Kind(NUMBER_SCHEMA, _price),
    "decimal": Kind(NUMBER_SCHEMA, _decimal),
    "on_off": _flag("on", "off"),
    "food": _string(food),
    "foods": Kind(LIST_SCHEMA, _made(food)),
    "items": Kind(LIST_SCHEMA, _made(item, without_article)),
    "hobbies": Kind(LIST_SCHEMA, _made(hobby)),
    "names": Kind(
        LIST_SCHEMA,
        lambda rng: (lambda names: (listed(names, rng), names))(distinct(first_name, rng, rng.randint(2, 3))),
    ),
    "colours": Kind(LIST_SCHEMA, _made(colour)),
    "languages": Kind(LIST_SCHEMA, _made(language)),
    "words": Kind(
        LIST_SCHEMA,
        lambda rng: (lambda words: (listed(words, rng), words))(distinct(invented, rng, rng.randint(2, 3))),
    ),
}


def distinct(make: Callable[[random.Random], str], rng: random.Random, count: int) -> list[str]:
    """Return `count` different values."""
    found: list[str] = []
    while len(found) < count:
        value = make(rng)
        if value not in found:
            found.append(value)
    return found


def kind_of(name: str) -> Kind:
    """Return the kind of that name; `a/b/c` is an enum."""
    if "/" not in name:
        return KINDS[name]
    words = name.split("/")
    return Kind({"type": "string", "enum": words}, lambda rng: (lambda word: (word, word))(rng.choice(words)))
