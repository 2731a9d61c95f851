"""What everybody knows: capitals, colours, the days of the week, the months and the seasons."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache

from training import unknowns
from training.asking import ask
from training.dialogue import Turn
from training.grammar import capital, pick

CAPITALS = dict(
    pair.split(": ")
    for pair in (
        "France: Paris, Germany: Berlin, Italy: Rome, Spain: Madrid, Portugal: Lisbon, the United Kingdom: London, Ireland: Dublin, Belgium: Brussels, the Netherlands: Amsterdam, Switzerland: Bern, Austria: Vienna, "
        "Denmark: Copenhagen, Norway: Oslo, Sweden: Stockholm, Finland: Helsinki, Iceland: Reykjavik, Poland: Warsaw, the Czech Republic: Prague, Slovakia: Bratislava, Hungary: Budapest, Slovenia: Ljubljana, Croatia: Zagreb, "
        "Serbia: Belgrade, Romania: Bucharest, Bulgaria: Sofia, Greece: Athens, Turkey: Ankara, Ukraine: Kyiv, Russia: Moscow, Estonia: Tallinn, Latvia: Riga, Lithuania: Vilnius, Malta: Valletta, Albania: Tirana, "
        "Egypt: Cairo, Morocco: Rabat, Tunisia: Tunis, Algeria: Algiers, Kenya: Nairobi, Ethiopia: Addis Ababa, Ghana: Accra, Nigeria: Abuja, Senegal: Dakar, "
        "the United States: Washington, Canada: Ottawa, Mexico: Mexico City, Cuba: Havana, Brazil: Brasilia, Argentina: Buenos Aires, Chile: Santiago, Peru: Lima, Colombia: Bogota, Venezuela: Caracas, Uruguay: Montevideo, Ecuador: Quito, "
        "China: Beijing, Japan: Tokyo, South Korea: Seoul, India: New Delhi, Pakistan: Islamabad, Thailand: Bangkok, Vietnam: Hanoi, the Philippines: Manila, Iran: Tehran, Iraq: Baghdad, Nepal: Kathmandu, Australia: Canberra, New Zealand: Wellington"
    ).split(", ")
)
ALSO_CALLED = {
    "the United States": ["the USA", "the US", "the United States of America", "USA", "America"],
    "the United Kingdom": ["the UK", "Great Britain", "England", "UK", "Britain"],
    "the Netherlands": ["Holland", "Netherlands"],
    "the Czech Republic": ["Czechia"],
    "the Philippines": ["Philippines"],
}
OTHER_COUNTRIES = "Bhutan, Laos, Chad, Mali, Togo, Benin, Gabon, Fiji, Tonga, Samoa, Palau, Haiti, Belize, Guyana, Suriname, Paraguay, Bolivia, Honduras, Nicaragua, Moldova, Armenia, Georgia, Uzbekistan, Oman, Yemen, Qatar, Zambia, Malawi, Rwanda, Burundi, Namibia, Botswana, Lesotho, Angola, Somalia, Eritrea, Myanmar, Brunei, Tuvalu, Kiribati, Andorra, Liechtenstein, Atlantis, Mars, Narnia, California, Bavaria, Europe, Africa".split(
    ", "
)
OTHER_CITIES = "Munich, Hamburg, Milan, Naples, Lyon, Marseille, Barcelona, Porto, Manchester, Zurich, Geneva, New York, Chicago, Los Angeles, Toronto, Sydney, Melbourne, Osaka, Kyoto, Shanghai, Mumbai, Istanbul, Casablanca, Cologne, Krakow, Bergen, Rio de Janeiro, San Francisco, Boston, Venice".split(
    ", "
)
NO_COUNTRIES = (
    "Jupiter, Venus, Saturn, the Moon, Pluto, Neptune, Mordor, Middle-earth, Wonderland, Utopia, Westeros, Gondor, Oz, Neverland, El Dorado, Lilliput, Wakanda, Camelot, Avalon, Shangri-La, Hogwarts, Valhalla, Asgard, Ruritania, "
    "Texas, Florida, Alaska, Hawaii, Ohio, Nevada, Oregon, Utah, Saxony, Hesse, Tyrol, Tuscany, Sicily, Normandy, Brittany, Catalonia, Andalusia, Siberia, Ontario, Quebec, Queensland, Bengal, Crimea, Lapland, Patagonia, "
    "Asia, South America, Antarctica, the Alps, the North Pole, the South Pole, the Sahara, the Pacific, the Atlantic, the Black Sea, the European Union, the world, the universe, the Milky Way, the Roman Empire, the Soviet Union, Prussia, Babylon, "
    "my kitchen, the kitchen, my garden, the fridge, my house, our school, the office, my desk, the cheese, the keyboard, a banana, the sandwich, the internet, the weekend, the library, happiness, my cat, the bus, our street, the ocean, my village, a tree, music, mathematics"
).split(", ")
"""Asked for a capital, none of these has one that the model knows."""
OTHER_PEOPLE = "Peter, Anna, Tom Miller, Mister Smith, my uncle, my brother, Maria, Doctor Green, Captain Hook, Santa Claus, Martlet".split(
    ", "
)
_PLACE_ENDINGS = "ia ia ia land land stan istan onia ania aria ovia esia ica mark burg garia ovo ador istan nesia via dor wald heim ville aland".split()
_PLACE_BEGINNINGS = "New |North |South |East |West |Upper |Lower |Great |Little |San |the Republic of |the Kingdom of |the Isle of |the land of |the planet |the island of |the city of |the country of |the province of |the village of |Old |Port ".split(
    "|"
)
CAPITAL = [
    "{What is|What's|Whats|what is|Name|Tell me|Say|Give me|Do you know|Which is|I need|Remind me of} the capital {|city }of <place>{?|.|}",
    "{What|Which} {city|town|place} is the capital {|city }of <place>{?|}",
    "{What|Which} is <place>'s capital{| city}{?|}",
    "{What's|Name|Tell me|What is|Give me} <place>'s capital{| city}{?|.|}",
    "{Can|Could|Would|Will} you {please |}{tell me|name|give me|say|remind me of} {the capital {|city }of <place>|<place>'s capital|what the capital of <place> is|which city is the capital of <place>}{?|| please?}",
    "{Do you know|I want to know|I would like to know|I wonder|Tell me|Please tell me|Let me know|I'd like to know|I forgot|Do you remember} {what the capital of <place> is|which city is the capital of <place>|what <place>'s capital is|what the capital city of <place> is called}{?|.|}",
    "{The capital|Capital|Capital city|The capital city} of <place>{?||, please.| please| is?| is ...|:}",
    "<place>{'s|:} capital{?||, please.| city?}",
    "<place>: {capital|what is the capital|which capital|its capital, please|capital city}{?|}",
    "{How|What} is the capital {|city }of <place> called{?|}",
    "{What is the name of|Name|Give me the name of|Tell me the name of} {the capital of <place>|<place>'s capital|the capital city of <place>}{?|.|}",
    "{Which|What} capital does <place> have{?|}",
    "{What|Which city} {does <place> have as its capital|has <place> as capital|serves as the capital of <place>|is the seat of government of <place>}{?|}",
    "{Geography|Quiz|Quick|A question|Test|Exam question}: {the capital of <place>|what is the capital of <place>|capital of <place>}{?|}",
    "{Does <place> have a capital? Which one|<place> has which capital|Where is the capital of <place>|Where does the government of <place> sit|And what's the capital of <place>}{?|}",
    "{In|For} <place>, {what is the capital|which city is the capital|what's the capital}{?|}",
    "{I am going to|We travel to|I am learning about|I live in|My friend is from|I will visit} <place>. {What is its capital|What's the capital|Which city is the capital|Do you know the capital}{?|}",
]
CAPITAL += [
    "{I am curious|I'm curious|One question|A question|Quick question|Quiz time|For my homework|For a quiz|My son asks|My daughter asks|I was asked|Riddle|Geography test|Hey there|Good day|Just to be sure|Maybe you know}{:|,} {what is|what's|which city is|what would be|which one is} the capital{| city} of <place>{?|, please?|}",
    "{I need|I want|I'd like|I would like|I am looking for|I search for|I look for|We need|I have to know|I must know|I have forgotten|I don't know|I do not remember|I can never remember|Help me with|Please give me|Please name|Let me hear} {the capital{| city} of <place>|<place>'s capital{| city}|the name of the capital of <place>|the name of <place>'s capital}{.|, please.||. Can you help?}",
    "{Where|In which city|In what city} {is|lies|do I find|would I find} {the capital|the government|the parliament|the seat of the government} of <place>{?|}",
    "{What|Which city} {would be|is|might be} the {capital|capital city|main city|seat of government} {of|for|in} <place>{?|| again?| exactly?| today?| now?}",
    "<place>{. |, |: |? |! }{What is its capital|Its capital|Capital city|Which is the capital|What's the capital there|The capital, please|And its capital|Name the capital|What about its capital}{?|.|}",
    "{My|Our|The} {next trip|holiday|journey|flight|next stop|aunt's home|school project|book|friend's home} is {in|about} <place>. {Which city is the capital|What is the capital|Tell me the capital|What's its capital called}{?|.|}",
    "{Which|What} city {must|should|do|would} {I|we|you} {fly to|visit|go to|travel to} {when I want to see|if I want to see|for} the capital of <place>{?|}",
    "{If|When|Suppose} {I am|we are|someone is|you are} in <place>, {which city is|what is|what's|where is} the capital{?|}",
    "{Please|Now|Next|Hello,|So|OK,|And|Well,} {name|say|tell me|give me|write} {the capital{| city} of <place>|<place>'s capital|which city is the capital of <place>}{.|!|?|}",
    "{Complete|Finish|Fill in|Continue}: {the|The} capital of <place> is {...|what?|__|}",
    "{Would you|Could you|Can you} {be so kind and |perhaps |quickly |please |}{tell|remind|inform} me {what the capital of <place> is|what the capital city of <place> is called|which city <place> has for a capital}{?|}",
    "{Capital|capital|Capital city|capital city|Main city}{:|, | - | of: }<place>{?|}",
    "{Has <place> got|Does <place> have|Hasn't <place> got} a capital{? What is it called|, and which|? If so, which|, and how is it called}{?|}",
    "{What do people|How do they|How do you|What do they} call the capital of <place>{?|}",
    "{{The president of|The king of|The government of} <place> {lives|works|sits}|{The embassies in|The ministers of} <place> {live|work|sit}} in {the capital: which city is it|the capital. What is it called|which capital}{?|}",
]
COUNTRY = [
    "{What|Which} {country|nation|land|state} {has|is ruled from|is governed from} {the capital |}<city>{?| as {its |a |}capital?}",
    "<city> is the capital of {what|which country|which nation|which land|what country|where}{?||...}",
    "{Of|For} {what|which} {country|nation|land} is <city> the capital{| city}{?|}",
    "{What|Which country|Which nation|What country} is <city> the capital{| city} of{?|}",
    "{What|Which} {country|nation}'s capital is <city>{?|}",
    "{Name|Tell me|Give me|I want to know|I need|Say} the country {with|that has|which has} {the capital <city>|<city> as {its |a |}capital}{.|?|}",
    "{Tell me|Do you know|I wonder|Can you tell me|Could you tell me|I would like to know} {which|what} country {has {the capital |}<city>{| as its capital}|<city> is the capital of}{?|.|}",
    "<city>: {capital of which country|the capital of what|which country|capital of|of which country is it the capital}{?|}",
    "{The country with|Which country has|What country has} {the capital <city>|the capital city <city>|<city> for a capital}{?|}",
    "{Where|In which country|In what country} is <city>{?|| the capital?}",
    "{Which|What} country does <city> {belong to|lie in}{?|}",
    "{Whose|Which country's} capital is <city>{?|}",
    "{Is <city> a capital? Of which country|<city> is a capital. Of which country|If <city> is the capital, which country is it|I am in <city>. Of which country is that the capital|We fly to <city>. Which country is that}{?|}",
]
COUNTRY += [
    "{I am curious|One question|A question|Quick question|Quiz time|For my homework|For a quiz|My son asks|Riddle|Geography test|Maybe you know}{:|,} {which country has the capital <city>|of which country is <city> the capital|<city> is the capital of which country|what country is <city> the capital of}{?|}",
    "{I need|I want|I'd like|I am looking for|I search for|I have forgotten|I do not remember|Please name|Give me} the {country|nation|land} {whose capital is <city>|with <city> as its capital|that <city> is the capital of|of which <city> is the capital}{.|, please.|}",
    "{I|We|My parents|My friends} {went to|visited|landed in|flew to|stayed in|saw|phoned someone in} <city>, the capital. {Which country is that|Of which country|What country was it|In which country was that}{?|}",
    "<city>{. |: |? |, }{Of which country is it the capital|Capital of what|Which country's capital is that|What country is that the capital of|Which country does it rule}{?|}",
    "{If|When|Suppose} {I am in|you are in|a capital is called|the capital is} <city>, {which country is it|what country am I in|which country do I mean|what is the country}{?|}",
    "{Complete|Finish|Fill in|Continue}: <city> is the capital of {...|what?|__|}",
    "{Which|What} {government|parliament|country's government|country's parliament} {sits|is|meets} in <city>{?|}",
]
IS_CAPITAL = [
    "Is <city> the capital {|city }of <place>{?|}",
    "Is the capital of <place> <city>{?|}",
    "Is <place>'s capital <city>{?|}",
    "{True or false|Right or wrong|Yes or no}: <city> is the capital of <place>{.|?|}",
    "<city> is the capital of <place>, {right|isn't it|correct|yes|is that true|or not}{?|}",
    "{Is it true|Is it right|Is it correct|Am I right} that <city> is the capital of <place>{?|}",
]
UNKNOWN_CAPITAL = [
    "I do not know the capital of <place>.",
    "I do not know that one: <place> is not among the {|about sixty }countries {whose capitals I have learned|that I know}.",
    "Sorry, I do not know the capital of <place>.",
]
UNKNOWN_COUNTRY = [
    "I do not know {a|any} country {with the capital <city>|whose capital is <city>}.",
    "I do not know: <city> is not among the capitals that I have learned.",
]
COLOURS = {
    "red": "a tomato, a strawberry, a cherry, a raspberry, blood, a fire engine, a ladybird, a ruby, ketchup, a stop sign, a poppy, a fire truck",
    "yellow": "a banana, a lemon, the sun, a canary, a sunflower, butter, an egg yolk, mustard, a chick, corn, a dandelion",
    "green": "grass, a leaf, a cucumber, spinach, broccoli, an emerald, a cactus, a pea, a lime, lettuce, moss, a lawn, parsley, a frog, a crocodile, clover, a fir tree",
    "blue": "the sky, the sea, the ocean, a sapphire, a blueberry, a cornflower",
    "orange": "an orange, a carrot, a pumpkin, a mandarin, an apricot, a basketball, a tangerine",
    "purple": "an aubergine, a plum, lavender, an amethyst",
    "pink": "a flamingo, a pig, a cherry blossom",
    "white": "snow, milk, salt, a swan, a polar bear, cotton, rice, chalk, ivory, a snowman, flour, sugar, a tooth, paper, a snowdrop",
    "black": "coal, a raven, a crow, the night sky, tar, a panther, a tyre, soot, charcoal, liquorice",
    "brown": "chocolate, wood, soil, coffee, a chestnut, a walnut, cocoa, a hazelnut, cinnamon, mud, bark",
    "grey": "an elephant, ash, concrete, a mouse, a dolphin, a rhinoceros, a donkey, a rain cloud, cement",
}
COLOUR_OF = {thing: colour for colour, things in COLOURS.items() for thing in things.split(", ")}
COLOUR = [
    "{What|Which} colour <isare> <thing>{?|}",
    "{What|Which} colour <isare> <thing>{?| usually?| normally?| mostly?| generally?}",
    "{What is|What's|Tell me|Name|Give me|Say|Do you know} the colour of <thing>{?|.|}",
    "{Can|Could|Would} you {please |}{tell me|name|say} {the colour of <thing>|what colour <isare> <thing>|which colour <thing> <hashave>}{?|}",
    "{Do you know|I want to know|Tell me|I would like to know|I wonder|Please tell me|Remind me} {what|which} colour <thing> {<isare>|<hashave>}{?|.|}",
    "{The |}colour of <thing>{?||, please.|:| is?}",
    "<thing>: {what|which} colour{?|}",
    "<thing> <isare> {what|which} colour{?|}",
    "Of {what|which} colour <isare> <thing>{?|}",
    "{What|Which} colour <dodoes> <thing> have{?|}",
    "{How would you describe|What would you call|Describe} the colour of <thing>{?|.|}",
    "{If I paint|When I draw|I want to paint|I am drawing} <thing>, {which|what} colour do I {need|take|use}{?|}",
    "{In|With} {what|which} colour {should|would|do} {I|you|we} {paint|draw} <thing>{?|}",
    "<thing> {usually|normally|mostly|in nature} <hashave> {what|which} colour{?|}",
    "What <dodoes> <thing> look like: {which|what} colour{?|}",
]
COLOUR += [
    "{I am curious|One question|A question|Quick question|My son asks|My daughter asks|Riddle|Quiz|For my homework|For a painting|Just to be sure|Maybe you know}{:|,} {what|which} colour {<isare> <thing>|<dodoes> <thing> have}{?|, please?|}",
    "{I need|I want to know|I'd like to know|I have forgotten|I am looking for|Please give me|Please name|Help me with|We need} the colour of <thing>{.|, please.|}",
    "<thing>{. |, |: |? }{What colour|Which colour|The colour|Its colour|Colour|What is the colour|The usual colour}{?|, please.|}",
    "{Which|What} {colour|hue|shade} {do people|do you|would you|does one} {think of|see|expect} {when you see|with|for|when looking at} <thing>{?|}",
    "{Complete|Finish|Fill in|Continue}: the colour of <thing> is {...|what?|__|}",
    "{Which|What} {pencil|crayon|paint|pen} {do I need|should I take|do I take|must I use} for <thing>{?|: which colour?}",
    "{Please|Now|Next|So|OK,|And|Well,} {name|say|tell me|give me|write} {the colour of <thing>|<thing> and the colour|what colour <thing> <isare>}{.|?|}",
]
IS_COLOUR = [
    "{<Isare>|<Isare>|<isare>} <thing> <colour>{?|}",
    "{Is it true that|Is it right that|True or false:|Yes or no:} <thing> <isare> <colour>{?|.|}",
    "<thing> <isare> <colour>, {right|correct|yes|is that true|or not}{?|}",
    "{Would you say|Do you think} {that |}<thing> <isare> <colour>{?|}",
]
NAME_SOMETHING = [
    "{Name|Tell me|Give me|Show me|Say|List|I need} something <colour>{.|, please.|}",
    "{What|Which thing} is <colour>{?|}",
    "{Can|Could} you {name|tell me|think of} something <colour>{?|}",
    "{Name|Tell me|Give me|Think of} {a thing|something|one thing} that is <colour>{.|}",
    "{Give me|What is|Name} an example of something <colour>{.|?|}",
    "{What|Which} things are <colour>{?|}",
]
UNKNOWN_COLOUR = [
    "I do not know which colour that has.",
    "I do not know the colour of <thing>.",
    "That is not a thing whose colour I {know|have learned}, so I do not know.",
]
MIXED = {
    ("red", "yellow"): "orange",
    ("red", "blue"): "purple",
    ("blue", "yellow"): "green",
    ("black", "white"): "grey",
    ("red", "white"): "pink",
    ("blue", "white"): "light blue",
    ("red", "green"): "brown",
    ("black", "red"): "dark red",
    ("green", "white"): "light green",
    ("black", "blue"): "dark blue",
}
MIX = [
    "{What|Which colour|What colour} {do you get|do I get|does one get|do we get|will I get|comes out|results} {if|when} {I|you|we|people} {mix|combine|blend|stir together|put together} <a> {and|with} <b>{?|| paint?}",
    "{Mix|Combine|Blend|Add} <a> {and|with|to} <b>{.|: {what|which colour} {is it|do I get|comes out}?|. What do you get?|. Which colour is that?|, please.|}",
    "{What|Which colour|What colour} {do|does} <a> and <b> {make|give|become|mix to|form|produce|turn into}{?|| together?| when mixed?}",
    "<a> {and|plus|+|mixed with|with|&} <b> {give|gives|make|makes|is|are|become|=} {what|what colour|which colour|}{?|}",
    "<a> {and|plus|+|mixed with} <b>{?|: which colour?|, what colour is that?}",
    "{If|When} {I|you|we} {mix|combine|blend} <a> {and|with} <b>, {what|which colour|what colour} {do I get|comes out|is it|do you get|results}{?|}",
    "{What is|What's|Tell me|Name|Give me} the {mixture|mix|result|colour} of {mixing |}<a> and <b>{?|.|}",
    "{Can|Could} you {tell me|say} what <a> and <b> {make|give|become}{?|}",
    "{Do you know|I wonder|Tell me|I want to know} {what|which colour} <a> and <b> {make|give|become|result in}{?|.|}",
    "I {have|mix|mixed|bought} <a> and <b>{| paint}. {Which colour can I make|What colour do I get|What colour is it now|Which colour comes out}{?|}",
    "Mixing <a> {and|with} <b> {gives|makes|results in|produces} {what|which colour}{?|}",
]
UNMIX = [
    "{What|Which|Which two} colours {make|give|do I mix for|must I mix for|do you mix to get|do I need for|become|do I mix to get|mix to} <c>{?|}",
    "How {do|can|would} {I|you|we|one} {make|mix|get} <c>{?|| from other colours?| paint?}",
    "{What|Which colours} {do I need|must I mix|should I mix|is needed} to {get|make|mix} <c>{?|}",
    "{From|Out of} which colours {is|can I make|can you mix} <c>{| made}{?|}",
    "I {need|want|would like} {to mix |to make |}<c>{| paint}. {Which|What} colours {do I mix|should I mix|do I need}{?|}",
]
MORE_COLOURS = [
    (
        "{What|Which} colours {are in|belong to|make up|has} {the|a} rainbow{?|}",
        "Red, orange, yellow, green, blue, indigo, violet.",
    ),
    (
        "{What are|Name|Tell me|List|Which are} the colours of {the|a} rainbow{?|.|}",
        "Red, orange, yellow, green, blue, indigo, violet.",
    ),
    (
        "{What are|Name|Tell me|List|Which are} the {three |}primary colours{?|.|}",
        "Red, yellow and blue are the primary colours.",
    ),
]
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()


@dataclass(frozen=True)
class Cycle:
    """Names that follow each other round and round: days, months, seasons."""

    names: list[str]
    unit: str
    whole: str

    def after(self, name: str, steps: int) -> str:
        """Return the name that comes `steps` after `name`, or before it."""
        return self.names[(self.names.index(name) + steps) % len(self.names)]


DAYS = Cycle("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(), "day", "week")
MONTHS = Cycle(
    "January February March April May June July August September October November December".split(),
    "month",
    "year",
)
SEASONS = Cycle("spring summer autumn winter".split(), "season", "year")
NEXT = [
    "{What|Which} {U |}{comes|is|follows} {right |directly |}after <x>{?|}",
    "{What|Which} U {comes|is} {next after|just after|behind} <x>{?|}",
    "{What is|What's|Tell me|Name|Give me|Say|Do you know} the {next U|following U|U} after <x>{?|.|}",
    "{What|Which U} follows {|on }<x>{?|}",
    "{After|Following} <x> {comes|follows|is|we have} {what|which U|}{?|...|}",
    "<x> is followed by {what|which U|}{?|...|}",
    "{The |}{U|next U|following U} after <x>{?|, please.|:| is?|}",
    "{Can|Could|Would} you {please |}{tell me|name|say} {the U after <x>|the U that comes after <x>|which U comes after <x>|which U follows <x>|what comes after <x>}{?|}",
    "{Do you know|I want to know|Tell me|I wonder|I would like to know|Remind me} {what|which U} {comes after|follows|is after} <x>{?|.|}",
    "{What|Which U} {comes|is} {next|then}: <x>, ...{?|}",
    "{It is|It's|We have} <x>{| now}. {What|Which U} {comes next|comes then|is next|follows}{?|}",
    "<x>, {what is next|and then|next|what comes next|what comes then}{?|}",
    "{When|Once} <x> {is over|ends|has passed|is past}, {what|which U} {comes|begins|starts|is it}{?|}",
    "{Which U has <x> before it|Which U has <x> as the U before|What U does <x> lead to|What comes directly behind <x>}{?|}",
    "<x> {+|plus} {1|one} U{?| is?| =}",
    "{One|1|a} U after <x>{?| is?| is what?|}",
]
NEXT += [
    "{I am curious|One question|A question|Quick question|Riddle|Quiz|For my homework|Just to be sure|My son asks}{:|,} {which|what} U {comes|is} {after|right after|directly after} <x>{?|}",
    "{Complete|Finish|Fill in|Continue|Go on}: {<x>, ...|after <x> comes {...|__|what?}|the U after <x> is {...|__|what?}}",
    "{I need|I want|I'd like|I am looking for|Please name|Please say|Help me with|Let me hear} the {|next |following }U after <x>{.|, please.|}",
    "{If|When|As} <x> is {over|gone|done|behind us|finished}, {what|which U} {comes|follows|is next|do we get|starts}{?|}",
    "{Which|What} U {do you have|do we have|would it be|comes|is it} {when|once|as soon as} <x> {is over|has ended|is gone|ends}{?|}",
    "{Going|Counting} {forward|on}, {what|which U} {comes|is} {right |}after <x>{?|}",
    "{The |}U {that follows|that comes after|right after|just after|following} <x>{?|, please.| is ...|}",
]
PREVIOUS = [
    "{What|Which} {U |}{comes|is|was} {right |directly |just |}before <x>{?|}",
    "{What is|What's|Tell me|Name|Give me|Say|Do you know} the {previous U|preceding U|U} before <x>{?|.|}",
    "{What|Which U} precedes <x>{?|}",
    "{Before} <x> {comes|is|we have|was} {what|which U|}{?|...|}",
    "{The |}{U|previous U} before <x>{?|, please.|:| is?|}",
    "{Can|Could|Would} you {please |}{tell me|name|say} {the U before <x>|the U that comes before <x>|which U comes before <x>|what comes before <x>}{?|}",
    "{Do you know|I want to know|Tell me|I wonder|I would like to know|Remind me} {what|which U} {comes before|precedes|is before} <x>{?|.|}",
    "{What|Which U} is followed by <x>{?|}",
    "{After|Following} {what|which U} {comes|follows} <x>{?|}",
    "{It is|It's|We have} <x>{| now}. {What|Which U} {came before|was it before|was before|was the last one}{?|}",
    "{Which U has <x> after it|What U leads to <x>|Which U ends when <x> begins|What comes just in front of <x>}{?|}",
    "<x> {-|minus} {1|one} U{?| is?| =}",
    "{One|1|a} U before <x>{?| is?| is what?|}",
]
PREVIOUS += [
    "{I am curious|One question|A question|Quick question|Riddle|Quiz|For my homework|Just to be sure|My son asks}{:|,} {which|what} U {comes|is} {before|right before|directly before} <x>{?|}",
    "{Complete|Finish|Fill in|Continue}: {before <x> comes {...|__|what?}|the U before <x> is {...|__|what?}}",
    "{I need|I want|I'd like|I am looking for|Please name|Please say|Help me with|Let me hear} the {|previous |preceding }U before <x>{.|, please.|}",
    "{Which|What} U {must end|has to end|is over|ends|has passed} {before|just before} <x> {begins|starts|can begin|comes}{?|}",
    "{Going|Counting} {back|backwards}, {what|which U} {comes|is} {right |}before <x>{?|}",
    "{The |}U {that precedes|that comes before|right before|just before|preceding} <x>{?|, please.| is ...|}",
]
NEXT_DAY = [
    "{If|When} {today is|it is|it's|today it is} <x>{| today}, {what|which day|what day} {is|will it be|is it|will be|do we have} tomorrow{?|}",
    "{{Today is|Today it is} <x>|{It is|It's} <x>{| today}}. {What is|What day is|Which day is|What day will be|What will be|What day is it|What day will it be} tomorrow{?|}",
    "{If|When} yesterday was <x>, {what|which} day is {it|it today|today}{?|}",
    "Yesterday was <x>. {What|Which} day is {it|it today|today}{?|}",
    "Tomorrow, {if|when} today is <x>{?|}",
]
PREVIOUS_DAY = [
    "{If|When} {today is|it is|it's|today it is} <x>{| today}, {what|which day|what day} {was|was it} yesterday{?|}",
    "{{Today is|Today it is} <x>|{It is|It's} <x>{| today}}. {What was|What day was|Which day was|What was it|What day was it|Which day was it} yesterday{?|}",
    "{If|When} tomorrow is <x>, {what|which} day is {it|it today|today}{?|}",
    "Tomorrow is <x>. {What|Which} day is {it|it today|today}{?|}",
    "Yesterday, {if|when} today is <x>{?|}",
]
LATER = [
    "{What|Which} U {is|comes|will it be|is it} <n> Us after <x>{?|}",
    "{What|Which U} {is|comes} <n> Us {after|later than|from|behind} <x>{?|}",
    "<n> Us {after|from} <x>{?| is?| is what?| is which U?|, which U is it?|: which U?|}",
    "{It is|Today is|It's|We have} <x>{| now}. {What|Which} U {is it|will it be|do we have|comes} {in <n> Us|<n> Us later|after <n> Us|<n> Us from now}{?|}",
    "{If|When} {it is|today is|it's} <x>{| now}, {what|which} U {is it|will it be|do we have} {in <n> Us|<n> Us later|after <n> Us|<n> Us from now}{?|}",
    "{Tell me|Name|Say|Give me} the U {that is |}<n> Us after <x>{.|}",
    "{Can|Could} you tell me {what|which} U {it is|comes|is} <n> Us after <x>{?|}",
    "<x> {plus|+} <n> Us{?| is?| =|}",
    "{Count|Go} <n> Us {on|forward|ahead} from <x>{.|: which U is it?|. Where are you?|}",
    "{I start|We start|She leaves|It begins} on <x>. {Which U is it|What U is it} <n> Us later{?|}",
]
EARLIER = [
    "{What|Which} U {is|comes|was it|was|is it} <n> Us before <x>{?|}",
    "<n> Us before <x>{?| is?| is what?| was?|, which U is it?|: which U?|}",
    "{It is|Today is|It's|We have} <x>{| now}. {What|Which} U was {it|that} <n> Us ago{?|}",
    "{If|When} {it is|today is|it's} <x>{| now}, {what|which} U was {it|that} <n> Us {ago|before|earlier}{?|}",
    "{Tell me|Name|Say|Give me} the U {that is |}<n> Us before <x>{.|}",
    "<x> {minus|-} <n> Us{?| is?| =|}",
    "{Count|Go} <n> Us back from <x>{.|: which U is it?|. Where are you?|}",
]
HOW_MANY = [
    "How many Us {are in|are there in|has|are there altogether in} a V{?|}",
    "How many Us {does a V have|make a V|make up a V|are in one V|has a V got|are in the V|has one V|long is a V}{?|}",
    "{What is|Tell me|Give me|Do you know} the number of Us in {a|the|one} V{?|.|}",
    "{Tell me|Do you know|Say|I want to know|Can you tell me|I wonder} how many Us {a V has|are in a V|there are in a V|make a V}{?|.|}",
    "{Number of|How many|Count the|Count of} Us in a V{?|.|}",
    "A V has how many Us{?|}",
    "{How many Us|What number of Us} {does it take to make|go into|belong to|form} a V{?|}",
]
IN_ORDER = [
    "{What are|Name|List|Tell me|Say|Give me|Write|Recite|Which are|Show me|Write down|Enumerate} {|all }{the |}Us{| of the V| in order| in a V| of the V in order}{?|.|, please.|}",
    "{Can|Could|Would} you {please |}{name|list|say|tell me|recite|give me} {|all }the Us{| of the V| in order}{?|}",
    "{What|Which} Us {are there|does a V have|are in a V|make up a V}{?|}",
    "{The Us|All Us|All the Us|Us} of the V{?|, please.|}",
    "{Do you know|I want to know|Teach me|I need|I want} the Us{| of the V| in order}{?|.|}",
    "{How do the Us follow each other|In which order do the Us come|What is the order of the Us|What do the Us of the V look like}{?|}",
]
BETWEEN = [
    "{What|Which U|Which} {is|comes|lies|stands} between <x> and <z>{?|}",
    "{The |Name the |Tell me the |}U between <x> and <z>{?|.|}",
    "{Between|In between} <x> and <z> {is|comes|there is} {what|which U}{?|}",
    "{<x>, what, <z>|What is missing: <x>, ..., <z>|<x>, ?, <z>}{?|}",
]
WHICH_NUMBER = [
    "{What|Which} is the <n> U{| of the V}{?|}",
    "{Name|Tell me|Give me|Say|Do you know} the <n> U of the V{.|?|}",
    "{The |}<n> U of the V{?|, please.| is?|}",
    "{What|Which} U {is|comes} <n>{?| in the V?}",
    "{What|How} is the <n> U {called|of the V called}{?|}",
    "{Can|Could} you {tell me|name} the <n> U of the V{?|}",
    "U {number|no.|#} <d>{?| of the V?| is?}",
    "{What|Which} is U {number |}<d>{?| of the V?}",
]
NUMBER_OF = [
    "{What|Which} {number|position|place} {is|has} <x>{| in the V| among the Us}{?|}",
    "{What|Which} {number U|numbered U} is <x>{?|}",
    "{At|In} {what|which} {position|place} is <x> in the V{?|}",
    "{Which|What} U of the V is <x>{?|}",
    "{Tell me|What is|Give me} the number of the U <x>{?|.|}",
    "<x> is which U of the V{?|}",
    "<x>: {which number|U number|what number}{?|}",
]
WEEKEND = [
    "Is <x> {at|on|in|part of} the weekend{?|}",
    "{Is <x> a weekend day|Is <x> a day of the weekend|Does <x> belong to the weekend|Is <x> a free day|Is <x> one of the days of the weekend|Is it the weekend on <x>|Do we have weekend on <x>|Does the weekend include <x>|Is <x> weekend}{?|}",
    "<x> is {at|part of} the weekend, {right|isn't it|correct|or not|yes}{?|}",
    "{Today is|It is|It's} <x>. Is {it|that|this} the weekend{?|| already?}",
    "{Is it true that|True or false:|Yes or no:} <x> is {at|part of|in} the weekend{?|.|}",
    "{Tell me|Do you know|I wonder} {if|whether} <x> is {at|part of|in} the weekend{?|.|}",
    "<x>: weekend{?| or not?| yes or no?}",
]
WEEKEND_DAYS = [
    "{What|Which} days {are|make|form|make up|belong to} the weekend{?|}",
    "{When|What} is the weekend{?|}",
    "{Name|Tell me|List} the {days of the weekend|weekend days}{.|}",
    "{On which days do we have|Which days are in} the weekend{?|}",
]
DAYS_OF_MONTH = [
    "How many days {does <x> have|has <x>|are in <x>|are there in <x>|has <x> got|long is <x>}{?|}",
    "{What is|Tell me|Give me} the number of days in <x>{?|.|}",
    "{Tell me|Do you know|Can you tell me|Say|I wonder} how many days {<x> has|are in <x>|there are in <x>}{?|.|}",
    "{Days|Number of days} in <x>{?|}",
    "How long is <x>{?| in days?}",
    "<x> has how many days{?|}",
    "{What|Which} is the last day of <x>{: the 30th or the 31st|}{?|}",
]
SEASON_OF = [
    "{In|To} {what|which} season {is|lies|falls|comes} <x>{?|}",
    "{What|Which} season {is|do we have in|is it in|comes in|does <x> belong to, when it is} <x>{?|}",
    "<x> is in {what|which} season{?|}",
    "{Is <x> in summer or in winter|What time of the year is <x>|Which season does one have in <x>}{?|}",
    "{Tell me|Name|Do you know} the season {of|for|in} <x>{.|?|}",
]
AND_ONE = [
    "{And|and|And of|And for|What about|How about|And what about|Now|OK, and|Also} <x>{?|}",
    "<x>{?|}",
    "{Thanks|Good|Right|Nice|Great}{.|!|,} {And|What about|How about} <x>{?|}",
    "{The same for|And the same for|And now|Now tell me for} <x>{.|?|}",
]


def _plural(noun: str) -> str:
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("x", "ch", "sh", "s", "to")) else "s")


def _of_cycle(templates: list[str], rng: random.Random, cycle: Cycle, **values: str) -> str:
    """Ask about the days, months or seasons: U is the unit, V what they make up."""
    template = re.sub(r"\bU(s?)\b", rf"{cycle.unit}\1", rng.choice(templates))
    if cycle is not DAYS:
        template = re.sub(r"(start|leaves|begins)(\}?) on <x>", r"\1\2 in <x>", template)
        template = re.sub(r"([Tt])oday is\b", lambda match: "It is" if match[1] == "T" else "it is", template)
    return ask([re.sub(r"\bV\b", cycle.whole, template)], rng, fold=True, **values)


def _of_colour(templates: list[str], rng: random.Random, **values: str) -> str:
    """Ask about colours, or colors."""
    template = rng.choice(templates)
    if rng.random() < 0.35:
        template = re.sub(r"(?<!<)\bcolour", "color", template)
    return ask([template], rng, fold=True, **values)


def _called(place: str, rng: random.Random) -> str:
    return rng.choice([place, *ALSO_CALLED.get(place, [])])


def capital_turn(rng: random.Random, prompts: list[str] = CAPITAL) -> Turn:
    """Ask for the capital of a country."""
    place = rng.choice(list(CAPITALS))
    user = ask(prompts, rng, fold=True, place=_called(place, rng))
    return Turn(user, f"The capital of {place} is {CAPITALS[place]}.", "capital", CAPITALS[place])


def country_turn(rng: random.Random, prompts: list[str] = COUNTRY) -> Turn:
    """Ask of which country a city is the capital."""
    place, city = rng.choice(list(CAPITALS.items()))
    user = ask(prompts, rng, fold=True, city=city)
    return Turn(user, f"{city} is the capital of {place}.", "country", place)


def is_capital_turn(rng: random.Random) -> Turn:
    """Ask whether a city is the capital of a country."""
    place = rng.choice(list(CAPITALS))
    right = CAPITALS[place]
    city = right if rng.random() < 0.5 else rng.choice([*CAPITALS.values(), *OTHER_CITIES])
    user = ask(IS_CAPITAL, rng, fold=True, place=_called(place, rng), city=city)
    said = "Yes" if city == right else "No"
    return Turn(user, f"{said}, the capital of {place} is {right}.", "is_capital", said.lower())


def unknown_place_turn(rng: random.Random, prompts: list[str] = CAPITAL) -> Turn:
    """Ask for a capital or a country that the model has not learned, or that does not exist."""
    kind = rng.random()
    if kind < 0.8 or prompts is not CAPITAL:
        place = _no_country(rng)
        if kind < 0.06 and prompts is CAPITAL:
            city = rng.choice([*CAPITALS.values(), *OTHER_CITIES]) if kind < 0.04 else _invented_place(rng)
            user = ask(IS_CAPITAL, rng, place=place, city=city)
        else:
            user = ask(prompts, rng, place=place)
        answer = pick(UNKNOWN_CAPITAL, rng).replace("<place>", _yours(place))
        return Turn(user, answer, "unknown_capital")
    city = rng.choice(OTHER_CITIES) if rng.random() < 0.35 else _invented_place(rng)
    user = ask(COUNTRY, rng, city=city)
    return Turn(user, pick(UNKNOWN_COUNTRY, rng).replace("<city>", city), "unknown_country")


def _yours(thing: str) -> str:
    """Return what is the user's, as the model names it."""
    return re.sub("^(my|our) ", "your ", thing)


