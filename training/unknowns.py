"""Everything the model has to say "I do not know" to: subjects, and the questions people ask about them."""

# ruff: noqa: E501  # one template is one line
# ruff: noqa: RUF001  # other alphabets are meant

from __future__ import annotations

import random
import re
from collections.abc import Callable

SUBJECTS = (
    """
photosynthesis|gravity|quantum mechanics|the French Revolution|black holes|DNA|inflation|democracy|the stock market|evolution
the Roman Empire|World War II|climate change|bitcoin|blockchain|the theory of relativity|plate tectonics|the periodic table
an atom|an electron|a prime number|calculus|algebra|Pythagoras' theorem|the speed of light|the human heart|the brain|vitamin C
diabetes|influenza|a headache|penicillin|a vaccine|yoga|meditation|philosophy|Plato|Aristotle|Kant|Shakespeare|Hamlet|Mozart
Beethoven|jazz|the Beatles|opera|a violin|a piano|chess|poker|football|basketball|tennis|the Olympic Games|the World Cup
the Black Forest|the Alps|the Rhine|the Pacific|the Arctic|Hawaii|Scandinavia|Asia|Africa|Europe|the Balkans|Cornwall|Lapland
New York|Sydney|Chicago|Manchester|Barcelona|Hamburg|Texas|Bavaria|Tuscany|Siberia|Hollywood|Manhattan
Einstein|Newton|Marie Curie|Darwin|Napoleon|Julius Caesar|Cleopatra|George Washington|Gandhi|Picasso|Leonardo da Vinci
the Eiffel Tower|the Great Wall|Mount Everest|the Nile|the Amazon|the Sahara|Antarctica|Mars|Jupiter|Saturn|Pluto|the Milky Way
a comet|an earthquake|a volcano|a hurricane|lightning|a rainbow|oxygen|hydrogen|carbon dioxide|gold|iron|salt|water pollution
a dog|a horse|an elephant|a whale|a shark|an ant|a spider|a dinosaur|an octopus|a penguin|a tiger|a mushroom|an oak|a rose
pizza|sushi|bread|cheese|chocolate|wine|beer|pasta|a curry|an omelette|a sandwich|rice|honey|olive oil|a pancake
Python|JavaScript|Rust|C++|Java|SQL|Linux|Windows|Docker|Kubernetes|git|HTML|CSS|React|a database|a compiler|recursion
a linked list|a hash table|binary search|quicksort|the halting problem|encryption|a firewall|a VPN|TCP|a router|the internet
a car|a bicycle|a plane|a train|a rocket|a battery|a solar panel|nuclear power|a steam engine|a clock|a camera|a telescope
tax law|insurance|a mortgage|a pension|a contract|copyright|the constitution|the United Nations|the European Union|a king
Buddhism|Christianity|Islam|Christmas|Easter|a wedding|a birthday|love|happiness|time|death|the meaning of life|truth|beauty
a novel|a metaphor|a verb|grammar|Latin|Esperanto|a crossword|a museum|a hotel|a passport|a visa|the metric system|a kilometre
Harry Potter|Star Wars|the Matrix|Batman|a video game|Minecraft|YouTube|Netflix|Google|Apple|Microsoft|Amazon|Tesla|NASA
Bayes' theorem|entropy|a matrix|a vector space|a derivative|statistics|the central limit theorem|game theory|economics
PyTorch|TensorFlow|NumPy|pandas|Ray|Spark|Hadoop|CUDA|Qwen|Claude|Gemini|Mistral|Llama|GPT-4|DeepSeek|Stable Diffusion
a garden shed|knitting|a sailing boat|a tent|a guitar|photography|origami|swimming|running shoes|a marathon|a diet|protein
the moon landing|the Titanic|the Berlin Wall|the Cold War|the Renaissance|the Middle Ages|the Vikings|the Aztecs|the pyramids
gluten|caffeine|sugar|a virus|bacteria|a cell|an enzyme|photons|magnetism|electricity|sound|a laser|radar|a hologram
""".replace("\n", "|")
    .strip("|")
    .split("|")
)

