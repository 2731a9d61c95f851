"""Words and lists: spell, reverse, count, sort. Every answer is computed from the question's own words."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from string import ascii_lowercase

from training import common_knowledge, haiku, smalltalk, sums, topics, unknowns, values
from training.asking import ask
from training.dialogue import Turn
from training.grammar import capital, expand
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
    "{the|my|your|our|this|that|every|one|a} {|big |little |old |new |tired |young |happy |clever }{cat|farmer|doctor|bus|river|queen|boy|sister|boat|wind|robot|neighbour|shop|letter|bird|school} {sees|finds|loves|needs|follows|brings|paints|forgets|remembers} {the|a|my|his|no|some} {|red |long |small |strange |warm }{book|bread|key|garden|song|window|story|apple|house|ticket|road|lamp}{|| again| today| at noon| in the rain}",
    "{he|she|my brother|Anna|the boss|nobody|everybody|the old woman} {went|came|drove|walked|ran|flew|wants to go|has to go} {home|to school|to the sea|over the bridge|into the forest|back to the station|there}{| alone| yesterday| by bus| with me| very late| at six}",
    "{there|here} {is|was} {a|no|one|only one} {letter|bird|light|train|problem|spider|question|cloud|clean cup} {on the table|in the box|for you|under my bed|over the roof|left|in the room}{| now| today}",
    "{I don't know|I can't see|we won't forget|it doesn't matter|you didn't call|that isn't true|she's reading|they're playing chess}{| the answer| anything| today| at all| any more}",
    "{hello|good morning|thank you|good night|see you}{| my friend| to all of you| everyone| and welcome| for now}",
    "{it is|this is} {cold|a nice day|raining again|my first car|all I know|time to go home|not so bad|the end of the story}{| now| I think}",
    "{open|close|find|watch|paint|clean} {the door|your eyes|that old window|this book|a green box}{| please| quickly| for me| before you go}",
    "{where|how|when} {are you|do they live|did it start|is my blue hat|can we meet}{| now| tonight}",
)

WORD = [
    "<word>",
    "<word>",
    "{the word|the term|the word|the name} <word>",
    "<quoted>",
    "<quoted>",
    "the word <quoted>",
    "{the name|the term|the expression|my word} <quoted>",
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
    "{What do I get|What do you get|What comes out|How does it look|What is it} {if|when} {I|you|we} {reverse|turn around|flip} W{?|}",
    "{What does W {look like|say|become|give}|How does W {look|read}} {backwards|in reverse|reversed|when you reverse it|in a mirror}{?|}",
    "W {backwards|reversed|in reverse|backward|from back to front|the other way round}{?|.||, please.|!}",
    "{Reverse|Turn around|Flip|Swap|Invert} {the letters|all letters|the order of the letters|the letter order|the characters} {of|in} W{.|, please.|}",
    "{Reverse|Backwards|Reversed|In reverse|Mirror}: <word>",
    "{The|Give me the|Tell me the|What is the} {reverse|mirror image|reversal|reversed form} of W{?|.|}",
    "{Reverse|Write backwards|Turn around} {this|the following|this word|the following word}: <word>",
    "{Start|Begin} {from|with|at} the {last letter|end} {of|and spell} W{.| and go back.|}",
    "{Read|Spell} me W from the {last letter to the first|end to the start|back to the front|end to the first letter}{.|}",
    "{I want|I need|I'd like|I would like} {W backwards|W in reverse|to see W backwards|the reverse of W|to reverse W}{.|, please.|}",
]
COUNT_LETTERS = [
    "How many {letters|characters} {are|are there} in W{?||, please?}",
    "How many letters {has W got|has W|does W have|does W contain|does W consist of|does W use}{?|}",
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
    "How many times {do you find {the letter |}L|does {the letter |}L {occur|appear|come|show up|happen}} in W{?|}",
    "How {many times|often} {does {the letter |}L {occur|appear|come up|show up|stand}|is {the letter |}L|do we have L|can you find {the letter |}L|do you see {the letter |}L} in W{?|}",
    "How many {L's|Ls|L|letters L|of the letter L} {are|are there|can you find|do you see|do you count} in W{?|}",
    "How many {L's|Ls|letters L|L} does W {have|contain|use}{?|}",
    "{Count|Please count|Find} {the|all|all the} {L's|Ls|letters L|occurrences of L} in W{.||, please.}",
    "{Count|Please count} {the letter L|how many times L occurs|how often L appears|how many L's there are} in W{.||, please.}",
    "{Can|Could|Would} you {please |}{count the {letter L|L's|Ls}|tell me how many L's are|tell me how often L occurs|tell me how many times L occurs|find the number of L's} in W{?|}",
    "{What is|What's|Tell me|Give me} the {number of|count of} {L's|Ls|letters L|the letter L|the letter L} in W{?|.|}",
    "{Number of|Count} {L's|Ls|L} in W{?|.|}",
    "In W, how {many times does {the letter |}L {occur|appear}|often does L {occur|appear}|many L's are there|many L are there}{?|}",
    "{Tell me|I want to know|Do you know|I wonder} how {many L's are|often L is|many times L is|often L appears|many letters L are} in W{.|?|}",
    "W: how {many L's|often L|many times L|many L}{?|}",
    "{The letter L|L}: how often {is it|does it occur} in W{?|}",
    "{Is the letter L in W? How often?|Does W contain L, and how often?|Are there any L's in W? Count them.}",
    "W {has|contains} how many {L's|times the letter L|Ls}{?|}",
]
COUNT_WORDS = [
    "How many words {are|are there} in S{?|}",
    "How many words {has {the sentence |}<quoted> got|does {the sentence |}<quoted> {have|contain|use}}{?|}",
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
    "{How many words is|How many words long is|How many words make up} <quoted>{?|}",
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
    "{Put|Bring|Get|Place} {these|this|the following|these T|the T|my T|this list}{| here| of mine} {in|into} {alphabetical order|order|the order of the alphabet|the right order}: <list>{.|}",
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
    "{Put|Bring|Get} {these|this|the following|these numbers|the numbers|my numbers} {in|into} {order|ascending order|the right order|increasing order}: <list>{.|}",
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
    "{Put|Bring} {these|this|the following|these numbers|the numbers} {in|into} descending order: <list>{.|}",
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
    "{P letter|The P letter|And the P letter} of W{?|:|}",
    "{What|Which letter} does W {B} with{?|}",
    "W {B}s with {which|what} letter{?|}",
]
NEXT_LETTER = [
    "{What|Which} letter {comes|is} {after|right after|next after} L{?| in the alphabet?|}",
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


# --- wishes composed of independent parts ----------------------------------------------------------------


@dataclass(frozen=True)
class Matter:
    """What a wish is about, and how it is called there.

    Either it stands `inside` the wish, or after `named` and a colon, or in one of the sentences `told` before the
    wish, which then has `meant`. Orders and questions have their own forms of these, divided by a slash, where
    they differ ("sort them" but "how do these look").
    """

    inside: str
    named: str
    meant: str
    told: tuple[str, ...]
    value: str


@dataclass(frozen=True)
class Wish:
    """What someone wants, as orders and as questions, in which O stands for what it is about."""

    orders: tuple[str, ...]
    questions: tuple[str, ...]
    about: Matter


_ORDER_LEADS = (
    (("", ".|.|.||!| please.|, please.| for me.| now.| for me, please.| if you can."), 36),
    (
        (
            "{Please|Now|Now please|Please just|Just|Simply|Quickly|Kindly|Then|Next,|OK,|And now|First,|So,|Hey,|Martlet,|Dear model,} ",
            ".|.||!| for me.| again.",
        ),
        14,
    ),
    (
        (
            "{Can|Could|Would|Will|Can|Could} you {|please |kindly |quickly |maybe |perhaps |also |now |just |help me and }",
            "?|?|?|| please?| for me?|, please?",
        ),
        22,
    ),
    (
        (
            "{I want|I need|I'd like|I would like|We need|I would love|My teacher wants|I ask|My boss wants|They want} you to ",
            ".|.||, please.",
        ),
        8,
    ),
    (
        (
            "{Your task|The task|My wish|Exercise|Task|Your job|My request|Homework|The exercise|Next task|To do}{:|:| is to} ",
            ".|.|",
        ),
        6,
    ),
    (
        (
            "{It would be nice|It would help me|I would be glad|I would be happy|It would be great|I wonder|I'd be grateful} if you could ",
            ".|.|",
        ),
        4,
    ),
    (
        (
            "{Help me and|Be so kind and|Do me a favour and|Go on and|Go ahead and|Try to|You should|You have to|You can|Let us|Let's|Do|I need help: |A small job: |Be nice and} ",
            ".|.|!|",
        ),
        8,
    ),
    (
        (
            "{Would you be able to|Are you able to|Is it possible for you to|May I ask you to|Can I ask you to|Do you know how to|Do you think you can|Might you} ",
            "?|?|",
        ),
        5,
    ),
    (
        (
            "{For my homework|For a game|For my notes|For a test|For a friend|For school|To help me|In one go|If you can|If possible|This time|Here}, ",
            ".|.||, please.",
        ),
        4,
    ),
)
_QUESTION_LEADS = (
    (("", "?|?|?||, please?| please?"), 60),
    (
        (
            "{Tell me|Say|Tell me please|I wonder|A question|My question is|Question|Quick question|I ask you|Please tell me|Quiz|I want to know|Riddle|Now|Next question|For you|One thing}: ",
            "?|?|?||",
        ),
        20,
    ),
    (
        (
            "{So|And|Now|Then|OK,|Hey,|Martlet,|Well,|Hmm,|Excuse me,|Hi,|Sorry, but|Right,|Also,|Tell me,|Say,} ",
            "?|?|",
        ),
        20,
    ),
)
_PLACES = ("inside", "named", "told")


def composed(wish: Wish, rng: random.Random) -> str:
    """Return a wish: an order or a question, with its object inside, after a colon, or told before."""
    asks = rng.random() < 0.4
    leads, weights = zip(*(_QUESTION_LEADS if asks else _ORDER_LEADS), strict=True)
    lead, marks = rng.choices(leads, weights)[0]
    phrase, mark = rng.choice(wish.questions if asks else wish.orders), rng.choice(marks.split("|"))
    place = rng.choices(_PLACES, (5, 3, 3))[0]
    if place == "inside":
        return _sentence_like(lead + _about(phrase, wish.about.inside) + mark, rng)
    if place == "named":
        text = _sentence_like(lead + _about(phrase, wish.about.named.split("/")[-1 if asks else 0]), rng)
        return (
            text
            + rng.choice((": ", ": ", ": ", ":\n", "\n", ":\n\n", " - "))
            + wish.about.value
            + rng.choice(("", "", mark if mark in (".", "?", "!") else ""))
        )
    asked = _sentence_like(lead + _about(phrase, wish.about.meant.split("/")[-1 if asks else 0]) + mark, rng)
    between = rng.choice((". ", ". ", ". ", "\n", ".\n", "\n\n", "; ", " - "))
    return _sentence_like(rng.choice(wish.about.told), rng) + between + asked


def _about(phrase: str, what: str) -> str:
    return re.sub(r"\bO\b", lambda _: what, phrase)


def _sentence_like(template: str, rng: random.Random) -> str:
    text = expand(template, rng)
    return capital(text) if rng.random() < 0.8 else text


_WORD = Matter(
    inside="W",
    named="{this word|the following word|the word below|this|the next word|this term|the word here|a word|one word|my word|the word|this one}/{this word|the following word|the word below|this|the next word|this term|my word}",
    meant="{it|it|that|this word|that word|the word|this|this one}/{it|it|that word|this word|the word|that|this}",
    told=(
        "<quoted>",
        "<word>",
        "{The word|My word|The word I mean|The next word|The term|Today's word|The password|Our word} is <quoted>",
        "{I have|Here is|There is|I give you|We have|You get|Next comes|This is|I found|I was given} {a|a|one|this|another} word: <word>",
        "{Take|Look at|Consider|Think of|Here is|Now take|Read|You see|Imagine} {the word |the word |}<quoted>",
        "{I|My son|My friend|We|Somebody|My teacher|She|The child} {read|heard|saw|found|wrote|learned|used|typed|said} {the word |the word |}<quoted>{| today| in a book| yesterday| just now| somewhere| on a sign}",
        "{Word|Input|Term|Text|The word|Given}: <word>",
        "{I am thinking of|I mean|I like|It is about|This is about|I have a question about|I need help with|My question is about} {the word |the word |}<quoted>",
        "{On the sign|On the door|In my book|On the card|Here|In the text|On the screen} it says <quoted>",
    ),
    value="<word>",
)


_APART = "{letter by letter|one letter at a time|with {a hyphen|hyphens|dashes} between the letters|as single letters|in separate letters|one letter after the other|in single letters}"
_ONE_BY_ONE = "{|||| in order| one by one| one after the other| in the right order| from first to last}"
SPELL_WISH = Wish(
    (
        "spell O{|||| letter by letter| slowly| correctly| with hyphens}",
        "spell {out |me |}O",
        "{write|say|type|write down|read|write out|print|put down|show me|give me} O " + _APART,
        "{give|tell|show|send|name|write|list} me {the|all|all the|all of the|the single} letters {of|in|that are in|that make up} O"
        + _ONE_BY_ONE,
        "{list|name|say|read out|write down|enumerate|type|recite|go through|separate} {the|all the|all|each of the} letters {of|in} O"
        + _ONE_BY_ONE,
        "{break|split|divide|cut|take|pull} O {|up |apart }into {|its |single |separate |its single }letters",
        "{put|set|write} {a hyphen|hyphens|dashes} between the letters of O",
        "{dictate|spell} O to me{| letter by letter}",
        "{show|tell|explain to|teach} me {how to spell O|how O is spelled|how one spells O|how O is written letter by letter|the spelling of O|the correct spelling of O}",
        "{give|tell} me the {|correct |exact |right }spelling of O",
        "{go through|read} O letter by letter",
    ),
    (
        "how {do you|does one|do I|do we|would you|should one|can one|must I|do people} {spell|spell|write} O{||| correctly| letter by letter}",
        "how is O {spelled|spelt|spelled|written}{|| correctly| letter by letter| exactly}",
        "{what|which} letters {does O have|is O made of|does O consist of|does O contain|is O written with|do I need {for|to write} O|do you see in O|can you find in O}"
        + _ONE_BY_ONE,
        "what are the {|single |individual }letters {of|in} O" + _ONE_BY_ONE,
        "what is the {|correct |exact |right }spelling of O",
        "what does O look like {letter by letter|when it is spelled|spelled out|in single letters|with hyphens between the letters}",
        "{do you know|can you tell me|could you show me|can you say} {how O is spelled|how to spell O|the spelling of O|how one spells O|which letters O has}",
        "of {what|which} letters {does O consist|is O made}" + _ONE_BY_ONE,
    ),
    _WORD,
)
_BACK = "{backwards|backwards|backward|in reverse|from back to front|the other way round|from the end|from right to left|from the last letter to the first|from end to start|in reverse order of letters|with the letters reversed|from its end to its beginning|with its letters turned around|last letter first}"
REVERSE_WISH = Wish(
    (
        "{reverse|reverse|flip|turn around|invert|mirror} O",
        "turn O {around|back to front|round}",
        "{write|say|spell|read|type|give me|show me|tell me|print|put|write down|write out|send me|return|repeat} O "
        + _BACK,
        "{reverse|turn around|flip|invert|mirror} the {letters|order of the letters|characters|order of letters|spelling} {of|in} O",
        "{give|tell|show|write|send} me {the reverse|the reversal|the mirror image|the reversed form|the backward spelling|the backwards version} of O",
        "{put|write|arrange|say|list} the letters of O {in reverse order|backwards|in reverse|in the opposite order|from last to first|the other way round}",
        "{start|begin} {with|at|from} the {last letter|end} of O and {go back|go to the front|write it to the first letter|read to the start|spell backwards}",
        "{read|spell} O from the {last|final} letter to the first",
    ),
    (
        "{what is|what's|what would be|what becomes of} O " + _BACK,
        "what is O {when|if} {you reverse it|it is reversed|it is turned around|one reads it from the end|I read it backwards|it is written from right to left}",
        "how {do you|does one|do I|would you|do we|can I} {write|say|spell|read|type} O " + _BACK,
        "how {does O read|is O spelled|is O written|does O look|does O sound} " + _BACK,
        "what {do I|do you|do we|does one|will I|would I} get {if|when} {I|you|we} {reverse|turn around|flip} {O|the letters of O|the letters in O}",
        "what does O {look like|read|become|give} {backwards|in reverse|reversed|in a mirror|from right to left|when its letters are reversed}",
        "what is the {reverse|reversed form|reversal|mirror image|opposite order of the letters} of O",
        "which word {do I get|comes out|is it} when I {read|write|spell} O " + _BACK,
    ),
    _WORD,
)
COUNT_LETTERS_WISH = Wish(
    (
        "count {{the|all the|all|up the} letters {of|in}|how many letters {are|there are} in} O",
        "{tell|give|show|send} me {the number of letters|the letter count|the length in letters|the total number of letters|the count of letters} {of|in} O",
        "{tell me|say|work out|find out|check|determine|see|calculate|let me know|show me} how many {letters|letters|characters} {O has|are in O|there are in O|O consists of|O contains|O is made of|it takes to write O|one needs for O|make up O}",
        "{tell me|say|find out|check|measure} how {long O is|long O is in letters|many letters long O is}",
        "{measure|determine|find|work out|compute|state} the {length|number of letters|letter count} of O",
        "count O {letter by letter|by its letters}{| and tell me the number| and give me the total}",
    ),
    (
        "how many {letters|letters|letters|characters} {are|are there|stand|do you see|do you count|can you count|do you find|would you count} in O",
        "how many {letters|letters|characters} {does O have|has O|has O got|does O contain|does O consist of|does O use|does O need|is O made of|do I need for O|does it take to write O|do you need to spell O|must I type for O|make up O}",
        "how long is O{| in letters| counted in letters}",
        "{what is|what's} the {number of letters|letter count|length|total number of letters|length in letters} {of|in} O",
        "of how many letters {is O made|does O consist}",
        "{do you know|can you say|can you tell me|could you tell me} how {many letters O has|many letters are in O|long O is|many letters there are in O}",
        "how many letters long is O",
    ),
    _WORD,
)
COUNT_LETTER_WISH = Wish(
    (
        "count {|all |all the |the }{L's|Ls|letters L} in O",
        "count {how often|how many times} {L|the letter L} {occurs|appears|comes up|stands|is found|is used|shows up|is} in O",
        "count the letter L in O",
        "{tell me|say|find out|check|see|work out|determine|let me know|show me} how {often|many times} {L|the letter L} {occurs|appears|comes|is|comes up|stands|is used|shows up} in O",
        "{tell me|say|find out|check|see|work out|let me know} how many {L's|Ls|letters L} {O has|are in O|there are in O|O contains|you see in O|you find in O}",
        "{give|tell|send} me the {number|count|total} of {L's|Ls|letters L} in O",
        "{find|look for} {|all |every |each }{L|letter L|letter L} in O and {count them|tell me how many there are|say how many}",
    ),
    (
        "how {often|many times} {does|does|will} {L|the letter L} {occur|appear|come|come up|stand|show up|turn up} in O",
        "how {often|many times} {is|do you find|do you see|can I find|do we have|can you see|do you need} {L|the letter L} in O",
        "how many {L's|Ls|letters L} {are|are there|do you see|do you count|can you find|stand} in O",
        "how many {L's|Ls|letters L} {does O have|has O|does O contain|are there in O|does O have in it|do I need for O}",
        "{what is|what's} the {number|count} of {L's|Ls|letters L} in O",
        "in O, how {often do you see L|many L's are there|many times is L there|often does the letter L occur}",
        "how many of the letters {of|in} O are {L|L's}",
        "how many letters {of|in} O are {L|L's}",
    ),
    _WORD,
)
_TEXT = Matter(
    inside="S",
    named="{this sentence|the following sentence|this text|this phrase|the following|this line|this|the sentence below|the following text|my sentence|these words|the next line}/{this sentence|the following sentence|this text|this phrase|this line|the sentence below|the following text|my sentence}",
    meant="{it|that|this sentence|this|that sentence|this line|the sentence|what I wrote}/{it|this|this sentence|that sentence|that|the sentence}",
    told=(
        "<quoted>",
        "{I|My friend|She|He|The teacher|Somebody|My son|A child|The sign} {wrote|said|says|typed|wrote to me|told me|read out}: <quoted>",
        "{Here is|I have|This is|There is|We have|You get|Look at|Take|Consider} {a sentence|this sentence|a line|a phrase|this text|a short text}: <quoted>",
        "{The sentence|My sentence|The line|The text|The first line|The message|The title|My text} is <quoted>",
        "{Sentence|Text|Input|Line|Phrase|Message}: <quoted>",
        "{I read|I found|I saw|We learned|I heard|I like} {the sentence|the line|the phrase|this:|the words} <quoted>{| today| in a book| somewhere|}",
    ),
    value="{<text>|<text>|<quoted>}",
)
COUNT_WORDS_WISH = Wish(
    (
        "count {|all |the |all the |up the }words {in|of} O",
        "count how many words {are in|there are in|I used in|you see in} O",
        "{tell me|say|find out|check|see|work out|determine|let me know} how many words {O has|are in O|there are in O|O contains|O consists of|O is made of|make up O|you count in O}",
        "{tell|give|send|show} me {the number of words|the word count|how many words there are} {in|in} O",
        "{do|make|give me} a word count {of|for} O",
        "{determine|find|work out|compute|state} the {number of words|word count|length in words} of O",
        "go through O word by word and {count|count the words|tell me how many there are}",
    ),
    (
        "how many words {are|are there|do you see|do you count|can you count|do you find|stand|did I use} in O",
        "how many words {does O have|has O|has O got|does O contain|does O consist of|does O use|is O made of|make up O|long is O}",
        "{what is|what's} the {number of words|word count|length in words|total number of words} {of|in} O",
        "of how many words {is O made|does O consist}",
        "how long is O {in words|counted in words}",
        "{do you know|can you say|can you tell me} how many words {O has|are in O|there are in O|O contains}",
    ),
    _TEXT,
)
_LIST = Matter(
    inside="{<list>|<list>|<list>|{these T |the T |the list |the following T |}<list>}",
    named="{these|these T|these T|the following T|this list|the list|my list|the T below|this list of T|my T|the following|a list of T|all these T|some T|the list below|my list of T|this|this row of T|the following list}/{these T|the following T|the T below|my T|these|the T}",
    meant="{them|them|these|these T|the T|all of them|those|them all}/{these|these T|those T|the T|those}",
    told=(
        "<list>",
        "{I have|Here are|These are|There are|We have|I got|You get|I wrote down|I collected|I found|I see|I know|Take|Look at|Consider|I was given} {these T|some T|the T|a few T|the following T}: <list>",
        "{My list|The list|This list|Our list|The list of T|My list of T} {is|is|has|contains|says|reads}{:|} <list>",
        "{Here is|I have|This is|There is|I made|I wrote|I got} {a list|my list|the list|a list of T|this list}: <list>",
        "{My|The|Our|Her|Some|All} T {are|are}{:|} <list>",
        "{List|T|My list|Input|Items|Given|The list}: <list>",
        "{On my desk|On the board|In my notes|On the paper|In the file|In the table|On the screen} {I have|there are|I see|you find} <list>",
        "{My friends|My teacher|The children|Somebody|They|My sister} {wrote|named|gave me|said|sent me|listed} <list>",
    ),
    value="<list>",
)


_SAY = "{list|write|give me|show me|return|print|repeat|name|write down|tell me|say|send me|read|output|type}"
_A_TO_Z = "{alphabetically|in alphabetical order|from A to Z|by the alphabet|in dictionary order|in ABC order|in the order of the alphabet|by letter|sorted by the alphabet|as in a dictionary|by {their |the |}first letter|beginning with A|in alphabetic order|a to z}"
_Z_TO_A = "{from Z to A|in reverse alphabetical order|in descending alphabetical order|from z to a|in backward alphabetical order|alphabetically from Z to A|by the alphabet, but from Z to A|against the alphabet|reverse alphabetically|alphabetically, the last letter of the alphabet first}"
_UP = "{from small to large|from smallest to largest|from low to high|from the lowest to the highest|from the smallest to the largest|in ascending order|in increasing order|in rising order|ascending|upwards|by size|numerically|by value|with the smallest first|with the lowest first|starting with the smallest|beginning with the smallest|so that the smallest comes first|smallest first|from little to big|from least to greatest|in numerical order|the smallest one first}"
_DOWN = "{from large to small|from largest to smallest|from high to low|from highest to lowest|from the highest to the lowest|from the largest to the smallest|from big to small|from biggest to smallest|in descending order|in decreasing order|in falling order|descending|downwards|with the largest first|with the biggest first|with the highest first|starting with the largest|starting with the highest|beginning with the biggest|so that the largest comes first|largest first|biggest first|highest first|from greatest to least|by size, the largest first|in reverse numerical order|the largest one first|going down|by size, downwards}"
_LAST_FIRST = "{in reverse order|in reverse|in reverse order|from last to first|from the last to the first|from the end to the start|starting with the last|starting from the last one|beginning with the last one|in the opposite order|the other way round|from back to front|with the last one first|last one first|in reversed order|from the end|with the order reversed|in backward order|in inverse order}"
SORT_WISH = Wish(
    (
        "{sort|sort|order|arrange|organise|rank} O {||" + _A_TO_Z + "|" + _A_TO_Z + "|" + _A_TO_Z + "}",
        "{alphabetise|alphabetize} O",
        "{put|bring|place|set|get} O {in|into} {alphabetical order|ABC order|dictionary order|the order of the alphabet|alphabetical sequence|the right alphabetical order|order by the alphabet|order from A to Z}",
        _SAY + " O " + _A_TO_Z,
        "{give|tell|show|write|send} me the {alphabetical order|sorted list|alphabetical list|sorted version|order from A to Z} of O",
        "{rearrange|arrange|sort|order} O so that {A comes first|the order is alphabetical|it goes from A to Z|a dictionary would agree}",
        "{make|create|write|build} {an alphabetical list|a sorted list|a list from A to Z} {of|out of|from} O",
    ),
    (
        "{what is|what's|what would be} the {alphabetical order|alphabetical sequence|sorted order|right alphabetical order|order by the alphabet|order from A to Z} of O",
        "in {which|what} order {do|would|will} O {come|stand|appear} in {a dictionary|the dictionary|the alphabet|an index|a phone book}",
        "how {do|would} O {look|read|go} {in alphabetical order|sorted from A to Z|when sorted|sorted by the alphabet|alphabetically}",
        "how {do you|would you|does one|do I|should I} {sort|order|arrange} O " + _A_TO_Z,
        "how would {a dictionary|a librarian|an index|the alphabet} {order|sort|arrange} O",
        "what do O look like {in alphabetical order|sorted from A to Z|sorted alphabetically}",
        "what are O " + "{in alphabetical order|sorted from A to Z|sorted by the alphabet}",
    ),
    _LIST,
)
SORT_BACK_WISH = Wish(
    (
        "{sort|sort|order|arrange} O " + _Z_TO_A,
        "{put|bring} O {in|into} {reverse alphabetical order|order from Z to A|descending alphabetical order}",
        _SAY + " O {sorted |}{from Z to A|in reverse alphabetical order}",
        "{sort|order|arrange} O so that {Z comes first|they go from Z to A|the last in the alphabet comes first}",
    ),
    (
        "{what is|what's} the {reverse alphabetical order|order from Z to A} of O",
        "how do O {look|read} {sorted from Z to A|in reverse alphabetical order}",
        "how {do you|would you|do I} {sort|order} O " + _Z_TO_A,
    ),
    _LIST,
)


def _by_size(way: str, name: str, order: str, first: str) -> Wish:
    """Return the wish for numbers one way: `way` is how, `name` and `order` what that is called, `first` what leads."""
    return Wish(
        (
            f"{{sort|sort|order|arrange|rank|organise}} O {way}",
            f"{{sort|order|arrange|rank}} O {way}",
            f"{{put|bring|place|set|get}} O {{in|into}} {order}",
            f"{_SAY} O {way}",
            f"{_SAY} O {{sorted|ordered|arranged}} {way}",
            f"{{give|tell|show|write|send}} me the {name} of O",
            f"{{rearrange|arrange|sort|order}} O so that {{the {first} is first|the {first} comes first|the {first} one leads|it starts with the {first}}}",
        ),
        (
            f"{{what is|what's|what would be}} the {name} of O",
            f"how {{do|would}} O {{look|read|go}} {{when sorted |when ordered |}}{way}",
            f"what are O {{sorted|ordered}} {way}",
            f"how {{do you|would you|does one|do I|should I}} {{sort|order|arrange|rank}} O {way}",
            f"in {{which|what}} order do O {{come|stand|go}} {way}",
        ),
        _LIST,
    )


UP_WISH = _by_size(
    _UP,
    "{ascending order|increasing order|numerical order|order from small to large|order by size, smallest first}",
    "{order|ascending order|increasing order|numerical order|order of size|rising order|order by size|order from small to large|order, smallest first}",
    "{smallest|lowest|least}",
)
DOWN_WISH = _by_size(
    _DOWN,
    "{descending order|decreasing order|order from large to small|order from high to low|falling order}",
    "{descending order|decreasing order|falling order|order from large to small|order, largest first|order from the highest to the lowest|descending order of size}",
    "{largest|highest|biggest|greatest}",
)
REVERSE_LIST_WISH = Wish(
    (
        "{reverse|reverse|invert|flip|turn around} {the order of |the order of |the sequence of |}O",
        "turn {the order of |}O around",
        _SAY + " O " + _LAST_FIRST,
        _SAY + " O " + _LAST_FIRST,
        "{put|place|set|bring|arrange} O {in|into} {reverse order|the opposite order|reversed order|the reverse order|inverse order}",
        "{give|tell|show|write|send} me the {reverse order|reversed order|reverse|reversal|opposite order} of O",
        "{go|read} through O {from the last to the first|from the end to the start|from back to front|backwards}",
        "{start with|begin with|take} the last of O and {go back to the first|end with the first|work back to the first}",
    ),
    (
        "{what is|what's|what would be} the {reverse order|reversed order|opposite order|reverse sequence|reverse} of O",
        "how {do|would} O {look|read|go} " + _LAST_FIRST,
        "what {are|were} O " + _LAST_FIRST,
        "what do O look like {in reverse order|reversed|from last to first}",
        "how {do you|would you|does one|do I} {list|say|write} O " + _LAST_FIRST,
    ),
    _LIST,
)
_THINGS_IN = "{items|items|things|entries|elements|T|T|members|different things|pieces}"
COUNT_ITEMS_WISH = Wish(
    (
        f"count {{the|all|all the|up the}} {_THINGS_IN} {{in|in|on}} O",
        f"{{tell me|say|find out|check|see|work out|determine|let me know|count}} how many {_THINGS_IN} {{are in O|there are in O|O has|O contains|you count in O|I have in O|stand in O|O consists of}}",
        f"{{give|tell|send|show}} me the {{number|count|total number}} of {_THINGS_IN} in O",
        "{measure|determine|find|tell me|give me|state} the {length|size|number of items} of O",
        "go through O and {count|count the items|tell me how many there are|say how many items there are}",
    ),
    (
        f"how many {_THINGS_IN} {{are|are there|do you see|do you count|can you count|do you find|stand|do I have}} {{in|in|on}} O",
        f"how many {_THINGS_IN} {{does O have|has O|has O got|does O contain|does O consist of|does O name}}",
        "{what is|what's} the {length|size|number of items|number of entries|item count} of O",
        "how {long|long|big} is O",
        f"{{do you know|can you say|can you tell me|could you tell me}} how many {_THINGS_IN} {{O has|are in O|there are in O}}",
    ),
    Matter(
        inside="{this list: <list>|the list <list>|<list>|<list>|my list <list>|the row <list>}",
        named="{this list|the list|my list|the following list|the list below|this list of T|my list of T|this collection|this row}",
        meant="{it|this list|that list|my list|the list|this}",
        told=_LIST.told,
        value="<list>",
    ),
)


def _varied(prompts: list[str], known: list[str], wish: Wish, rng: random.Random) -> list[str]:
    """Return `prompts`, or mostly, where these are the `known` sentences, one that is composed of parts."""
    return [composed(wish, rng)] if prompts is known and rng.random() < 0.7 else prompts


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
    frame = re.sub(r"\bL(?='s|s\b|\b)", "<letter>", expand(rng.choice(templates), rng))
    if re.search("<letter>'?s", frame):  # neither "as" nor "'a''s"
        frame, shown = frame.replace("<letter>s", "<letter>'s"), rng.choice((letter, letter, letter.upper()))
    frame = re.sub(r"\bW\b", form, frame)
    return ask([frame], rng, word=written, quoted=quoted, letter=shown)


def spell_turn(rng: random.Random, prompts: list[str] = SPELL) -> Turn:
    """Ask how a word is spelled."""
    text = word(rng)
    prompts = _varied(prompts, SPELL, SPELL_WISH, rng)
    return Turn(_ask_word(prompts, rng, text), f'"{text}" is spelled {spelled(text)}.', "spell", text)


def spell_many_turn(rng: random.Random) -> Turn:
    """Ask for several words letter by letter: far more letters in one answer than with a single word."""
    items = [word(rng) for _ in range(rng.choice((2, 3, 4, 5, 6, 8, 10)))]
    shown = [_cased(item, rng) for item in items] if rng.random() < 0.3 else items
    answer = "\n".join(f"{item}: {spelled(item)}" for item in items)
    return Turn(_ask_list(SPELL_MANY, rng, shown, "words"), answer, "spell_many", answer)


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
    frame = _bounded(expand(rng.choice(prompts), rng))
    user = ask([frame], rng, list=", ".join(items[:-1]) + f" or {items[-1]}")
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
    prompts = _varied(prompts, REVERSE, REVERSE_WISH, rng)
    return Turn(_ask_word(prompts, rng, text), answer, "reverse", text)


def count_letters_turn(rng: random.Random, prompts: list[str] = COUNT_LETTERS) -> Turn:
    """Ask how many letters a word has."""
    text = word(rng)
    answer = f"{spelled(text)}: that is {len(text)} letters."
    prompts = _varied(prompts, COUNT_LETTERS, COUNT_LETTERS_WISH, rng)
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
    prompts = _varied(prompts, COUNT_LETTER, COUNT_LETTER_WISH, rng)
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
    prompts = _varied(prompts, COUNT_WORDS, COUNT_WORDS_WISH, rng)
    frame = re.sub(r"\bS\b", form, rng.choice(prompts))
    user = ask([_bounded(expand(frame, rng))], rng, text=text, quoted=_quoted(text, rng))
    return Turn(user, f"{one_by_one}: that is {count} words.", "count_words", str(count))


def _listed(items: list[str], rng: random.Random, lines: bool = True, apart: bool = True) -> str:
    """Return the items as people list them.

    `lines` says whether there is room for a line each, `apart` whether marks divide the list from the other words: else
    there is more than a space between items.
    """
    if lines and rng.random() < 0.2:
        return _in_lines(items, rng)
    joiners = (", ", ", ", "; ", " and ", " / ", " | ") if any(" " in item for item in items) else _JOINERS
    joiner = rng.choice(joiners) if rng.random() < 0.3 else ", "
    if (joiner == " - " and items[0].isdigit()) or (joiner == " " and not apart):
        joiner = ", "
    form = rng.random()
    if joiner == ", " and form < 0.28 and len(items) > 1:
        last = rng.choice((" and ", ", and " if len(items) > 2 else " and ", " and ", " & "))
        return ", ".join(items[:-1]) + last + items[-1]
    if joiner == ", " and form < 0.44:
        quote = rng.choice(("{}", '"{}"', "'{}'", "“{}”", "{}"))
        before, after = rng.choice(("[]", "()", "[]", ("", ""), "{}"))
        return before + ", ".join(quote.format(item) for item in items) + after
    return joiner.join(items)


_JOINERS = (",", ",", " ", " ", " ", "; ", ";", " and ", " / ", " | ", " - ")


def _in_lines(items: list[str], rng: random.Random) -> str:
    """Return one item in a line, with a dash or a number or nothing before it."""
    if rng.random() < 0.3 and not any(item.isdigit() for item in items):
        mark = rng.choice(("{}. ", "{}) "))
        return "\n" + "\n".join(mark.format(number) + item for number, item in enumerate(items, 1))
    bullet = rng.choice(("\n", "\n- ", "\n- ", "\n* "))
    return bullet + bullet.join(items)


def allowed(items: list[str]) -> bool:
    """Return whether a list may be in the training text, in any order and case."""
    return not held_out(" ".join(sorted(item.lower() for item in items))) and not held_out(
        " ".join(sorted(items))
    )


def items_of(rng: random.Random, most: int = 6, phrases: bool = False) -> tuple[list[str], str]:
    """Return two or more different words and what they are called; with `phrases`, some are of two words."""
    while True:
        count = rng.randint(2, most)
        items, name = _items_of_kind(rng, count, phrases)
        if len({item.lower() for item in items}) == count and allowed(items):
            return items, name


def _items_of_kind(rng: random.Random, count: int, phrases: bool) -> tuple[list[str], str]:
    kind = rng.random()
    name = rng.choice(("words", "items", "things", "words", "entries", "terms"))
    if kind < 0.09 and phrases:
        things = [f"{rng.choice(smalltalk.ADJECTIVES)} {rng.choice(THINGS)}" for _ in range(count)]
        return things, rng.choice(("items", "things", "entries"))
    if kind < 0.13:
        found = [city for city in rng.sample(values.CITIES, count) if phrases or " " not in city]
        return found, rng.choice(("cities", "places", "towns", "items"))
    if kind < 0.55:
        items = rng.sample(THINGS, count)
    elif kind < 0.7:
        items = rng.sample(vocabulary(), count)
    elif kind < 0.83:
        return [values.first_name(rng) for _ in range(count)], rng.choice(
            ("names", "names", "people", "friends")
        )
    elif kind < 0.9:
        return rng.sample("abcdefghijklmnopqrstuvwxyz", count), "letters"
    else:
        return [word(rng) for _ in range(count)], name
    case = rng.random()
    if case < 0.14:
        items = [item.capitalize() for item in items]
    elif case < 0.16:
        items = [item.upper() for item in items]
    return items, name


def numbers_of(rng: random.Random) -> list[int]:
    """Return two to six different numbers of up to two digits."""
    while True:
        numbers = rng.sample(range(rng.choice((21, 100, 100, 100))), rng.randint(2, 6))
        in_order = " ".join(str(number) for number in sorted(numbers))
        if allowed([str(number) for number in numbers]) and not held_out(in_order):
            return numbers


def _ask_list(templates: list[str], rng: random.Random, items: list[str], name: str = "items") -> str:
    frame = expand(re.sub(r"\bT\b", name, rng.choice(templates)), rng)
    if any(" " in item for item in items):
        frame = re.sub(r"\b([Ww])ords\b", lambda match: "Items" if match[1] == "W" else "items", frame)
    shown = _listed(items, rng, lines=bool(_LINES.search(frame)), apart=bool(_APART_LIST.search(frame)))
    if shown[0] == "\n":
        frame = re.sub(r"\s*<list>[.?!]?", "<list>", frame)
    return ask([_bounded(frame.replace("{", "(").replace("}", ")"))], rng, list=shown)


def _bounded(frame: str) -> str:
    """Put a line's end between a list or a text without quotes and what `ask` may say before or after it."""
    frame = "\n" + frame if frame.startswith(("<list>", "<text>")) else frame
    return frame + "\n" if frame.endswith(("<list>", "<text>")) else frame