def _no_country(rng: random.Random) -> str:
    """Return something that is asked for its capital like a country, and has none that the model knows."""
    kind = rng.random()
    if kind < 0.2:
        return rng.choice(OTHER_COUNTRIES)
    if kind < 0.3:
        return rng.choice(NO_COUNTRIES)
    if kind < 0.36:
        return rng.choice([*OTHER_CITIES, *OTHER_PEOPLE])
    if kind < 0.56:
        return _near_miss(rng)
    return _invented_place(rng)


def _invented_place(rng: random.Random) -> str:
    """Return a name that sounds like a country or a city, in one of the ways in which names are spelled."""
    while True:
        made = unknowns.invented_word(rng, 3).lower()
        if rng.random() < 0.4:
            made += rng.choice(_PLACE_ENDINGS)
        if 3 <= len(made) <= 16 and made not in _known_places():
            break
    made = made.capitalize()
    kind = rng.random()
    if kind < 0.14:
        return rng.choice(_PLACE_BEGINNINGS) + made
    if kind < 0.2:
        return f"{made} {unknowns.invented_word(rng, 2).capitalize()}"
    if kind < 0.25:
        return f"the {made} {rng.choice(('Islands', 'Republic', 'Kingdom', 'Empire', 'Union', 'Federation', 'Mountains'))}"
    if kind < 0.33:
        return made.lower()
    return made.upper() if kind < 0.36 else made