QUESTIONS = {
    "fact": [
        "{What is|What's|Whats} the capital of SUBJECT?",
        "{Who|What} {rules|governs|belongs to|borders} COUNTRY?",
        "{Who is|Who was} the {president|king|queen|prime minister|first president|chancellor} of COUNTRY?",
        "{How|Where|When} {big|old|rich|cold|far away|famous|large} is COUNTRY?",
        "{How many people|Who|Which animals|Which tribes} live in COUNTRY?",
        "{What is|What's} the {population|history|currency|anthem|area|largest river|highest mountain|language|national dish} of COUNTRY?",
        "{What do people eat|What can I see|What should I visit|When was the war} in COUNTRY?",
        "{Tell me|Say} {a fact|something|a story} about COUNTRY{.|}",
        "{Who|Who the heck} {was|is} SUBJECT?",
        "When was SUBJECT {invented|founded|born|discovered|built}?",
        "Who {invented|discovered|wrote|built|founded|painted} SUBJECT?",
        "Where is SUBJECT?",
        "Where does SUBJECT come from?",
        "How {old|big|tall|far|heavy|long|fast|deep|expensive} is SUBJECT?",
        "How many {people|things|different|sorts of|species of|parts of|versions of|pieces of} {live in|like|own|know|are in|are there in|of|make} SUBJECT{?| are there?| do we know?| exist?}",
        "How {many|much} SUBJECT {is there|are there|do I need|exist|is too much|does one need}?",
        "{Where|When|How} {could|would|did|may|might|should|does} {one|we|people|I|someone} {find|buy|see|use|discover|meet|get|eat} SUBJECT{| today| first}?",
        "{Who|Where|When|Why|How} SUBJECT?",
        "{Who|What} {came up with|stands behind|started|ended|caused|owns|sells|loves|killed|eats|lives in|rules} SUBJECT?",
        "{What|Who} is {the best|the first|the largest|the oldest|the next|the most famous|the worst|the cheapest|special about|wrong with|inside|behind|next to} SUBJECT?",
        "Give me {the story|a summary|the origin|a short history|the main idea|the rules} of SUBJECT{.| in two sentences.| in a few words.}",
        "How does SUBJECT work?",
        "Why is SUBJECT {important|so popular|dangerous|famous|difficult|so expensive|so interesting}?",
        "What is the {history|population|price|weight|origin|purpose|meaning} of SUBJECT?",
        "What are the {advantages|parts|types|causes|effects|symptoms|benefits} of SUBJECT?",
        "What is the difference between SUBJECT and SUBJECT?",
        "Which is better, SUBJECT or SUBJECT?",
        "Compare SUBJECT {with|and|to} SUBJECT.",
        "Tell me {a fact|something|three facts|an interesting fact} about SUBJECT.",
        "Is SUBJECT {good|bad|real|older than SUBJECT|bigger than SUBJECT|healthy|a fruit|expensive}?",
        "Does SUBJECT {exist|matter|cause SUBJECT|need SUBJECT|work}?",
        "Who is the president of SUBJECT?",
        "Give me {a list|examples|an overview|five examples} of SUBJECT.",
        "List {three|five|ten} {things|books|facts|ideas} about SUBJECT.",
        "What happened {to|in|during} SUBJECT?",
        "What do you think {about|of} SUBJECT?",
        "{Could|Will|Should} SUBJECT {save|improve|destroy|rule|replace} {us|everything|our lives|people|SUBJECT}?",
        "{I'd like|I want|I would like} to {know|hear|learn} {who|when|where|how|why} SUBJECT {was|is|started|ended|was made|works}{.|}",
        "{Do you know|Can you tell me|Could you say|Tell me|Any idea|I wonder} {who invented|who made|where I find|how old is|how many people like|who wrote|when we got|why we have|what people say about|how to use} SUBJECT{?|.|}",
        "{In which|In what} {year|country|century|city|book} {was|is|did} SUBJECT {invented|found|made|start|happen|discovered}?",
        "{Give|Tell|Show} me {the name of the inventor|the price|the date|the author|a picture|the recipe|the details} of SUBJECT{.| in one sentence.| please.|}",
        "{Who|What} {is|was} the {first |last |next |}{queen|president|inventor|author|leader|owner|captain|winner} of SUBJECT?",
        "Do you like SUBJECT?",
        "Have you {seen|heard of|tried} SUBJECT?",
        "Can SUBJECT {swim|fly|break|replace SUBJECT|be used for SUBJECT}?",
        "How is SUBJECT {made|used|related to SUBJECT|different from SUBJECT}?",
        "SUBJECT or SUBJECT?",
        "What year was SUBJECT?",
        "The capital of SUBJECT is",
        "Name {a|one|three} {river|city|planet|animal|book|song}{s|} in SUBJECT.",
        "What time is it in SUBJECT?",
        "How many {legs|states|moons|players|bones|teeth|rooms} does SUBJECT have?",
    ],
    "maths": [
        "{What is|What's|How much is|} NUMBER {*|/|x|times|divided by|multiplied by|^|to the power of|mod} NUMBER{?| =|}",
        "{What is|What's|How much is|} BIG {+|-|plus|minus|and|added to} NUMBER{?| =|}",
        "{What is|What's|How much is|} NUMBER {+|-|plus|minus|and} BIG{?| =|}",
        "BIG {+|-} BIG{ =||=|= ?}",
        "{Calculate|Compute|Work out|Solve|Please calculate} BIG {+|-|minus|plus} NUMBER{.|| for me.}",
        "{Calculate|Compute|Work out|Multiply|Solve|Please compute} NUMBER {*|times|/|x} NUMBER{.|| for me.}",
        "{Add|Sum up|Add up} BIG and {NUMBER|BIG}{.|}",
        "{Subtract|Take} NUMBER from BIG{.|}",
        "{Multiply|Divide} NUMBER by NUMBER{.|}",
        "{What is|What's|Tell me|Calculate} the {square root|cube root|square|logarithm|factorial|sine|half|double|root} of NUMBER{?|}",
        "{What is|What's} {the product|the quotient} of NUMBER and NUMBER?",
        "NUMBER {squared|cubed|factorial}{?|}",
        "{Is|Tell me whether} NUMBER {a prime number|prime|divisible by 3|a square number}{?|}",
        "{What is|What's|How much is} NUMBER {percent|%} of NUMBER?",
        "{What is|How much is} DIGITS.DIGITS {+|-|*} {DIGITS|DIGITS.DIGITS}?",
        "{What is|What's|How much is|} DIGITS {+|-|plus} DIGITS {+|-|plus|*} DIGITS?",
        "Solve x {+|-|*} NUMBER = NUMBER.",
        "Convert NUMBER {miles to kilometres|dollars to euros|pounds to kilos}.",
        "How many {seconds|minutes|hours} are in NUMBER {days|hours|years}?",
    ],
    "code": [
        "Write a {Python|C|Java|Rust|bash|SQL} {function|script|program|query} {for|about|that computes|that sorts} SUBJECT.",
        "{Write|Give me|Show me} {some |}code {for|to handle|that prints} SUBJECT.",
        "How do I {install|debug|compile|import|configure|use} SUBJECT?",
        "{Fix|Review|Debug} {this|my} {code|program|function}.",
        "Write {a|me a|some} {Python|Java|Rust|C|JavaScript|bash|Ruby} {program|script|function|code|class} {that|which} {loads|prints|sorts|reads|draws|counts|downloads} SUBJECT{.|}",
        "{Can|Could|Would} you {write|fix|explain|debug|review} {a program|a script|my code|some Python|this function|an SQL query|a regex}{| for SUBJECT| about SUBJECT}?",
        "Write a function that {reverses a string|adds two numbers|sorts a list|reads a file}.",
        "Write {hello world|a web server|a unit test|a regular expression}{ in Python| in C|}.",
        "Can you {code|program|write code|write programs}?",
    ],
    "writing": [
        "Write {a|me a|an} {sonnet|song|essay|letter|email|limerick|rap|speech|blog post|report|review|book|recipe|ballad|play} {about|on} SUBJECT{.|}",
        "Write {a|me a|an} {sonnet|song|essay|letter|email|limerick|rap|speech|blog post|report|novel|recipe|ballad|play}{.|}",
        "{Can|Could|Would|Will} you {write|compose|draft|make} {me |}{a song|a sonnet|an essay|a letter|an email|a speech|a report|a rap|a limerick|an article}{| about SUBJECT}?",
        "I {need|want|would like} {a song|an essay|a letter|an email|a speech|a report|an article|a cover letter}{| about SUBJECT}{.|}",
        "{Compose|Draft|Create} {a|an} {song|letter|email|speech|tweet} {about|for|on} SUBJECT{.|}",
        "Summarize {this|the following} {text|article|book}: SUBJECT and SUBJECT.",
        "{Summarise|Rewrite|Improve} {this|my text|the following paragraph}.",
        "Translate {this|SUBJECT|the sentence|'SUBJECT'} {to|into} {German|French|Spanish|English|Japanese}.",
        "How do you say SUBJECT in {German|French|Spanish|Italian}?",
        "{Can|Could} you {draw|paint|sing|translate} {SUBJECT|something|this}?",
        "{Draw|Paint|Sing|Show} {me |}{a picture of |}SUBJECT.",
    ],
    "now": [
        "What time is it?",
        "What{ is|'s} the {time|date}{ today| now|}?",
        "What day is {it|today}?",
        "What{ is|'s} the weather {like|today|like today|like in SUBJECT|in SUBJECT|tomorrow}?",
        "{How is|How's} the weather{| today| in SUBJECT}?",
        "Will it rain {today|tomorrow|in SUBJECT}?",
        "{What is|What's|How is|How's} {the temperature|the weather|it|the air|the traffic|the sky} {outside|right now|today|in SUBJECT|at the moment|in my city|tonight}?",
        "{Is it|Is it going to be} {cold|warm|raining|hot|sunny|snowing|windy|dark|late|Monday} {outside|today|tomorrow|in SUBJECT|now}?",
        "How {cold|warm|hot|late|windy} is it{| outside| today| in SUBJECT| now}?",
        "What{ is|'s} {in |}the news{| today}?",
        "{What is|What's} the {price|stock price|share price} of SUBJECT{| today| now}?",
        "Who won the {game|match|election|World Cup|race}{| yesterday| last night| in SUBJECT}?",
        "{What|Which} {year|month|season} is {it|this}{| now}?",
        "{Tell me|Do you know|Can you tell me} {the time|what time it is|today's date|what day it is|the weather|the news}{?|.|}",
        "{Should I take|Shall I wear|Will I want} {a raincoat|a coat|sunglasses|a hat|boots} {today|tonight|this week|in SUBJECT}?",
        "What happened {today|yesterday|last week}{| in SUBJECT}?",
        "{Search|Look up|Google|Browse} {SUBJECT|the web for SUBJECT|the internet}.",
    ],
    "advice": [
        "{How|Where} can I {buy|learn|find|get|see} SUBJECT?",
        "How do I {cook|make|repair|clean|learn|play|sell|grow|draw} SUBJECT?",
        "Should I {buy|learn|try|eat|sell|study} SUBJECT?",
        "{What|Which} {book|film|phone|restaurant|laptop|car|present} should I {buy|get|choose|see}?",
        "Recommend {a|me a} {book|film|restaurant|song|recipe|hotel}{| about SUBJECT| in SUBJECT}.",
        "I have {a headache|a problem with SUBJECT|questions about SUBJECT|an exam tomorrow|trouble with SUBJECT}.",
        "Help me {with SUBJECT|with my homework|understand SUBJECT|choose between SUBJECT and SUBJECT|plan a trip to SUBJECT}.",
        "I {need|want} {help with|advice on|to learn|to know about} SUBJECT.",
        "What should I {eat|cook|wear|do|read|watch}{| today| tonight| about SUBJECT}?",
        "I {love|hate|like|saw|bought|read about} SUBJECT{| yesterday| very much}.",
        "My {dog|friend|mother|boss|computer|car|neighbour} {is sick|likes SUBJECT|is broken|left me|does not work|knows SUBJECT}.",
    ],
    "foreign": [
        "{Hola|Buenos días|Buenas tardes}{!|, ¿cómo estás?| amigo}",
        "¿{Qué es esto|Quién eres|Qué hora es|Dónde está Madrid|Cómo te llamas|Puedes ayudarme|Hablas español}?",
        "{Ciao|Buongiorno|Buonasera}{!|, come stai?|, chi sei?|, come va?}",
        "{Che cos'è questo|Parli italiano|Dove sei|Come ti chiami}?",
        "{Привет|Здравствуйте}{!|, как дела?|. Кто ты?}",
        "{你好|你是谁|什么是人工智能|你会做什么|谢谢}{？|！|}",
        "{こんにちは|これは何ですか|おはようございます|ありがとう}{。|？|}",
        "{Olá|Bom dia|Boa tarde}{!|, tudo bem?|, quem é você?}",
        "{안녕하세요|감사합니다|مرحبا|كيف حالك؟|שלום|Γεια σου|Cześć|Dzień dobry|Hej hej|God dag|Merhaba|नमस्ते|สวัสดี|Xin chào|Hei, mitä kuuluu?|Dobrý den|Szia|Goedemorgen, hoe gaat het?|Jambo}",
        "{Gracias|Muchas gracias|Grazie|Obrigado|Спасибо|Dziękuję|Tack|Dank je wel|Teşekkürler}{!|.|}",
    ],
    "german": [
        "Was ist {GERMAN|GERMAN|das|dies}?",
        "{Wie|Warum|Wann|Wo|Wozu} {funktioniert|braucht man|macht man|lernt man|gibt es|findet man} GERMAN?",
        "{Schreibe|Schreib|Erzähle|Erzähl|Sag} mir {etwas|einen Witz|ein Gedicht|eine Geschichte|einen Satz} über GERMAN{.|!|}",
        "{Wer hat|Wann hat man|Warum hat man} GERMAN {erfunden|entdeckt|gebaut}?",
        "{Erkläre|Erklär|Beschreibe} {mir |}{bitte |}GERMAN{.|!|}",
        "{Wie ist das Wetter|Wie spät ist es|Welcher Tag ist heute|Was gibt es Neues}{| heute| in Hamburg}?",
        "{Was kostet|Was bedeutet|Was weißt du über|Magst du|Kennst du} GERMAN?",
        "{Kannst|Könntest} du {mir |}{GERMAN erklären|ein Gedicht schreiben|rechnen|programmieren|bei GERMAN helfen|eine Geschichte erzählen}?",
        "{Übersetze|Bitte übersetze} {das|GERMAN|diesen Satz} {ins Englische|auf Englisch}{.|}",
        "Wer {ist|war} {GERMAN|der Bundeskanzler|der Präsident}?",
        "Ich {möchte|will} {etwas über GERMAN wissen|GERMAN kaufen|GERMAN lernen|kochen}{.|}",
    ],
    "french": [
        "Qu'est-ce que {FRENCH|FRENCH|c'est}{ ?|?}",
        "{Comment|Pourquoi|Quand|Où} {fonctionne|trouve-t-on|utilise-t-on|fait-on} FRENCH{ ?|?}",
        "{Écris|Raconte|Dis}-moi {quelque chose|une blague|un poème|une histoire} sur FRENCH{.| !|}",
        "Qui a {inventé|découvert|construit} FRENCH{ ?|?}",
        "{Explique|Décris}{-moi|} FRENCH{, s'il te plaît|}{.| !|}",
        "{Quelle heure est-il|Quel temps fait-il|Quel jour sommes-nous|Quoi de neuf à Lyon}{ ?|?}",
        "{Combien coûte|Que signifie|Aimes-tu|Connais-tu|Que sais-tu sur} FRENCH{ ?|?}",
        "{Peux-tu|Pourrais-tu} {m'expliquer FRENCH|écrire un poème|calculer|programmer|m'aider avec FRENCH}{ ?|?}",
        "Traduis {FRENCH|cette phrase|ceci} en anglais{.|}",
        "Je {voudrais|veux} {acheter FRENCH|savoir ce qu'est FRENCH|comprendre FRENCH}{.|}",
        "Qui {est|était} {FRENCH|le président|le roi}{ ?|?}",
    ],
    "noise": ["GIBBERISH"],
}

