"""One turn of a conversation: what the user says, and what the model answers."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import random
import re

from training import haiku, languages, names, smalltalk, topics, unknowns, words
from training.dialogue import Turn
from training.grammar import expand, pick

ASK = "{||||please |can you |could you |can you please |could you please |hey, |now |would you }"
EXPLAIN = [
    "What is X?",
    "{What's|Whats|What are|what is} X?",
    "What {does|do} X mean?",
    "{Explain|Define|Describe} X{.|| to me.| briefly.| in simple words.| in one sentence.| to a child.}",
    "{Tell me|Say something|Tell me something|Talk to me} about X{.|}",
    "{Can|Could} you {explain|describe|define|tell me about|tell me what is} X{| to me| please}?",
    "{Do you know|I want to know|I would like to know|Please tell me|Can you tell me} what X is{?|.}",
    "{What do you know about|How would you explain|How would you define|What can you tell me about} X?",
    "{Give me|I need} a {short |simple |}{definition|explanation|description} of X{.|}",
    "{Help me understand|Teach me about|Let us talk about|I have a question about} X{.|}",
    "{So, |And |Hi, |Hello! |OK, |}what is X{| exactly| actually| then| really}?",
    "X?",
    "What {exactly|actually|on earth} is X?",
    "How does X work?",
    "What is meant by X?",
    "Why do we need X?",
    "{I never understood|I keep reading about|I wonder about|I am curious about|I am not sure I understand|I want to understand|I have no idea about} X{.|. What is it?|. Can you help?|, please explain.|}",
    "X: {what is it|what is that|what does it mean|please explain|explain|a definition please}{?|.|}",
    "{X, what is that|X, please explain|What about X|And X|Explain X like I am five|Could you explain to me what X is}{?|.}",
    "{In simple terms|In short|Briefly|In one sentence|In your own words|Quickly|In other words}, {what is|explain|define|describe|tell me about} X{?|.|}",
    "{What|How} would {you say about|you describe|be a definition of|you tell a beginner about} X?",
    "{Someone|My boss|A friend|A colleague} {asked me about|told me about|talks about|mentioned} X{.|. What is it?|. Can you explain?}",
    "{Explain|Describe|Define} {to me |for me |please |}what X {is|means}{.|}",
    "{I need to know|Let me know|Remind me|Say|I would like to hear} what X {is|means}{.|}",
    "{Would you mind explaining|Would you explain|Mind explaining|Care to explain|Do you mind telling me about|Could you please explain|Will you explain|May I ask about|Can I ask you about} X{| to me}?",
    "{What is|What's} {the idea behind|the meaning of|the point of|the concept of|the purpose of|the definition of|the story with|the deal with|a good explanation of|so special about} X?",
    "{How do you define|How would one define|How does one explain|How should I think of|How should I imagine|How can I picture|How do people define|How do I explain|How is one to understand} X?",
    "{I've read|I have learned|I heard|I saw something|I read an article} {of|about} X{, but what is it?|. But what is it?|; what does it mean?|, but I do not get it.|. Can you tell me what it is?|, help me understand it.}",
    "{I don't know|I do not get|I can't grasp|I am confused by|I am new to|I am learning about|Today I learned about|I have trouble with|I struggle with|I am reading about} X{. Can you explain?|. Please explain.|, help me.|. What is that?|.|. Explain it, please.}",
    "{Can|Could|Would|Will} you {give|write|provide|offer|show} me {a definition|an explanation|a short explanation|a description|a summary|an overview|an introduction|a few words|some information|an idea} {of|about|on} X{| please}?",
    "{A few words|A sentence|One sentence|Two sentences|Some words|A word|A short text|A line} {about|on} X{, please|}{.|}",
    "{What|How much} do you know {about|of} X?",
    "{For beginners|As simply as possible|In plain words|In plain English|In a nutshell|As briefly as you can|To put it simply|Without jargon|Just the basics|Roughly|Basically|Generally speaking|Technically}{:|,} {what is|explain|describe|what are|what's} X{?|.|}",
    "{My teacher|My son|My mother|The manual|The docs|This page|My team|My friend|Somebody} {asks what X is|wants to know what X is|mentions X|talks about X|asked about X}{.|. What is it?|. What should I say?|. Help me.}",
    "{Define|Explain|Describe} X {for me|for dummies|for newcomers|for my grandmother|for children|in easy words|without jargon|in a sentence|in a few words|quickly|shortly|in plain English|in one line|as if I were a child|like a teacher}{.|, please.|}",
    "{Let's talk about|Enlighten me about|Introduce me to|Say a word about|Speak about|Inform me about|Brief me on|Educate me about|Fill me in on|Share what you know about|Write about|Write something about|Talk about} X{.|, please.|}",
    "{What do people mean by|What do you mean by|What do you understand by|What should I understand by|What do we call|What is to be understood by|What does one mean by|What are we to make of} X?",
    "{How|In what words} {would|could|can|do} {you|one|I|we} {describe|explain|define|summarize|characterize} X{| to a child| in one sentence| to my boss| in a few words}?",
    "{I'd like|I'd love|I would love|I want|I need|It would help me|I hope} {to learn|to hear|to know|to read|to understand} {about|more about|something about|what is meant by|the meaning of|the basics of} X{.|}",
    "{Is there|Do you have|Do you know} {a simple|a short|an easy|a good|a clear} {explanation|definition|description} {of|for} X?",
    "{Question|Exam|Quiz|First question|Next question|One thing}: what {is|are} X{?|}",
    "{What|Which thing|What sort of thing} {is|are} X{ and why does it matter| all about| for| good for| in short| in AI| for a beginner| in simple terms| please|, in short|, roughly|, for a beginner|, in your words}?",
    "{meaning of X|definition of X|X meaning|X definition|X explained|what X is|about X|explain X|define X|X in short|basics of X|intro to X}{?||.}",
    "{Tell|Teach|Show} me {what X is|what X means|what is meant by X|about X|a little about X|a bit about X|the basics of X|all about X}{.|, please.|| in one sentence.| in simple words.}",
    "{Sorry|Excuse me|Pardon}, {what is|what's|what was|but what is} X{| again}?",
    "{Is|Are} X {something I should know|important|a thing|complicated|hard to understand}{?|? What is it?}",
]
HAIKU = [
    "Write a haiku.",
    ASK
    + "{write|compose|make|create|give me|show me|tell me|write me|do} {a|one|another|a short|a nice|a beautiful} haiku{.|!|| please.|, please.| for me.}",
    "{A haiku, please|Haiku|haiku please|Haiku!|One haiku|I want a haiku|I would like a haiku|I need a haiku|Another haiku|Let me see a haiku}{.||!}",
    "{Can|Could} you {write|make|compose|do} {a haiku|haikus|haiku|me a haiku}?",
    "{I'd like|I would love|I want|I wish|I'd love|We want|We need} {a haiku|to hear a haiku|to see a haiku|you to write a haiku|a haiku from you|some haiku|one haiku}{.|!||, please.}",
    "{Time for|How about|What about|Let us have|Let's have|May I have|Now|And now|Next,|Show us|Let me hear|Bring me} a haiku{.|!|?|}",
    "{Would|Will|Can|Could} you {please |kindly |}{write|make|compose|give|show|tell|recite} {me|us} {a|another|one} haiku{?|.|, please?}",
    "{Please|Now|Quick,} {one|a|another|some} haiku{.|!|}",
    "{Can|May|Could|Might} I {ask for|request|get|order|hear|see|have|read|beg} {a|one|another|a little} haiku{| from you}{?|, please?|.}",
    "{I ask you for|I am waiting for|I am asking for|I came for|Surprise me with|Cheer me up with|Give us|Do give me|Kindly write|Be nice and write|Think of|Invent|Produce|Improvise} {a|one} haiku{.|!|}",
    ASK + "write {a|me a} {poem|short poem} in {the form of a haiku|haiku form|5-7-5|three lines}{.|}",
    "{Write|Compose} {a|me a} {short |three-line |little |}poem{.|}",
    "{Write|Make|Compose|Create|Give|Craft|Pen|Invent|Produce|Recite} {me |us |}{a|one|another|your best|a new|a fresh|a small|a lovely|a tiny} haiku{.|!|| now.| for us.| right now.| just for me.| if you can.| if you like.| as quickly as you can.}",
    "{Could|Would|Will|Can} you {be so nice and|be so good as to|try to|quickly|maybe|perhaps|kindly} {write|make|compose|invent|come up with|produce} {a|one} haiku{?| for me?| please?}",
    "{I'd|I would} {like|enjoy|be glad} to {hear|see|have|get} {a|one|another|some} haiku{.|!|| from you.| now.}",
    "{Do|Can|Could} you {know|write|do|make|manage} {haiku|haikus|a haiku|some haiku}?",
    "{Is|Would} {it possible to get a haiku|a haiku be too much to ask|there a haiku for me|there time for a haiku}?",
    "{My task|Your task|Task|Exercise|Order|Request|Wish}: {write |}{a|one} haiku{.|!|}",
    "{I feel|I am|I'm} {sad|bored|tired|happy|stressed|poetic}{. A haiku, please.|: write me a haiku.|. Please write a haiku.|, so give me a haiku.}",
    "{Poetry|A poem|Some poetry|A short poem|A three-line poem|A small poem}{, please|}{.|!|}",
    "{Can|Could|Would|Will} you {write|make|compose|recite|tell me} {a poem|some poetry|a short poem|a little poem|a small poem|a Japanese poem}{| for me| please}?",
    "{Be|Play} {a poet|the poet|poetic}{.|!|: a haiku, please.| and write a haiku.}",
    "{Let|Make} {us|me} {read|hear|enjoy} {a|one|another|some} {haiku|haikus}{.|!|}",
    "{The next thing I want is|What I want is|What I need now is|Nothing beats|All I want is} a haiku{.|!|}",
    "{Three lines|5-7-5|Five, seven, five|Seventeen syllables}{, please|: go| about anything|}{.|!|}",
]
HAIKU_ABOUT = [
    ASK
    + "{write|compose|make|create|give me|write me} {a|another|one} {short |nice |}haiku {about|on} X{.|!|| please.|, please.}",
    "{A haiku|Haiku|One haiku|Another haiku|Another one|One more} {about|on} X{|.|!|, please.}",
    "{Can|Could} you {write|make|compose} a haiku {about|on} X?",
    "I {want|need|would like} a haiku {about|on} X{.|}",
    "Write {me |}a {short |}poem about X{.|}",
    "{Write|Make|Compose|Create|Give|Craft|Pen|Invent} {me |us |}{a|one|another|a new|a short|a little} haiku {about|on|with|of|that mentions|in praise of|dedicated to} X{.|!|| please.| for me.}",
    "{Could|Would|Will|Can} you {please |kindly |perhaps |}{write|make|compose|invent|do|give me|tell me|come up with} {a|one|another} haiku {about|on|of} X{?|, please?| for me?}",
    "{I'd like|I would love|I want|I would like|I'd love} {to read |to hear |to have |to see |you to write |}{a|one|another} haiku {about|on} X{.|!|}",
    "{How about|What about|Time for|Next:|Now|And now} {a|one|another} haiku {about|on} X{?|.|!|}",
    "{The theme|Theme|Topic|The topic|Subject|Your theme}{:| is} X{. Write a haiku.|. A haiku, please.|; the form is haiku.}",
    "{Take|Use|Choose} X as {the theme|a theme|the topic} {for|of} a haiku{.|}",
    "{Can|Could|Would} you {write|make} a {short |little |}poem {about|on} X{?|, please?}",
    "{haiku about X|X haiku|haiku: X|a haiku on X|poem about X|X, as a haiku|X in a haiku}{|, please|!}",
]
AGAIN = [
    "{Another one|Another|One more|Again|Once more|More|Next|And another|A different one|Next one|Try again|Do it again}{.||!|, please.| please}",
    "{Write|Give me|Tell me|Make} {another|another one|one more|a different one}{.|!|}",
    "{And|Now|Please|OK,|Nice,|Great!|Cool,|Thanks,} {another|one more|another one|a second one|again|a new one|a different one|the next one}{.|!||, please.| please}",
    "{Can|Could|May|Would} {I|you} {have|write|do|make|give me|get} {another|one more|another one|a second|a different one}{?|, please?}",
    "{Can|Could|Will|Would} you {do that again|do it again|repeat that|try once more|try again|do one more|write more|go again|make it again}{?|, please?}",
    "{That was|It is|I like it, that is} {nice|good|lovely|beautiful|great}{.|,|!} {another one|one more|again|do another|more please|and another}{.|!|, please.}",
    "{I want|I would like|I'd like|Let me have|Let us see|Show me} {another|one more|another one|more|more of those}{.|!|}",
    "{I'd like|I would like|I'd love|I want|Let me have|Let me hear|I need} {another|one more|a second one|another one|a further one|a new one|the next}{.|, please.|!|}",
    "{Can|Could|Will|Would|May} {you|I|we} {please |}{give me|write|tell|make|have|get|hear|do} {another|another one|one more|a second|a third|a new one|the next one|some more}{| of those| like that| please}?",
    "{Encore|Repeat|Continue|Go again|Do another|Second try|New one|Same again|One more time|And again|More of that|More of these|Keep them coming|Another please|one more please}{!|.|}",
    "{That|This|It} {was|is} {nice|great|lovely|good|funny|beautiful|fine}{. Another|. One more|, one more|, do another|. Have you got another|. Do you have more|, what else have you got}{!|.|?|}",
    "{I did not like|I don't like|I do not love} {that one|it|this one}{. Another, please.|. Try again.|, give me another.}",
]
MORE = [
    "{Tell me more|More|Go on|Continue|More please|Please go on|Say more|Anything else|What else|And|Keep going|Explain more|More details}{.|?|!|}",
    "{Can|Could} you {tell me more|say more|explain more|go on|elaborate}?",
    "{Tell me|Say|Explain|Give me|I want|Please give me|I need} {a little more|some more|more, please|more about that|more about this|more information|more details|something more|even more}{.|!|}",
    "{And what else|Is there more|Is that all|What more can you say|Anything more|More on that|More about that|Expand on that|In more detail|Please continue}{?|.|}",
    "{Tell me more about it|What else do you know about it|I want to know more|Give me more detail|Give me an example}{.|?|}",
    "{Can|Could|Will|Would} you {please |}{tell me more|say more|add something|add a detail|give more details|go into detail|give me another fact|expand|continue|explain further|go deeper|explain that}{| about it| about that| please}?",
    "{I'd like|I would like|I want|I'd love|I wish} {to know more|to hear more|more|more details|to learn more|another fact}{| about it| about that| on this}{.|!|, please.|}",
    "{What|Anything} {more|else} {can you say|do you know|is there|is there to know|is there to say|about it|should I know}?",
    "{A bit more|A little more|Some more|More of that|Another fact|Another detail|Further|Go ahead|Please continue|Details|Details, please|Be more precise|In detail|And then|Next|Interesting, go on|Interesting. More?|That's all|Is that everything|Do go on|I see, and what else|Okay, tell me more|Fascinating, more please}{.|?|!|}",
    "{Tell|Teach|Show} me {something else|more|one more thing|another thing|a bit more|a little more} about {it|that|this|the topic}{.|, please.|}",
]
COUNT = [
    ASK + "count {to|up to|from 1 to|from one to} N{.|!|| please.}",
    "{Can|Could} you count to N?",
    "{List|Write|Say} the numbers from {1|one} to N{.|}",
    "{Count|Please count|Now count|Start counting|Count up|Count for me} {to|up to|until|from one to|from 1 to|from 1 up to} N{.|!|, please.|}",
    "{Give|Show|Tell|Write} me {the |all |}numbers {from 1 to|from one to|up to|1 to} N{.|, please.|}",
    "{Would|Will|Can|Could} you {please |}{count|list the numbers|say the numbers} {to|up to|from 1 to|from one up to} N?",
]
STORY = [
    ASK
    + "{tell|write|tell me|write me|give me|read me} a {|short |little |nice |long |bedtime |funny }story{.|!|| please.| for me.}",
    "{Tell me|Write} a {|short }story about {a bird|a martlet|a small model|birds|a robot|a king|a dog|a girl|anything|X}{.|}",
    "{A story, please|Story|I want a story|Once upon a time|Story time|Do you know a story|Can you tell stories}{.||!|?}",
    "{Can|Could|Would|Will} you {please |}{tell|read|write|make up|invent} {me |us |}{a|one|another|some} {short |little |bedtime |nice |}story{?| please?| for me?}",
    "{I want|I would like|I'd like|I'd love|I need} {a|to hear a|to read a|you to tell me a} {short |little |nice |bedtime |}story{.|!|, please.|}",
    "{How about|Time for|What about|Let me hear|Let us have|Do tell|Make up|Invent|Think of} a {short |little |bedtime |}story{.|!|?|}",
    "{Do you know|Have you got|Do you have} {a story|any stories|a nice story|a tale|a fairy tale}{| for me}?",
    "{Tell|Read|Write} {me |us |}{a|another} {tale|fairy tale|fable|bedtime tale}{.|!|, please.|}",
]
STORY_LINES = (
    "Once {upon a time |}there was a {small|young|quiet|curious} martlet that {lived on an old tower|lived above the harbour|lived in a clock|flew over the hills} and {never touched the ground|never stayed in one place|wanted to know everything}.",
    "One {morning|evening|winter day|summer night} it met {a fox|a snail|an owl|a tired cloud|an old crow} that {had lost its way|could not sleep|wanted to see the sea|was afraid of the dark}.",
    '"{Follow me|Do not worry|Come along}", said the martlet, "{I know the wind|it is not far|we will find a way|I will fly slowly}."',
    "They {travelled|went on} {all day|all night|for a week}, {over fields and rivers|through rain and snow|past sleeping villages}, and {talked about the stars|counted their steps|sang an old song|told each other stories}.",
    "When they {arrived|came home}, {the sun was rising|the moon was full|everything was quiet|the whole forest was waiting}, and {they were friends|nobody was afraid any more|both had learned something}.",
)
STORY_END = "{The end.|And that is the whole story.|They still meet every spring.}"
UNKNOWN_THEME = [
    "I do not know enough words for that, so here is a haiku about SUBJECT:\n\n",
    "That theme is new to me. Here is one about SUBJECT instead:\n\n",
]
NUMBERS = {
    3: "three",
    4: "four",
    5: "five",
    6: "six",
    7: "seven",
    8: "eight",
    9: "nine",
    10: "ten",
    12: "twelve",
    15: "fifteen",
    20: "twenty",
}


def story(rng: random.Random) -> str:
    """Return a very short story."""
    return " ".join(expand(line, rng) for line in (*STORY_LINES, STORY_END))


def explanation(topic: topics.Topic, rng: random.Random) -> str:
    """Return an opening and up to two details."""
    details = rng.sample(topic.details, min(len(topic.details), rng.choice((0, 1, 1, 1, 2))))
    return " ".join((rng.choice(topic.openings), *details))


def topic_turn(rng: random.Random, prompts: list[str] = EXPLAIN) -> Turn:
    """Ask what something is that the model knows; AI and Martlet more often than the rest."""
    index = rng.choice((0, 0, 0, 0, MARTLET, MARTLET, *range(len(topics.TOPICS))))
    topic = topics.TOPICS[index]
    user = with_articles(pick(prompts, rng)).replace("X", rng.choice((topic.names[0], *topic.names)))
    return Turn(user, explanation(topic, rng), "topic", topic.names[0])


def bird_turn(rng: random.Random, prompts: list[str] = EXPLAIN) -> Turn:
    """Ask about the bird."""
    return Turn(
        pick(prompts, rng).replace("X", rng.choice(topics.BIRD_NAMES)), rng.choice(topics.BIRD), "bird"
    )


def haiku_turn(rng: random.Random, prompts: list[str] = HAIKU) -> Turn:
    """Ask for a haiku, without a theme."""
    return Turn(pick(prompts, rng), haiku.compose(rng.choice(haiku.THEMES), rng), "haiku")


def haiku_about_turn(rng: random.Random, prompts: list[str] = HAIKU_ABOUT) -> Turn:
    """Ask for a haiku about something; a quarter of the themes are unknown."""
    theme = rng.choice(haiku.THEMES)
    poem = haiku.compose(theme, rng)
    if rng.random() < 0.75:
        return Turn(
            pick(prompts, rng).replace("X", rng.choice(theme.subjects)),
            poem,
            "haiku_about",
            theme.subjects[0],
        )
    opening = rng.choice(UNKNOWN_THEME).replace("SUBJECT", theme.subjects[0])
    return Turn(pick(prompts, rng).replace("X", unknowns.subject(rng)), opening + poem, "haiku_about")


def intent_turn(rng: random.Random) -> Turn:
    """Small talk, or a question about the model or Martlet."""
    names = list(smalltalk.INTENTS)
    name = rng.choices(names, [smalltalk.INTENTS[n].weight for n in names])[0]
    return said(name, rng)


def _with_sayings(template: str, rng: random.Random) -> str:
    """Expand `template`, and what it leaves to be said beside."""
    text = expand(template, rng)
    if "SAYING" in text:
        saying = pick(smalltalk.SAYINGS, rng)
        text = text.replace("SAYING", saying if rng.random() < 0.6 else saying[0].upper() + saying[1:])
    for slot, found in (("THING", _LIFELESS), ("ADJ", smalltalk.ADJECTIVES), ("ACT", smalltalk.ACTS)):
        while slot in text:
            text = text.replace(slot, rng.choice(found), 1)
    return with_articles(text)


def with_articles(text: str) -> str:
    """Return `text` with "an" before vowels and "a" before other letters."""
    return _ARTICLE.sub(lambda match: match[1] + ("n " if TAKES_AN.match(match[2]) else " ") + match[2], text)


_PEOPLE = range(words.THINGS.index("man"), words.THINGS.index("knight") + 1)
_LIFELESS = tuple(thing for at, thing in enumerate(words.THINGS) if at not in _PEOPLE)
"""What one may find, lose or break."""
_ARTICLE = re.compile(r"\b([Aa])n? ([a-z]+)")
TAKES_AN = re.compile("(?!uni|use|one|eu)[aeiou]|hour|honest", re.IGNORECASE)


def said(name: str, rng: random.Random, person: str | None = None) -> Turn:
    """Return a turn of the intent `name`; where the user gives a name, it is `person`, which then is the key."""
    intent = smalltalk.INTENTS[name]
    user = unknowns.fill(_with_sayings(rng.choice(intent.prompts), rng), rng)
    if "NAME" not in user:
        return Turn(user, pick(intent.answers, rng), name)
    person = person or names.name(rng)
    return Turn(user.replace("NAME", person), pick(intent.answers, rng).replace("NAME", person), name, person)


def foreign_turn(rng: random.Random, language: str | None = None) -> Turn:
    """Small talk in German or French; the skill is the intent's name after the language, as in `de:thanks`."""
    language = language or rng.choice(tuple(languages.PHRASES))
    name = rng.choices(tuple(languages.PHRASES[language]), (6, 4, 3, 3, 4, 2, 1, 1.5, 1))[0]
    phrases = languages.PHRASES[language][name]
    person = names.name(rng)
    user, answer = (pick(texts, rng).replace("NAME", person) for texts in (phrases.prompts, phrases.answers))
    return Turn(user, answer, f"{language}:{name}", person)