def _near_miss(rng: random.Random) -> str:
    """Return the beginning of one country with the end of another: it looks like one that is known."""
    while True:
        first, last = (name.removeprefix("the ") for name in rng.sample(list(CAPITALS), 2))
        made = first[: rng.randint(2, 5)] + last[-rng.randint(2, 5) :].lower()
        alike = any(made[:3].lower() == known[:3] and made[-3:] == known[-3:] for known in _known_places())
        if len(made) > 4 and " " not in made and not alike:
            return made if rng.random() < 0.85 else made.lower()


@cache
def _known_places() -> frozenset[str]:
    """Return all countries and cities with an answer, in lower case and without article."""
    others = [name for names in ALSO_CALLED.values() for name in names]
    named = [*CAPITALS, *CAPITALS.values(), *others]
    return frozenset(name.removeprefix("the ").lower() for name in named)


def _thing(rng: random.Random) -> tuple[str, str, bool]:
    """Return a thing, its colour, and whether it is named in the plural."""
    thing, colour = rng.choice(list(COLOUR_OF.items()))
    if thing.startswith(("a ", "an ")):
        noun = thing.split(" ", 1)[1]
        form = rng.random()
        if form < 0.3:
            return _plural(noun), colour, True
        if form < 0.4:
            return f"the {noun}", colour, False
    elif not thing.startswith("the ") and rng.random() < 0.1:
        return f"the {thing}", colour, False
    return thing, colour, False