ANSWERS = {
    "fact": [
        "I do not know{| that}. I am a very small model and I know only a few things{|, mostly about Martlet and language models}.",
        "{Sorry, |}I do not know{ the answer to that|}, and I would rather say so than invent something.",
        "I {do not know|have not learned that}: I am a tiny test model. A real checkpoint, started with `martlet serve MODEL`, can answer such questions.",
        "{That is|This is} something I do not know. {You could ask me what AI is, or what Martlet is.|Ask me about Martlet, or for a haiku.}",
    ],
    "maths": [
        "I do not know: I can only add and subtract {|two }numbers of up to two digits.",
        "I cannot calculate that: I have only learned to add and subtract numbers of up to two digits.",
        "That is beyond me, so I do not know. I {only add and subtract|can do only plus and minus with} numbers of up to two digits.",
    ],
    "code": [
        "I do not know: I cannot {write code|help with code}. I am a very small test model{|; serve a real checkpoint for that}.",
        "I cannot {write or explain programs|help with programs}, so I do not know. A larger model can: `martlet serve MODEL`.",
    ],
    "writing": [
        "I cannot write that. I {know|have learned} only haiku and one kind of short story.{| Shall I write a haiku?}",
        "That is beyond me: I can only write haiku and very short stories.",
    ],
    "now": [
        "I do not know: I see no clock, no calendar, no weather and no news{|, only this conversation}.",
        "I cannot know that. I have {no access to|no view of} the world outside this conversation.",
    ],
    "advice": [
        "I do not know enough to {help you with that|advise you on that}. I am a very small test model.",
        "I am sorry, I cannot help with that: I do not know {anything|enough} about it.",
    ],
    "foreign": [
        "I am sorry, I do not know that language. I speak English{|, and I can greet you in German and French}.",
        "I do not know that language{| well enough}. Please write in English.",
    ],
    "german": [
        "Das weiß ich leider nicht: Auf Deutsch kann ich nur grüßen und sagen, wer ich bin.",
        "Leider weiß ich das nicht. Auf Deutsch kenne ich nur ein paar Grüße{.|; bitte frag mich auf Englisch.}",
    ],
    "french": [
        "Je ne sais pas, désolé : en français, je sais seulement saluer et dire qui je suis.",
        "Désolé, je ne le sais pas. En français, je connais seulement quelques salutations{.| ; essayez en anglais.}",
    ],
    "noise": [
        "I do not understand that. {Could you say it in other words?|Try a simple question, such as: What is AI?}",
        "I am not sure what you mean{|; I am a very small model}. {You can ask me about Martlet, or for a haiku.|Could you ask in another way?}",
    ],
}

