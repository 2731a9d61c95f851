"""Words and lists: spell, reverse, count, sort. Every answer is computed from the question's own words."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import random
import re
from functools import cache
from string import ascii_lowercase

from training import common_knowledge, haiku, smalltalk, sums, topics, unknowns
from training.asking import ask
from training.dialogue import Turn
from training.grammar import expand
from training.held_out import held_out

LENGTHS = range(2, 11)  # of words, in letters

THINGS = (
    "apple fig pear plum cherry banana grape lemon lime melon mango orange peach berry kiwi date olive apricot coconut papaya "
    "bread butter cheese milk honey sugar salt pepper rice soup cake pie egg ham fish meat tea coffee juice water pasta pizza salad sauce onion garlic carrot potato tomato bean pea corn cabbage spinach pumpkin "
    "cat dog cow horse sheep goat pig hen duck goose mouse rat rabbit fox wolf bear lion tiger zebra giraffe camel monkey elephant whale shark dolphin seal otter frog toad snake lizard turtle spider ant bee wasp fly moth beetle butterfly eagle owl crow raven robin swallow swift martlet parrot penguin pigeon stork swan "
    "table chair bed lamp desk door window wall floor roof house garden kitchen room bottle glass cup plate bowl knife fork spoon pot pan oven mirror clock carpet curtain pillow blanket towel soap brush basket box bag key lock ladder hammer nail screw saw rope "
    "shirt coat hat scarf glove shoe sock boot dress skirt jacket belt button pocket ring "
    "car bus train plane boat ship bike truck tram wagon bridge road street station harbour airport ticket "
    "pen pencil paper book letter page word sentence story poem song music guitar piano violin drum flute trumpet picture colour paint camera film "
    "sun moon star sky cloud rain snow wind storm fog ice fire earth stone sand rock hill mountain river lake sea ocean island beach forest tree leaf flower grass root seed branch rose tulip daisy lily oak pine birch maple willow "
    "hand foot arm leg head hair eye ear nose mouth tooth tongue neck finger thumb knee elbow shoulder heart bone skin brain "
    "man woman child boy girl baby friend mother father sister brother uncle aunt cousin teacher doctor nurse baker farmer driver sailor painter singer writer king queen prince pirate wizard knight "
    "city town village school church market museum library theatre hospital office factory farm castle tower park zoo hotel bank shop "
    "copper silver gold iron steel wood wool cotton leather plastic marble brick clay coal oil "
    "computer keyboard screen mouse robot model token server client engine program python memory cache vector matrix tensor number circle square triangle line point angle"
).split()
OTHERS = (
    "able about above across act add afraid after again age ago agree air all alone along already also always among angry animal answer any apart area around arrive art as ask asleep at away awake awful back bad balance ball band base bath battle beat beautiful because become before begin behind believe below best better between beyond big bird birth bit bitter black blood blow blue body bold born both bottom brave break breath bright bring broken brown build burn busy buy by call calm can care careful carry catch cause cent century chance change cheap check chess choice choose clean clear clever climb close cloth cold come common company complete cook cool corner correct cost count country courage course cover cross crowd cry cup curious cut dance danger dark daughter day dead deal dear decide deep delight desert design dinner direct dirty do double down dozen draw dream drink drive drop dry dust each early easy eat edge effort eight either eleven else empty end enemy enjoy enough enter equal even evening ever every example exit expect eye face fact fair fall false family famous far fast fat fear feel few field fight fill final find fine first five fix flag flat flight float fly follow food for force forget forgive form forward four free fresh friday from front full fun future game gentle get gift give glad go good grand great green grey group grow guess guest half happen happy hard harvest hear heavy height hello help here hide high hold hole holiday home honest hope hot hour how huge human hundred hunger hunt hurry hurt idea if in inside into invite iron item job join joke journey joy jump just keep kind kiss know lady land language large last late laugh law lazy lead learn leave left lend length less lesson let level lift light like listen little live long look lose lost lot loud love low lucky lunch machine magic make many map march mark match matter may meal mean measure medicine meet member middle midnight might mile mind minute miss mistake mix modern moment monday money month more morning most move much mud my name narrow nature near need never new news next nice night nine no noise none noon normal north note nothing now object of off offer often old on once one only open or orange order other our out outside over own pack pain pair palace part party pass past path pay peace people perfect perhaps person pick piece place plain plan plant play please poor post pound power press pretty price print prize problem promise proud public pull pure push put puzzle question quick quiet quite race radio reach read ready real reason record red remain remember repeat rest return rhythm rich ride right ring rise roll rough round row royal rule run sad safe same save say science score search season second secret see seem sell send sense serve set seven several shadow shake shape share sharp shine short should shout show shut sick side sign silence silent silver simple since sing sit six size sleep slow small smart smell smile smoke smooth so soft soldier some son soon sorry sound south space speak special speed spell spend spirit sport spring stand start stay step still stop strange straw street strong study such sudden summer sure surprise sweet swim take talk tall task taste teach team tell ten test thank that then there thick thin thing think third this thousand three through throw thunder time tiny tired to today together tomorrow too top total touch toward trade travel treasure trip trouble true trust truth try turn twelve twenty two type ugly under until up upon use useful usual valley value very view visit voice wait walk want war warm wash watch wave way weak wear weather week weight welcome well west wet what wheel when where which while white who whole why wide wife wild win window wing winter wise wish with without wonder work world worry worse write wrong year yellow yes yesterday yet you young zero letter "
    "mississippi strawberry banana success balloon committee bookshop coffee tattoo pepper puppy happy bubble giggle address possible assess tennis cannon lesson dessert"
).split()
SENTENCES = (
    "{the|a|my|your|this|that|one|our} {cat|dog|bird|horse|child|old man|king|small fox|train|sun|green car|teacher} {sleeps|runs|sings|waits|is here|is late|flies away|shines|comes home|walks slowly|is very happy|laughs|likes tea|sees me}{| today| now| again| at night| in the garden| by the sea| every day}",
    "{I|we|you|they} {like|love|see|want|need|have|buy|know} {tea|red apples|the sea|a new book|you|old songs|good bread|green trees|a dog and a cat}{| very much| in summer| on Monday| today}",
    "{hello|good morning|thank you|good night|see you}{| my friend| to all of you| everyone| and welcome| for now}",
    "{it is|this is} {cold|a nice day|raining again|my first car|all I know|time to go home|not so bad|the end of the story}{| now| I think}",
    "{open|close|find|watch|paint|clean} {the door|your eyes|that old window|this book|a green box}{| please| quickly| for me| before you go}",
    "{where|how|when} {are you|do they live|did it start|is my blue hat|can we meet}{| now| tonight}",
)

NAMES = "Adam Alice Anna Ben Carla Clara David Dora Emma Erik Felix Fiona George Grace Hanna Henry Ida Ivan Jack Jane Kate Kurt Leo Lisa Maria Mark Nina Noah Olga Oscar Paul Petra Quentin Rosa Ruth Sam Sofia Thomas Tina Ursula Vera Victor Walter Wendy Xaver Yvonne Zoe".split()
WORD = [
    "<word>",
    "<word>",
    "{the word|the term|the letters of|the name} <word>",
    "<quoted>",
    "<quoted>",
    "the word <quoted>",
]
SPELL = [
    "{Spell|Spell|Please spell|Spell out|Spell me|Just spell} W{.|| please.| for me.|, please.}",
    "{Can|Could|Would|Will} you {please |}spell {out |}W{?|| please?| for me?| to me?}",
    "How {do you|do I|does one|do we|would you|should I|to|can I} {spell|write} W{?|| correctly?}",
    "How is W {spelled|spelt|written}{?|}",
    "{What is|What's|Tell me|Give me|I need|Show me|Do you know} the spelling {of|for} W{?|.|}",
    "{How|Do you know how|Tell me how|Show me how|Explain how|I forgot how} {W is spelled|to spell W|you spell W|one spells W|W is spelt}{?|.|}",
    "{What|Which} {letters|characters} {are in|make up|are there in|do I need for|form|does one need for} W{?| in order?|}",
    "{Which|What} letters does W {have|consist of|contain}{?| in order?|}",
    "{Write|Say|Read|Give me|Tell me|Show me|Type|Break|Take apart|List|Split|Name} W {letter by letter|one letter at a time|with hyphens between the letters|as single letters|in single letters|into letters|into its letters}{.|, please.|}",
    "{Say|Give me|List|Name|Show|Tell me|Write|Write down|Enumerate|Separate|Print} {the|all the|all|each of the|the single|the individual} letters {of|in} W{.| in order.|, please.|}",
    "W, {letter by letter|spelled out|how is it spelled|how is that spelled|spell it|spell that|please spell that}{.|?||, please.}",
    "{Spell|Spelling}: W",
    "Spelling of W{?||, please.}",
    "{Spell|Write} {this|the following|this word|the following word}{| for me| letter by letter}: <word>",
    "{I want|I need|I'd like|I would like|We need} {to spell|you to spell|to know how to spell|to know how to write|to hear how you spell} W{.|. Can you help?|. How?|}",
    "I {don't know|do not know|am not sure|never know|cannot remember|always forget} how to spell W{.|. Can you help?|. Please help.|}",
    "{Is|Are} you able to spell W{?|}",
    "{Let us|Let's} spell W{.|!|}",
]
REVERSE = [
    "{Reverse|Please reverse|Flip|Turn around|Mirror|Invert} W{.|| please.| for me.|, please.}",
    "{Can|Could|Would|Will} you {please |}{reverse|flip|turn around|mirror} W{?|| please?| for me?}",
    "{Can|Could|Would|Will} you {please |}{write|say|spell|read|type} W {backwards|backward|in reverse|from back to front|the other way round|from the end}{?|| please?| for me?}",
    "{Write|Say|Spell|Read|Type|Give me|Show me|Tell me|Print|Put} W {backwards|backward|in reverse|from back to front|the other way round|from the end to the start|in reverse order|from right to left|with its letters reversed}{.|, please.||!}",
    "{What is|What's|What would be|How do you write|How do you say|How do you spell|How does one write} W {backwards|backward|in reverse|reversed|from back to front|the other way round|when reversed|spelled backwards|read backwards|written backwards}{?|}",
    "{What|How} {do I get|do you get|comes out|does it look|is it} {if|when} {I|you|we} {reverse|turn around|flip} W{?|}",
    "{What|How} does W {look like|read|say|become|give} {backwards|in reverse|reversed|when you reverse it|in a mirror}{?|}",
    "W {backwards|reversed|in reverse|backward|from back to front|the other way round}{?|.||, please.|!}",
    "{Reverse|Turn around|Flip|Swap|Invert} {the letters|all letters|the order of the letters|the letter order|the characters} {of|in} W{.|, please.|}",
    "{Reverse|Backwards|Reversed|In reverse|Mirror}: <word>",
    "{The|Give me the|Tell me the|What is the} {reverse|mirror image|reversal|reversed form} of W{?|.|}",
    "{Reverse|Write backwards|Turn around} {this|the following|this word|the following word}: <word>",
    "{Start|Begin} {from|with|at} the {last letter|end} {of|and spell} W{.| and go back.|}",
    "{Read|Spell} me W from the {last|end|back}{| letter} to the {first|start|front}{| letter}{.|}",
    "{I want|I need|I'd like|I would like} {W backwards|W in reverse|to see W backwards|the reverse of W|to reverse W}{.|, please.|}",
]
COUNT_LETTERS = [
    "How many {letters|characters} {are|are there} in W{?||, please?}",
    "How many letters {does|has|did} W {have|got|contain|consist of|use}{?|}",
    "How many letters {has|are in|make up|make|do I need for|do you need to write} W{?|}",
    "{Count|Please count|Count up} {the|all|all the} {letters|characters} {in|of} W{.|| please.| for me.|, please.}",
    "{Can|Could|Would} you {please |}{count the letters {in|of} W|tell me how many letters W has|tell me the number of letters in W|tell me how long W is}{?|}",
    "{What is|What's|Tell me|Give me|I need} the {length|number of letters|letter count|size} {of|in} W{?|.|}",
    "How long is W{?|| in letters?}",
    "{Tell me|I want to know|I would like to know|Do you know|Say|Let me know} how many letters {W has|are in W|there are in W|you need for W}{.|?|}",
    "{Number of letters|Letter count|Length|Letters|How many letters} {in|of|for} W{?|.|}",
    "{Letters|Length|Count the letters|Number of letters|How many letters}: <word>",
    "W {has|is|consists of|contains} how many letters{?|| long?}",
    "W: how many letters{?| is that?| are there?|}",
    "W, how {long is it|many letters is that|many letters does it have}{?|}",
    "{By counting|If you count|When I count} the letters of W, {what do you get|how many are there|how many do I find}{?|}",
    "{Of how many letters does W consist|Out of how many letters is W made}{?|}",
    "{Determine|Find|Work out|Compute} {the length|the number of letters|how many letters there are} {of|in} W{.|}",
]
COUNT_LETTER = [
    "How many {times does|times do you find} {the letter |}L {occur|appear|come|show up|in|happen|} in W{?|}",
    "How {many times|often} {does {the letter |}L {occur|appear|come up|show up|stand}|is {the letter |}L|is there an L|can you find {the letter |}L|do you see {the letter |}L} in W{?|}",
    "How many {L's|Ls|L|letters L|times L|of the letter L} {are|are there|can you find|do you see|do you count} in W{?|}",
    "How many {L's|Ls|letters L|L} does W {have|contain|use}{?|}",
    "{Count|Please count|Find} {the|all|all the|every} {L's|Ls|letters L|letter L|occurrences of L} in W{.||, please.}",
    "{Count|Please count} {the letter L|how many times L occurs|how often L appears|how many L's there are} in W{.||, please.}",
    "{Can|Could|Would} you {please |}{count the {letter L|L's|Ls}|tell me how many L's are|tell me how often L occurs|tell me how many times L occurs|find the number of L's} in W{?|}",
    "{What is|What's|Tell me|Give me} the {number of|count of} {L's|Ls|letters L|the letter L|the letter L} in W{?|.|}",
    "{Number of|Count} {L's|Ls|L} in W{?|.|}",
    "In W, how {many times does {the letter |}L {occur|appear}|often does L {occur|appear}|many L's are there|many L are there}{?|}",
    "{Tell me|I want to know|Do you know|I wonder} how {many L's are|often L is|many times L is|often L appears|many letters L are} in W{.|?|}",
    "W: how {many L's|often L|many times L|many L}{?|}",
    "{The letter L|L}: how often {is it|does it occur} in W{?|}",
    "{Is there an L in W? How many?|Does W contain L, and how often?|Are there any L's in W? Count them.}",
    "W {has|contains} how many {L's|times the letter L|Ls}{?|}",
]
COUNT_WORDS = [
    "How many words {are|are there} in S{?|}",
    "How many words {does|has} {the sentence |this: |}<quoted> {have|contain|got|use}{?|}",
    "{Count|Please count|Count up} {the|all|all the} words {in|of} S{.||, please.}",
    "{Count|How many|Number of|Please count the|Count the} words: <text>",
    "{Can|Could|Would} you {please |}{count the words in|tell me how many words are in|tell me the number of words of|tell me how many words there are in} S{?|}",
    "{What is|Tell me|Give me|I need} the {number of words|word count} {in|of} S{?|.|}",
    "<quoted>: how many words{?| is that?| are there?|}",
    "{How long is|How many words long is} S{| in words| counted in words}{?|}",
    "{Number of words|Word count} {in|of|for} S{?|.|}",
    "{Tell me|I want to know|Say|I'd like to know} how many words {are in|there are in|make up} S{.|}",
    "<quoted> {has|contains|consists of} how many words{?|}",
    "How many words {do you see|can you count|do you count|did I write} {here|in this|in the following}: <text>",
    "{How many words is|Of how many words is made|How many words make up} <quoted>{?|}",
    "{Words in this|The number of words in|How many words in} {sentence|phrase|line}: <text>",
]
COUNT_ITEMS = [
    "How many {items|things|elements|entries|words} {are|are there} in {this|the|my} list: <list>{?|}",
    "How many {items|things|entries|elements} {does|has} {this|the|my} list {have|contain}: <list>{?|}",
    "{Count|Please count|Count up} {these|the|the following|my|all the|all these} {items|things|entries|elements}: <list>{.|}",
    "{Count|Please count|Can you count|Could you count} {this|the|the following|my} list{|: how many items}: <list>{.|}",
    "{How many|Count|Number of} {items|things|elements|entries}: <list>{?|}",
    "<list>: how many {items|things|entries|elements|are there|is that|are these|do I have}{?|}",
    "<list>. {How many {items|things} {is that|are there|are these|did I name}|Count them|Count the items|How many}{?|.|}",
    "How many {items|things|elements|entries} {is|are|do you count in|do you see in|can you count in} <list>{?|}",
    "{My|The|Our|This} {list|shopping list|row|collection} is <list>. How many {items|things|entries} {is that|are there|are on it|does it have}{?|}",
    "{I have|I bought|I need|There are|I see|We have|They sold} <list>. How many {things|items|different things} {is that|are there|are these}{?|}",
    "{Tell me|I want to know|Do you know|Say} how many {things|items|entries} {I list|are here|these are|there are}: <list>{.|?|}",
    "{What is|Tell me|Give me} the {number of items|length|size|number of entries} {of|in} {this|the} list: <list>{?|.|}",
    "{Length|Size|Number of items} of {this|the} list: <list>",
    "{Can|Could} you {tell me|say} how many {items|things|entries} are in {this list: |}<list>{?|}",
]
SORT = [
    "Sort{:|} <list>{.|}",
    "Sort {these|the|the following|my|this list of|a few|some|all these} T{:|} <list>{.|}",
    "{Sort|Order|Arrange|Put|Rank|Organise|List} {these|the|the following|my|this list of|all} T {alphabetically|in alphabetical order|from A to Z|by the alphabet|by letter|A to Z}: <list>{.|}",
    "{Sort|Order|Arrange|Please sort|Please order|Please arrange} {this list|the list|this|them|the following|it|these|the following list|my list}{| alphabetically| in alphabetical order| from A to Z| by the alphabet}: <list>{.|}",
    "{Sort|Order|Arrange|Alphabetise|Alphabetize|Put|List} <list> {alphabetically|in alphabetical order|from A to Z|by the alphabet|by first letter}{.|, please.|}",
    "{Can|Could|Would|Will} you {please |}{sort|order|arrange|put in order|put into order|alphabetize} {these|this|the following|these T|this list|my list|the list|some T}{| alphabetically| for me| in alphabetical order| from A to Z}: <list>{?|}",
    "{Can|Could|Would|Will} you {please |}{sort|order|arrange|put} <list> {alphabetically|in alphabetical order|from A to Z|by the alphabet}{?|}",
    "{What is|What's|Give me|Tell me|Show me|Write|I need|I want} {the alphabetical order|the sorted list|the right alphabetical order|the sorted order|the order from A to Z} {of|for} <list>{?|.|}",
    "{How|In which order|In what order} {do|would|are|should} {you sort|you order|I sort|one sort|I put} <list> {alphabetically|in alphabetical order|by the alphabet}{?|}",
    "<list>{: |. |, }{sort|sort them|sort these|sort this|put them in alphabetical order|order them alphabetically|in alphabetical order, please|alphabetically, please|sort alphabetically|please sort|sort please|arrange from A to Z|which order in the alphabet}{.||!}",
    "{Alphabetical order|Alphabetically|Sorted|Sort alphabetically|Sort from A to Z|In alphabetical order|Alphabetize|Sort this list|A to Z}: <list>",
    "{I have|Here are|These are|Here is a list:|My list:|List:|T:} <list>. {Sort them|Please sort them|Put them in order|Can you sort them|In alphabetical order, please|Sort it|Order them by the alphabet|Put it in alphabetical order}{.|?|}",
    "{Put|Bring|Get|Place} {these|the|the following|these T|the T|my T|this list}{| here| of mine} {in|into} {alphabetical order|order|the order of the alphabet|the right order}: <list>{.|}",
    "{I want|I need|I'd like|I would like|Help me} {to sort|to order|to put in order|to arrange} {these|this list|these T|the T|my T}{| alphabetically| by the alphabet}: <list>{.|}",
    "{What is the alphabetical order of {these T|the T}|Which order do {these T|the T} have in a dictionary}: <list>{?|}",
    "{Sort by the alphabet|Sort by name|Sort by letter|List alphabetically|List from A to Z|Do a sort of|Arrange}{:|} <list>{.|}",
    "{Return|Give|Give me|Show|Print|Write} {these|these T|the T|the following} {sorted|in alphabetical order|alphabetically|ordered from A to Z|in order}: <list>{.|}",
]
SORT_NUMBERS = [
    "Sort{:|} <list>{.|}",
    "Sort {these|the|the following|my|this list of|a few|some|all these|the list of} numbers{:|} <list>{.|}",
    "{Sort|Order|Arrange|Put|Rank|List} {these|the|the following|my|this list of|all} numbers {from small to large|from smallest to largest|in ascending order|ascending|in increasing order|in order|by size|from low to high|by value}: <list>{.|}",
    "{Sort|Order|Arrange|Please sort|Please order|Please arrange} {this list|the list|this|them|the following|it|these}{| by size| in ascending order| from small to large| ascending}: <list>{.|}",
    "{Sort|Order|Arrange|Put|List} <list>{| from small to large| in ascending order| in order| by size| numerically| ascending| from lowest to highest}{.|, please.|}",
    "{Can|Could|Would|Will} you {please |}{sort|order|arrange|put in order} {these numbers|these|this|the following numbers|this list|my numbers}{| for me| by size| in ascending order| from small to large}: <list>{?|}",
    "{Can|Could|Would|Will} you {please |}{sort|order|arrange|put} <list>{| in ascending order| in order| by size}{?|}",
    "{What is|What's|Give me|Tell me|Show me|Write|I need} {the ascending order|the sorted list|the right order|the sorted order|the order by size} {of|for} <list>{?|.|}",
    "<list>{: |. |, }{sort|sort them|sort these|sort this|put them in order|order them by size|in ascending order, please|smallest first|ascending|sort please|from small to large}{.||!}",
    "{Ascending order|Ascending|Sorted|Sort by size|Sort ascending|In ascending order|Smallest first|Sort the numbers|From small to large}: <list>",
    "{I have|Here are|These are|My numbers:|Numbers:|The numbers are} <list>. {Sort them|Please sort them|Put them in order|Can you sort them|Smallest first, please|Order them by size}{.|?|}",
    "{Put|Bring|Get} {these|the|the following|these numbers|the numbers|my numbers} {in|into} {order|ascending order|the right order|increasing order}: <list>{.|}",
    "{I want|I need|I'd like|I would like|Help me} {to sort|to order|to put in order} {these|this list|these numbers|the numbers}: <list>{.|}",
]
SORT_DOWN = [
    "{Sort|Order|Arrange|Put|Rank|List} {these|the|the following|my|this list of|all} numbers {from large to small|from largest to smallest|in descending order|descending|in decreasing order|from high to low|from highest to lowest|downwards|with the largest first}: <list>{.|}",
    "{Sort|Order|Arrange|Put|List} <list> {from large to small|in descending order|descending|from highest to lowest|from big to small|in decreasing order|largest first}{.|, please.|}",
    "{Can|Could|Would|Will} you {please |}{sort|order|arrange} {these numbers|these|this|the following numbers|this list} {from large to small|in descending order|with the largest first|descending}: <list>{?|}",
    "{What is|Give me|Tell me|Show me|I need} the descending order {of|for} <list>{?|.|}",
    "<list>{: |. |, }{largest first|in descending order|sort descending|sort from large to small|sort them in descending order|biggest first|descending}{.||!}",
    "{Descending order|Descending|Sort descending|In descending order|Largest first|Biggest first|From large to small}: <list>",
    "{I have|Here are|These are|Numbers:} <list>. {Sort them in descending order|Largest first, please|Sort from high to low|Put the largest first}{.|}",
    "{Put|Bring} {these|the|the following|these numbers|the numbers} {in|into} descending order: <list>{.|}",
]
REVERSE_LIST = [
    "{Reverse|Please reverse|Turn around|Flip|Invert|Mirror} {this list|the list|the order of|the order of this list|the following|the following list|these items|the order of these|my list|this}: <list>{.|}",
    "{Reverse|Turn around|Invert|Flip} the {order|sequence} of {|these T: |the list }<list>{.|, please.|}",
    "{Can|Could|Would|Will} you {please |}{reverse|turn around|flip} {this list|the list|the order of this list|the order|these T|the order of these T}: <list>{?|}",
    "{Put|List|Write|Give me|Say|Show me|Tell me|Repeat|Read} {these T|this list|the list|the T|the following|these} {in reverse order|backwards|in reverse|from last to first|from the last to the first|in the opposite order|the other way round}: <list>{.|}",
    "{Put|List|Write|Give me|Say|Show me|Tell me|Repeat} <list> {in reverse order|in reverse|from last to first|in the opposite order|the other way round}{.|, please.|}",
    "{What is|What's|Give me|Tell me|Show me|I need} the {reverse|reversed|opposite} {order|list} {of|for} <list>{?|.|}",
    "{What is|What would be} {this list|the list} {backwards|in reverse|in reverse order|reversed}: <list>{?|}",
    "<list>{: |. |, }{reverse the order|in reverse order|reverse the list|reverse this list|in reverse order, please|last one first|the other way round|from last to first|turn the order around|list them backwards}{.||!}",
    "{Reverse order|In reverse order|Reversed list|Reverse list|Last one first|Reverse the list|From last to first|Backwards list}: <list>",
    "{I have|Here are|These are|Here is a list:|My list:|List:} <list>. {Reverse the order|Reverse it|In reverse order, please|Turn the order around|Reverse the list|Say them from last to first}{.|}",
    "{Reverse|Turn around} the {list|sequence|order|row}{:|} <list>{.|}",
    "{Start with the last|Begin with the last one|The last one first}: <list>{.|}",
    "{I want|I need|I'd like|I would like} {this list|these|these T} {in reverse order|reversed|from last to first}: <list>{.|}",
]
SPELL_MANY = [
    "{Spell|Please spell|Spell out} {these words|the following words|these|all of these|the words|this list of words}: <list>{.|}",
    "{Spell|Please spell|Spell me|Write letter by letter|Spell out} <list>{.|, please.|}",
    "{Can|Could|Would} you {please |}spell {these words: |these: |the words |}<list>{?|}",
    "{How do you spell|How does one spell|How are these spelled:|What is the spelling of} <list>{?|}",
    "{Break|Split|Take apart} {these words|the words} into {their |single |}letters: <list>{.|}",
    "<list>{: |. |, }{spell them|spell each of them|letter by letter|please spell them all|spell all of these words|how are they spelled}{.|?|}",
]
FIRST_OR_LAST = [
    "{What is|What's|Tell me|Name|Give me|Which is} the P letter {of|in} W{?|.|}",
    "{What|Which} letter {is|comes|stands} P in W{?|}",
    "{With|By} {what|which} letter does W {B}{?|}",
    "{Which|What} is the P letter of W{?|}",
    "{P letter|The P letter|Its P letter} of W{?|:|}",
    "{What|Which letter} does W {B} with{?|}",
    "W {B}s with {which|what} letter{?|}",
]
NEXT_LETTER = [
    "{What|Which} letter {comes|is|follows} {after|right after|next after} L{? | in the alphabet?|}",
    "{What|Which letter} {comes|is} after L in the alphabet{?|}",
    "{What is|Tell me|Name|Give me} the {next letter|letter} after L{?|.|}",
    "{The letter|Letter} after L{?|}",
    "{In the alphabet, what|What} follows {the letter |}L{?|}",
]
PREVIOUS_LETTER = [
    "{What|Which} letter {comes|is} {before|right before|just before} L{?| in the alphabet?|}",
    "{What|Which letter} {comes|is} before L in the alphabet{?|}",
    "{What is|Tell me|Name|Give me} the letter before L{?|.|}",
    "{The letter|Letter} before L{?|}",
]
ALPHABET = [
    "{Say|Recite|Write|Tell me|Give me|List|Show me} the {whole |}alphabet{.|, please.|!|}",
    "{What is|What are the letters of|Do you know|Can you say|Can you recite} the alphabet{?|}",
    "{All|Name all|List all|What are all} {the |}letters of the alphabet{.|?|}",
]
COMPARE = [
    "{Which|What|Which word} comes {first|earlier} in {the alphabet|alphabetical order|a dictionary|the dictionary}{:|,|} <list>{?|}",
    "{What|Which} {is|stands} first {alphabetically|in alphabetical order|in the dictionary|by the alphabet}{:|,|} <list>{?|}",
    "{Alphabetically|In the alphabet|In a dictionary}, {which|what} comes first{:|,|} <list>{?|}",
    "Which of {these|these words|the following} {comes first|is first} {alphabetically|in the alphabet|in a dictionary}: <list>{?|}",
]
AND_WORD = [
    "{And|and|Now|What about|How about|And now|Next:|Then|OK, and|Also|The same for|And what about|Now do|Try} W{?|.||, please.}",
    "{Thanks|Good|Right|Nice|Great|Cool}{.|!|,} {And|Now|How about|What about} W{?|}",
    "W{?|}",
]


@cache
def _all_words() -> tuple[str, ...]:
    found = {text.lower() for text in re.findall(r"(?<![\w'])[A-Za-z]+(?![\w'])", _other_texts())}
    return tuple(sorted({*THINGS, *OTHERS, *found}))


@cache
def vocabulary() -> tuple[str, ...]:
    """Return the words to spell: the lists above, and the words of the other texts, whose tokens the model meets."""
    return tuple(text for text in _all_words() if _speakable(text))


@cache
def _common() -> tuple[str, ...]:
    return tuple(sorted(text for text in {*THINGS, *OTHERS} if _speakable(text)))


def _other_texts() -> str:
    texts = [*unknowns.SUBJECTS, *unknowns.ANSWERS["fact"], *common_knowledge.CAPITALS, *SENTENCES]
    texts += [*common_knowledge.CAPITALS.values(), *common_knowledge.COLOUR_OF, *sums.NOUNS]
    for cycle in (common_knowledge.DAYS, common_knowledge.MONTHS):
        texts += cycle.names
    for topic in topics.TOPICS:
        texts += (*topic.names, *topic.openings, *topic.details)
    for theme in haiku.THEMES:
        texts += (*theme.subjects, *theme.first, *theme.middle, *theme.last)
    for intent in smalltalk.INTENTS.values():
        texts += (*intent.prompts, *intent.answers)
    for templates in (*unknowns.QUESTIONS.values(), SPELL, REVERSE, SORT, COUNT_LETTER, COUNT_ITEMS):
        texts += templates
    for templates in (*sums.SENTENCE.values(), sums.ADD_STORIES, sums.SUBTRACT_STORIES, sums.ASK_EXPRESSION):
        texts += templates
    return "\n".join(texts)


def _speakable(word: str) -> bool:
    return word.isascii() and len(word) in LENGTHS and not held_out(word)


def _spliced(rng: random.Random) -> str:
    """Return the beginning of one word with the end of another."""
    first, last = rng.sample(vocabulary(), 2)
    return first[: rng.randint(1, 5)] + last[-rng.randint(1, 5) :]


def _extended(rng: random.Random) -> str:
    """Return a word with something before or after it.

    A word that is kept for the eval may be a single token, whose letters the model can learn only so.
    """
    text = rng.choice(_all_words())
    return text + rng.choice(_ENDINGS) if rng.random() < 0.6 else rng.choice(_BEGINNINGS) + text


def word(rng: random.Random) -> str:
    """Return a word to spell, in lower case: most exist, the rest are invented or made of others."""
    while True:
        kind = rng.random()
        if kind < 0.55:
            return rng.choice(_common() if kind < 0.25 else vocabulary())
        make = _extended if kind < 0.75 else _spliced if kind < 0.87 else unknowns.invented_word
        if _speakable(made := make(rng).lower()):
            return made


_BEGINNINGS = "a be un re in mis out sun up over sea mid pre o bo ka to sub".split()
_ENDINGS = "s s ing ed er y ly le o a ish less man room way ful ton by um ix en".split()


def spelled(text: str) -> str:
    """Return the letters of `text` with hyphens between."""
    return "-".join(text)


def _cased(text: str, rng: random.Random) -> str:
    return rng.choices((text, text.capitalize(), text.upper()), (8, 2, 1))[0]


def _quoted(text: str, rng: random.Random) -> str:
    return rng.choice(('"{}"', '"{}"', "'{}'", "“{}”", "`{}`")).format(text)


def _ask_word(templates: list[str], rng: random.Random, text: str, letter: str = "") -> str:
    """Ask about the word `text` (and a letter of it), quoted or not."""
    form = rng.choice(WORD)
    written = _cased(text, rng)
    quoted = _quoted(written, rng)
    shown = rng.choice((letter, letter, letter.upper(), f'"{letter}"', f"'{letter}'"))
    frame = re.sub(r"\bL(?='s|s\b|\b)", "<letter>", rng.choice(templates))
    frame = re.sub(r"\bW\b", form, frame)
    return ask([frame], rng, word=written, quoted=quoted, letter=shown)


def spell_turn(rng: random.Random, prompts: list[str] = SPELL) -> Turn:
    """Ask how a word is spelled."""
    text = word(rng)
    return Turn(_ask_word(prompts, rng, text), f'"{text}" is spelled {spelled(text)}.', "spell", text)


def spell_many_turn(rng: random.Random) -> Turn:
    """Ask for several words letter by letter: far more letters in one answer than with a single word."""
    items = [word(rng) for _ in range(rng.choice((2, 3, 4, 5, 6, 8, 10)))]
    shown = [_cased(item, rng) for item in items] if rng.random() < 0.3 else items
    answer = "\n".join(f"{item}: {spelled(item)}" for item in items)
    return Turn(ask(SPELL_MANY, rng, list=_listed(shown, rng)), answer, "spell_many", answer)


def letter_turn(rng: random.Random) -> Turn:
    """Ask for the first or last letter of a word."""
    text = word(rng)
    first = rng.random() < 0.7
    place, verb, letter = ("first", "begin", text[0]) if first else ("last", "end", text[-1])
    verb = rng.choice(("begin", "start")) if first else verb
    prompt = re.sub(r"\{B\}|\bB\b", verb, rng.choice(FIRST_OR_LAST)).replace("P letter", f"{place} letter")
    user = _ask_word([re.sub(r"\bP\b", place, prompt)], rng, text)
    return Turn(user, f'The {place} letter of "{text}" is {letter}.', "letter", letter)


def alphabet_turn(rng: random.Random) -> Turn:
    """Ask for the neighbour of a letter, or for the alphabet."""
    if rng.random() < 0.1:
        return Turn(
            ask(ALPHABET, rng), ", ".join(ascii_lowercase) + ".", "alphabet", ", ".join(ascii_lowercase)
        )
    place = rng.randrange(25)
    letter, following = ascii_lowercase[place], ascii_lowercase[place + 1]
    if rng.random() < 0.6:
        user = _ask_word(NEXT_LETTER, rng, "", letter)
        return Turn(user, f"The letter after {letter} is {following}.", "letter", following)
    user = _ask_word(PREVIOUS_LETTER, rng, "", following)
    return Turn(user, f"The letter before {following} is {letter}.", "letter", letter)


def compare_turn(rng: random.Random, prompts: list[str] = COMPARE) -> Turn:
    """Ask which of some words comes first in the alphabet."""
    items, _ = items_of(rng, most=4)
    first = min(items, key=str.lower)
    user = ask(prompts, rng, list=", ".join(items[:-1]) + f" or {items[-1]}")
    return Turn(user, f'"{first}" comes first.', "compare", first)


def _by_first_letter(rng: random.Random) -> str:
    """Return words of the same first letters, letter by letter in the order of the alphabet."""
    lines = []
    for letter in sorted(rng.sample(ascii_lowercase, rng.randint(3, 12))):
        found = [text for text in rng.sample(vocabulary(), 400) if text[0] == letter]
        if found:
            lines.append(f"{letter}: {', '.join(sorted(found[:6]))}")
    return "\n".join(lines)


def document(rng: random.Random) -> str:
    """Return words and their letters, for text without a chat."""
    if rng.random() < 0.2:
        return _by_first_letter(rng)
    items = [word(rng) for _ in range(rng.randint(8, 30))]
    frame = rng.choice(
        ("The word {0} is spelled {1}.", '"{0}" is spelled {1}.', "{0}: {1}", "{2}: {1}", "{0} is {1},")
    )
    joiner = "\n" if frame[0] in "T{" and rng.random() < 0.5 else " "
    return joiner.join(frame.format(item, spelled(item), item.capitalize()) for item in items)


def reverse_turn(rng: random.Random, prompts: list[str] = REVERSE) -> Turn:
    """Ask for a word backwards."""
    text = word(rng)
    back = text[::-1]
    answer = f'{spelled(text)} backwards is {spelled(back)}: "{back}".'
    return Turn(_ask_word(prompts, rng, text), answer, "reverse", text)


def count_letters_turn(rng: random.Random, prompts: list[str] = COUNT_LETTERS) -> Turn:
    """Ask how many letters a word has."""
    text = word(rng)
    answer = f"{spelled(text)}: that is {len(text)} letters."
    return Turn(_ask_word(prompts, rng, text), answer, "count_letters", text)


def count_letter_turn(rng: random.Random, prompts: list[str] = COUNT_LETTER) -> Turn:
    """Ask how often a letter occurs in a word; more often than chance would have it, more than once."""
    text = max((word(rng) for _ in range(rng.choice((1, 1, 3)))), key=lambda w: len(w) - len(set(w)))
    letter = rng.choice("abcdefghijklmnopqrstuvwxyz")
    if rng.random() < 0.85:
        repeated = [char for char in text if text.count(char) > 1]
        letter = rng.choice(repeated if repeated and rng.random() < 0.5 else text)
    count = text.count(letter)
    times = "1 time" if count == 1 else f"{count} times"
    answer = f"{spelled(text)}: the letter {letter} occurs {times}."
    return Turn(_ask_word(prompts, rng, text, letter), answer, "count_letter", f"{text}/{letter}")


def sentence(rng: random.Random) -> str:
    """Return two to eight words: a small sentence, or words in a row."""
    while True:
        in_a_row = (rng.choice(vocabulary()) for _ in range(rng.randint(2, 8)))
        text = " ".join(in_a_row) if rng.random() < 0.4 else expand(rng.choice(SENTENCES), rng)
        if 2 <= len(text.split()) <= 8:
            return text.capitalize() if rng.random() < 0.5 else text


def count_words_turn(rng: random.Random, prompts: list[str] = COUNT_WORDS) -> Turn:
    """Ask how many words a sentence has."""
    text = sentence(rng)
    count, one_by_one = len(text.split()), " / ".join(text.split())
    text += rng.choice(("", "", ".", "!"))
    form = rng.choice(("<quoted>", "<quoted>", "{the sentence|the phrase|the line|this sentence:} <quoted>"))
    frame = re.sub(r"\bS\b", form, rng.choice(prompts))
    user = ask([frame], rng, text=text, quoted=_quoted(text, rng))
    return Turn(user, f"{one_by_one}: that is {count} words.", "count_words", str(count))


def _listed(items: list[str], rng: random.Random) -> str:
    """Return the items as people list them."""
    joiner = rng.choices((", ", ",", " ", "; ", "\n", "\n- ", " and "), (16, 2, 2, 1, 1, 1, 1))[0]
    if joiner == ", " and len(items) > 1 and rng.random() < 0.3:
        return ", ".join(items[:-1]) + rng.choice((" and ", ", and ")) + items[-1]
    if joiner == ", " and rng.random() < 0.06:
        return "[" + ", ".join(items) + "]"
    if joiner == ", " and rng.random() < 0.06:
        return ", ".join(f'"{item}"' for item in items)
    if joiner.startswith("\n"):
        return joiner + joiner.join(items)
    return joiner.join(items)


def allowed(items: list[str]) -> bool:
    """Return whether a list may be in the training text, in any order and case."""
    return not held_out(" ".join(sorted(item.lower() for item in items))) and not held_out(
        " ".join(sorted(items))
    )


def items_of(rng: random.Random, most: int = 6) -> tuple[list[str], str]:
    """Return two or more different words and what they are called."""
    while True:
        count = rng.randint(2, most)
        kind = rng.random()
        name = rng.choice(("words", "items", "things", "words", "entries"))
        if kind < 0.5:
            items = rng.sample(THINGS, count)
        elif kind < 0.7:
            items = rng.sample(vocabulary(), count)
        elif kind < 0.8:
            items, name = rng.sample(NAMES, count), rng.choice(("names", "names", "people"))
        elif kind < 0.9:
            items, name = rng.sample("abcdefghijklmnopqrstuvwxyz", count), "letters"
        else:
            items = [word(rng) for _ in range(count)]
        if kind < 0.7 and rng.random() < 0.12:
            items = [item.capitalize() for item in items]
        if len({item.lower() for item in items}) == count and allowed(items):
            return items, name


def numbers_of(rng: random.Random) -> list[int]:
    """Return two to six different numbers of up to two digits."""
    while True:
        numbers = rng.sample(range(rng.choice((21, 100, 100, 100))), rng.randint(2, 6))
        in_order = " ".join(str(number) for number in sorted(numbers))
        if allowed([str(number) for number in numbers]) and not held_out(in_order):
            return numbers


def _ask_list(templates: list[str], rng: random.Random, items: list[str], name: str = "items") -> str:
    frame = re.sub(r"\bT\b", name, rng.choice(templates))
    return ask([frame], rng, list=_listed(items, rng))


def count_items_turn(rng: random.Random, prompts: list[str] = COUNT_ITEMS) -> Turn:
    """Ask how many items a list has."""
    items, _ = items_of(rng, most=8)
    answer = f"{' / '.join(items)}: that is {len(items)} items."
    return Turn(_ask_list(prompts, rng, items), answer, "count_items", str(len(items)))


def sort_turn(rng: random.Random, prompts: list[str] = SORT) -> Turn:
    """Ask for words in alphabetical order."""
    items, name = items_of(rng)
    answer = ", ".join(sorted(items, key=str.lower))
    return Turn(_ask_list(prompts, rng, items, name), answer, "sort", answer)


def sort_numbers_turn(rng: random.Random) -> Turn:
    """Ask for numbers by size, a third of the time the largest first."""
    numbers = numbers_of(rng)
    descending = rng.random() < 0.33
    user = _ask_list(SORT_DOWN if descending else SORT_NUMBERS, rng, [str(number) for number in numbers])
    answer = ", ".join(str(number) for number in sorted(numbers, reverse=descending))
    return Turn(user, answer, "sort_numbers", answer)


def reverse_list_turn(rng: random.Random, prompts: list[str] = REVERSE_LIST) -> Turn:
    """Ask for the items of a list from the last to the first."""
    if rng.random() < 0.25:
        items, name = [str(number) for number in numbers_of(rng)], "numbers"
    else:
        items, name = items_of(rng)
    answer = ", ".join(reversed(items))
    return Turn(_ask_list(prompts, rng, items, name), answer, "reverse_list", answer)


_WORD_TURNS = {"spell": spell_turn, "reverse": reverse_turn, "count_letters": count_letters_turn}


def follow_up(previous: Turn, rng: random.Random) -> Turn | None:
    """Ask the same about another word, in fewer words; or about the same word something else."""
    if previous.skill not in _WORD_TURNS:
        return None
    if rng.random() < 0.5:
        return _WORD_TURNS[previous.skill](rng, AND_WORD)
    text, letters = previous.key, spelled(previous.key)
    if previous.skill != "reverse":
        user = ask(["{And|Now|now|Then|What is it|How is it} {backwards|in reverse|reversed}{?|.|}", "{And|Now} {reverse|turn around} {it|that|that word|the word}{.|?|}"], rng)  # fmt: skip
        back = text[::-1]
        return Turn(user, f'{letters} backwards is {spelled(back)}: "{back}".', "reverse", text)
    user = ask(["{And|Now|}{how many letters| how many letters|, how many letters} {does it have|are in it|is that|has it|are there|are in that word}{?|}", "{Count|Now count|And count} {its letters|the letters}{.|?|}"], rng)  # fmt: skip
    return Turn(user, f"{letters}: that is {len(text)} letters.", "count_letters", text)


def short_answer(turn: Turn) -> str | None:
    """Return the answer alone: the letters, the reversed word, the number or the list."""
    words = turn.assistant.rstrip(".").split(" ")
    if turn.skill == "spell":
        return words[-1]
    if turn.skill == "reverse":
        return words[-1].strip('"')
    if turn.skill in ("count_letters", "count_letter", "count_words", "count_items"):
        return words[-2]
    if turn.skill in ("letter", "alphabet", "compare"):
        return turn.key
    return turn.assistant if turn.skill in ("spell_many", "sort", "sort_numbers", "reverse_list") else None


SKILLS = frozenset(
    "spell spell_many reverse count_letters count_letter count_words count_items sort sort_numbers reverse_list"
    " letter alphabet compare".split()
)
LISTS = (
    (sort_turn, 3),
    (sort_numbers_turn, 4),
    (reverse_list_turn, 3),
    (count_items_turn, 1),
    (count_words_turn, 1),
)
OPENERS = (
    (spell_turn, 5),
    (spell_many_turn, 6),
    (reverse_turn, 4),
    (count_letters_turn, 3),
    (count_letter_turn, 3),
    (count_words_turn, 2),
    (count_items_turn, 2),
    (letter_turn, 1.5),
    (alphabet_turn, 1),
    (compare_turn, 1.5),
    (sort_turn, 6),
    (sort_numbers_turn, 3),
    (reverse_list_turn, 3),
)