def _ask_thing(templates: list[str], rng: random.Random, thing: str, plural: bool, colour: str = "") -> str:
    verbs = ("are", "have", "do") if plural else ("is", "has", "does")
    is_are, has_have, do_does = verbs
    return _of_colour(
        templates,
        rng,
        thing=thing,
        colour=colour,
        isare=is_are,
        Isare=is_are.capitalize(),
        hashave=has_have,
        dodoes=do_does,
    )


def colour_turn(rng: random.Random, prompts: list[str] = COLOUR) -> Turn:
    """Ask which colour a thing has."""
    thing, colour, plural = _thing(rng)
    answer = f"{capital(thing)} {'are' if plural else 'is'} {colour}."
    return Turn(_ask_thing(prompts, rng, thing, plural), answer, "colour", colour)


def is_colour_turn(rng: random.Random) -> Turn:
    """Ask whether a thing has a colour."""
    thing, right, plural = _thing(rng)
    colour = right if rng.random() < 0.5 else rng.choice(list(COLOURS))
    said = "Yes" if colour == right else "No"
    user = _ask_thing(IS_COLOUR, rng, thing, plural, colour)
    return Turn(user, f"{said}, {thing} {'are' if plural else 'is'} {right}.", "is_colour", said.lower())


def something_turn(rng: random.Random) -> Turn:
    """Ask for a thing of some colour."""
    thing, colour = rng.choice(list(COLOUR_OF.items()))
    user = _of_colour(NAME_SOMETHING, rng, colour=colour)
    return Turn(user, f"{capital(thing)} is {colour}.", "something", thing)