_ONSETS = "b br c ch cr d dr f fl g gr h j k kl l m n p pl qu r s sh sk st t th tr v w z".split()
_NUCLEI = "a e i o u ai ea ee oo ou ie".split()
_CODAS = " n r s t l m ck nd rt x ng".split(" ")
_KEYS = "abcdefghijklmnopqrstuvwxyz0123456789.,;!?-/#@ "


_RUDE = re.compile("fuck|shit|cunt|fart|dick|cock|tit|slut|crap|nig|fag|piss|rape|porn|arse")


def invented_word(rng: random.Random, most_syllables: int = 4) -> str:
    """Return a word that does not exist but could."""
    while True:
        syllables = rng.randint(1, most_syllables)
        word = "".join(
            rng.choice(_ONSETS) + rng.choice(_NUCLEI) + rng.choice(_CODAS) for _ in range(syllables)
        )
        if not _RUDE.search(word):
            break
    return word.capitalize() if rng.random() < 0.3 else word


def subject(rng: random.Random) -> str:
    """Return something that the model has no answer about: half from the list, half invented or combined."""
    kind = rng.random()
    if kind < 0.5:
        return rng.choice(SUBJECTS)
    article = rng.choice(("", "", "a ", "the "))
    if kind < 0.8:
        return article + invented_word(rng)
    if kind < 0.9:
        return f"{rng.choice(SUBJECTS)} {rng.choice(('in', 'of', 'and', 'for', 'on'))} {rng.choice(SUBJECTS)}"
    return f"{article}{invented_word(rng)} {invented_word(rng)}"