_LINES = re.compile(r"[:\n] ?<list>[.?!]?(\n|$)")
_APART_LIST = re.compile(r"(^|[:\n] ?|^\w+ )<list>([.?!:;\n]|$)")


def count_items_turn(rng: random.Random, prompts: list[str] = COUNT_ITEMS) -> Turn:
    """Ask how many items a list has."""
    items, name = items_of(rng, most=8, phrases=True)
    prompts = _varied(prompts, COUNT_ITEMS, COUNT_ITEMS_WISH, rng)
    answer = f"{' / '.join(items)}: that is {len(items)} items."
    return Turn(_ask_list(prompts, rng, items, name), answer, "count_items", str(len(items)))


def sort_turn(rng: random.Random, prompts: list[str] = SORT) -> Turn:
    """Ask for words in alphabetical order."""
    items, name = items_of(rng, phrases=True)
    prompts = _varied(prompts, SORT, SORT_WISH, rng)
    answer = ", ".join(sorted(items, key=str.lower))
    return Turn(_ask_list(prompts, rng, items, name), answer, "sort", answer)


def sort_backwards_turn(rng: random.Random) -> Turn:
    """Ask for words from Z to A."""
    items, name = items_of(rng)
    answer = ", ".join(sorted(items, key=str.lower, reverse=True))
    return Turn(_ask_list([composed(SORT_BACK_WISH, rng)], rng, items, name), answer, "sort", answer)