def unknown_colour_turn(rng: random.Random) -> Turn:
    """Ask for the colour of something that does not exist."""
    thing = f"{rng.choice(('a', 'the', 'my'))} {unknowns.invented_word(rng).lower()}"
    user = _ask_thing(COLOUR, rng, thing, plural=False)
    return Turn(user, pick(UNKNOWN_COLOUR, rng).replace("<thing>", _yours(thing)), "unknown_colour")


def mix_turn(rng: random.Random) -> Turn:
    """Ask what two colours give, or which two give a colour."""
    if rng.random() < 0.08:
        prompt, answer = rng.choice(MORE_COLOURS)
        return Turn(
            _of_colour([prompt], rng),
            answer,
            "colours",
            answer.removesuffix(" are the primary colours.").rstrip("."),
        )
    pair, mixture = rng.choice(list(MIXED.items()))
    first, second = rng.sample(pair, 2)
    answer = f"{capital(first)} and {second} give {mixture}."
    if rng.random() < 0.25:
        return Turn(_of_colour(UNMIX, rng, c=mixture), answer, "unmix", f"{first} and {second}")
    return Turn(_of_colour(MIX, rng, a=first, b=second), answer, "mix", mixture)


def _cycle(rng: random.Random) -> Cycle:
    return rng.choices((DAYS, MONTHS, SEASONS), (5, 4, 1))[0]