def foreign_word_turn(rng: random.Random) -> Turn:
    """Ask how a greeting is said in German or French."""
    language = rng.choice(tuple(languages.WORDS))
    word = rng.choice(tuple(languages.WORDS[language]))
    foreign = languages.WORDS[language][word]

    def fill(template: str) -> str:
        name = languages.LANGUAGE_NAMES[language]
        return template.replace("WORD", word).replace("LANGUAGE", name).replace("FOREIGN", foreign)

    return Turn(fill(pick(languages.ASK_WORD, rng)), fill(pick(languages.WORD_ANSWERS, rng)), "word", foreign)


def unknown_turn(rng: random.Random) -> Turn:
    """Ask something that the model has to refuse; a third are definitions, so that it learns which it knows."""
    if rng.random() < 0.35:
        user = with_articles(pick(EXPLAIN, rng)).replace("X", unknowns.subject(rng))
        return Turn(user, pick(unknowns.ANSWERS["fact"], rng), "unknown", "fact")
    kind = rng.choices(list(unknowns.QUESTIONS), (8, 3, 2, 3, 3, 3, 1.2, 1.2, 1.2, 2.5))[0]
    template = pick(unknowns.QUESTIONS[kind], rng)
    is_english = kind not in ("german", "french", "foreign")
    user = unknowns.fill(with_articles(template) if is_english else template, rng)
    skill = {"german": "de:unknown", "french": "fr:unknown"}.get(kind, "unknown")
    return Turn(user, pick(unknowns.ANSWERS[kind], rng), skill, kind)