def sort_numbers_turn(rng: random.Random) -> Turn:
    """Ask for numbers by size, almost half of the time the largest first."""
    numbers = numbers_of(rng)
    descending = rng.random() < 0.45
    known, wish = (SORT_DOWN, DOWN_WISH) if descending else (SORT_NUMBERS, UP_WISH)
    user = _ask_list(_varied(known, known, wish, rng), rng, [str(number) for number in numbers], "numbers")
    answer = ", ".join(str(number) for number in sorted(numbers, reverse=descending))
    return Turn(user, answer, "sort_numbers", answer)


def reverse_list_turn(rng: random.Random, prompts: list[str] = REVERSE_LIST) -> Turn:
    """Ask for the items of a list from the last to the first."""
    if rng.random() < 0.25:
        items, name = [str(number) for number in numbers_of(rng)], "numbers"
    else:
        items, name = items_of(rng, phrases=True)
    prompts = _varied(prompts, REVERSE_LIST, REVERSE_LIST_WISH, rng)
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
        user = ask(["{And|Now|now|Then|What is it|How is it spelled} {backwards|in reverse|reversed}{?|.|}", "{And|Now} {reverse|turn around} {it|that|that word|the word}{.|?|}"], rng)  # fmt: skip
        back = text[::-1]
        return Turn(user, f'{letters} backwards is {spelled(back)}: "{back}".', "reverse", text)
    user = ask(["{And how|And how|Now, how|How|how|So how} many letters {does it have|are in it|is that|has it|are there|are in that word}{?|}", "{Count|Now count|And count} {its letters|the letters}{.|?|}"], rng)  # fmt: skip
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
    (count_words_turn, 3),
    (count_items_turn, 2),
    (letter_turn, 1.5),
    (alphabet_turn, 1),
    (compare_turn, 1.5),
    (sort_turn, 6),
    (sort_backwards_turn, 0.7),
    (sort_numbers_turn, 4),
    (reverse_list_turn, 3.5),
)