def _after(name: str, cycle: Cycle) -> str:
    following = cycle.after(name, 1)
    return f"The {cycle.unit} after {name} is {following}."


def _before(name: str, cycle: Cycle) -> str:
    earlier = cycle.after(name, -1)
    return f"The {cycle.unit} before {name} is {earlier}."


def next_turn(rng: random.Random) -> Turn:
    """Ask which day, month or season comes next."""
    cycle = _cycle(rng)
    name = rng.choice(cycle.names)
    prompts = NEXT + NEXT_DAY if cycle is DAYS else NEXT
    return Turn(_of_cycle(prompts, rng, cycle, x=name), _after(name, cycle), "next", cycle.after(name, 1))


def previous_turn(rng: random.Random) -> Turn:
    """Ask which day, month or season came before."""
    cycle = _cycle(rng)
    name = rng.choice(cycle.names)
    prompts = PREVIOUS + PREVIOUS_DAY if cycle is DAYS else PREVIOUS
    user = _of_cycle(prompts, rng, cycle, x=name)
    return Turn(user, _before(name, cycle), "previous", cycle.after(name, -1))


def later_turn(rng: random.Random) -> Turn:
    """Ask which day or month is some steps later or earlier."""
    cycle = rng.choice((DAYS, DAYS, MONTHS))
    name, steps = rng.choice(cycle.names), rng.choice((*range(2, 8), 2, 3, 10))
    written = str(steps) if rng.random() < 0.5 else SMALL[steps]
    later = rng.random() < 0.7
    found = cycle.after(name, steps if later else -steps)
    user = _of_cycle(LATER if later else EARLIER, rng, cycle, x=name, n=written)
    where = "after" if later else "before"
    return Turn(user, f"{steps} {cycle.unit}s {where} {name} is {found}.", "later", found)