def count_turn(rng: random.Random) -> Turn:
    """Count to a small number."""
    number = rng.choice(list(NUMBERS))
    user = pick(COUNT, rng).replace("N", rng.choice((str(number), NUMBERS[number])))
    return Turn(user, ", ".join(str(n) for n in range(1, number + 1)) + ".", "count", str(number))


def story_turn(rng: random.Random) -> Turn:
    """Ask for a story."""
    return Turn(pick(STORY, rng).replace("X", unknowns.subject(rng)), story(rng), "story")


MARTLET = next(i for i, topic in enumerate(topics.TOPICS) if topic.names[0] == "Martlet")
OPENERS = (
    (intent_turn, 50),
    (foreign_turn, 8),
    (foreign_word_turn, 1),
    (topic_turn, 17),
    (unknown_turn, 23),
    (haiku_turn, 9),
    (haiku_about_turn, 7),
    (bird_turn, 1),
    (count_turn, 1.5),
    (story_turn, 2),
)


def opening_turn(rng: random.Random) -> Turn:
    """Return a turn that refers to nothing before it."""
    makers, weights = zip(*OPENERS, strict=True)
    return rng.choices(makers, weights)[0](rng)  # type: ignore[no-any-return]  # choices loses the callables' type


def follow_up(previous: Turn, rng: random.Random) -> Turn:
    """Return a turn that means something only after `previous`; an opening where nothing fits."""
    if previous.skill in ("haiku", "haiku_about"):
        poem = haiku.compose(rng.choice(haiku.THEMES), rng)
        return Turn(pick(AGAIN, rng), poem, "haiku") if rng.random() < 0.7 else haiku_about_turn(rng)
    if previous.skill == "joke":
        return Turn(pick(AGAIN, rng), pick(smalltalk.INTENTS["joke"].answers, rng), "joke")
    if previous.skill == "story":
        return Turn(pick(AGAIN, rng), story(rng), "story")
    if previous.skill == "topic":
        topic = next(t for t in topics.TOPICS if t.names[0] == previous.key)
        details = rng.sample(topic.details, min(2, len(topic.details)))
        return Turn(pick(MORE, rng), " ".join(details), "topic", previous.key)
    if previous.skill == "unknown":
        return Turn(pick(smalltalk.WHY_PROMPTS, rng), pick(smalltalk.WHY_ANSWERS, rng), "why")
    if rng.random() < 0.2:
        return Turn(pick(MORE + AGAIN, rng), pick(smalltalk.NO_MORE_ANSWERS, rng), "no_more")
    return opening_turn(rng)