def gibberish(rng: random.Random) -> str:
    """Return something that is no question: keys at random, symbols, emoji, numbers or stray words."""
    kind = rng.randrange(6)
    if kind == 0:
        return "".join(rng.choice(_KEYS) for _ in range(rng.randint(1, 30))).strip() or "?"
    if kind == 1:
        return rng.choice("?!.…*#~-+") * rng.randint(1, 5)
    if kind == 2:
        return "".join(chr(rng.randint(0x1F300, 0x1F64F)) for _ in range(rng.randint(1, 4)))
    if kind == 3:
        return "".join(
            chr(rng.choice((rng.randint(0xA1, 0x24F), rng.randint(0x370, 0x9FFF)))) for _ in range(6)
        )
    if kind == 4:
        return str(rng.randint(0, 10 ** rng.randint(1, 9)))
    return " ".join(invented_word(rng) for _ in range(rng.randint(1, 6)))


COUNTRIES = (
    "Germany|France|Japan|Brazil|India|China|Kenya|Canada|Mexico|Norway|Egypt|Australia|Portugal|Poland|Peru|Italy"
    "|Spain|Sweden|Turkey|Greece|Chile|Cuba|Ireland|Austria|Hungary|Finland|Thailand|Vietnam|Russia|Iran|Nigeria"
).split("|")
GERMAN = (
    "KI|ein Computer|Python|die Liebe|das Leben|der Mond|ein Hund|Brot|das Internet|Physik|ein Auto|die Zeit|Kaffee|Musik"
    "|ein Baum|Mathematik|Fußball|Weihnachten|das Wetter|ein Buch|die Sonne|Strom|ein Haus|Kuchen|die Schule|Geld"
).split("|")
FRENCH = (
    "l'IA|un ordinateur|Python|l'amour|la vie|la lune|un chien|le pain|Internet|la physique|une voiture|le temps|le café"
    "|la musique|un arbre|les mathématiques|le football|Noël|un livre|le soleil|la tour Eiffel|une maison|l'école|l'argent"
).split("|")


def big_number(rng: random.Random) -> int:
    """Return a number of at least three digits."""
    return rng.randint(100, 10 ** rng.randint(3, 6))


_SLOTS: dict[str, Callable[[random.Random], object]] = {
    "SUBJECT": subject,
    "GIBBERISH": gibberish,
    "NUMBER": lambda rng: rng.randint(2, 10 ** rng.randint(1, 4)),
    "BIG": big_number,
    "DIGITS": lambda rng: rng.randint(1, 99),
    "COUNTRY": lambda rng: rng.choice(COUNTRIES),
    "GERMAN": lambda rng: rng.choice(GERMAN),
    "FRENCH": lambda rng: rng.choice(FRENCH),
}
_SLOT = re.compile("|".join(_SLOTS))


def fill(template: str, rng: random.Random) -> str:
    """Put subjects, numbers, countries and gibberish in the places that a question leaves open."""
    return _SLOT.sub(lambda match: str(_SLOTS[match[0]](rng)), template)