def cycle_turn(rng: random.Random) -> Turn:
    """Ask how many days, months or seasons there are, which, in which order."""
    cycle = _cycle(rng)
    size, kind = len(cycle.names), rng.randrange(5)
    if kind == 0:
        answer = f"A {cycle.whole} has {size} {cycle.unit}s."
        return Turn(_of_cycle(HOW_MANY, rng, cycle), answer, "how_many", str(size))
    if kind == 1:
        names = ", ".join(capital(name) for name in cycle.names)
        return Turn(_of_cycle(IN_ORDER, rng, cycle), f"{names}.", "in_order", names)
    if kind == 2:
        middle = rng.choice(cycle.names)
        x, z = cycle.after(middle, -1), cycle.after(middle, 1)
        user = _of_cycle(BETWEEN, rng, cycle, x=x, z=z)
        return Turn(user, f"{capital(middle)} is between {x} and {z}.", "between", middle)
    if cycle is SEASONS:
        cycle = MONTHS
    place = rng.randrange(len(cycle.names))
    name, ordinal = cycle.names[place], ORDINALS[place]
    if kind == 3:
        digits = str(place + 1)
        written = rng.choice((ordinal, ordinal, digits + _SUFFIXES.get(place + 1, "th")))
        user = _of_cycle(WHICH_NUMBER, rng, cycle, n=written, d=digits)
        return Turn(user, f"The {ordinal} {cycle.unit} is {name}.", "which_number", name)
    user = _of_cycle(NUMBER_OF, rng, cycle, x=name)
    return Turn(user, f"{name} is the {ordinal} {cycle.unit} of the {cycle.whole}.", "number_of", ordinal)


def weekend_turn(rng: random.Random) -> Turn:
    """Ask whether a day is at the weekend, or which days are."""
    if rng.random() < 0.1:
        user = _of_cycle(WEEKEND_DAYS, rng, DAYS)
        return Turn(user, "Saturday and Sunday are the weekend.", "weekend", "Saturday and Sunday")
    free = rng.random() < 0.5
    name = rng.choice(DAYS.names[5:] if free else DAYS.names[:5])
    answer = f"Yes, {name} is at the weekend." if free else f"No, {name} is not at the weekend."
    return Turn(_of_cycle(WEEKEND, rng, DAYS, x=name), answer, "weekend", "yes" if free else "no")


def month_turn(rng: random.Random) -> Turn:
    """Ask how long a month is, or in which season."""
    name = rng.choice(MONTHS.names)
    place = MONTHS.names.index(name)
    if rng.random() < 0.6:
        user = _of_cycle(DAYS_OF_MONTH, rng, MONTHS, x=name)
        if name == "February":
            return Turn(user, "February has 28 days, and 29 in a leap year.", "month_days", "28")
        days = 30 if name in ("April", "June", "September", "November") else 31
        return Turn(user, f"{name} has {days} days.", "month_days", str(days))
    season = SEASONS.names[(place - 2) // 3 % 4]
    user = _of_cycle(SEASON_OF, rng, MONTHS, x=name)
    return Turn(user, f"{name} is in {season}, in the northern half of the world.", "season", season)


def document(rng: random.Random) -> str:
    """Return some facts, for text without a chat."""
    producers = (capital_turn, country_turn, colour_turn, mix_turn, next_turn, previous_turn, month_turn)
    return " ".join(rng.choice(producers)(rng).assistant for _ in range(rng.randint(2, 12)))


def follow_up(previous: Turn, rng: random.Random) -> Turn | None:
    """Ask the same about another country, city, thing, day or month."""
    if previous.skill in ("capital", "unknown_capital"):
        ask_next = unknown_place_turn if rng.random() < 0.25 else capital_turn
        return ask_next(rng, ["{And|And|and} {of|for|in} <place>{?|}", *AND_PLACE])
    if previous.skill == "country":
        return country_turn(rng, AND_CITY)
    if previous.skill == "colour":
        return colour_turn(rng, AND_THING)
    if previous.skill in ("next", "previous"):
        cycle = next(c for c in (DAYS, MONTHS, SEASONS) if previous.key in c.names)
        name = rng.choice(cycle.names)
        user = ask(AND_ONE, rng, fold=True, x=name)
        step = 1 if previous.skill == "next" else -1
        answer = _after(name, cycle) if step > 0 else _before(name, cycle)
        return Turn(user, answer, previous.skill, cycle.after(name, step))
    return None


def short_answer(turn: Turn) -> str | None:
    """Return the answer alone, None for what the model does not know."""
    return turn.key or None if turn.skill in SKILLS else None


AND_PLACE, AND_CITY, AND_THING = (
    [template.replace("<x>", slot) for template in AND_ONE] for slot in ("<place>", "<city>", "<thing>")
)
SKILLS = frozenset(
    "capital country is_capital colour is_colour something colours mix unmix next previous later how_many in_order"
    " between which_number number_of weekend month_days season".split()
)
"""Of the turns that have an answer."""
_PLURALS = {"leaf": "leaves", "tooth": "teeth", "mouse": "mice"}
_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}
OPENERS = (
    (capital_turn, 9),
    (country_turn, 6),
    (is_capital_turn, 2),
    (unknown_place_turn, 24),
    (colour_turn, 8),
    (is_colour_turn, 2),
    (something_turn, 1),
    (unknown_colour_turn, 1.5),
    (mix_turn, 5),
    (next_turn, 6),
    (previous_turn, 4),
    (later_turn, 8),
    (cycle_turn, 4),
    (weekend_turn, 3),
    (month_turn, 3),
)
