"""Adding and subtracting numbers of up to two digits, asked in many ways; larger sums are refused."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import random

from training.asking import ask
from training.dialogue import Turn
from training.grammar import pick
from training.held_out import held_out

EXPRESSION = {
    "+": [
        "<a> + <b>",
        "<a>+<b>",
        "<a> {plus|and|added to|with another|more than} <b>",
        "<a> plus <b>",
        "{the |}{sum|total} of <a> and <b>",
        "<a> {increased by|plus another|add|together with} <b>",
    ],
    "-": [
        "<a> - <b>",
        "<a>-<b>",
        "<a> {minus|less|reduced by|decreased by|take away|without} <b>",
        "<a> minus <b>",
    ],
}
ASK_EXPRESSION = [
    "<e>",
    "<e>",
    "<e>{=| =|= ?| = ?|?|=?}",
    "{What is|What's|what is|Whats|How much is|What does|How much does|What do you get for|What would be} <e>{?|.|| equal?| make?| come to?}",
    "{What is|How much is|What's} <e>?",
    "{Calculate|Compute|Work out|Solve|Evaluate|Do|Find|Determine|Figure out|Tell me|Give me|Answer|Say|Show me}{:|} <e>{.|| please.| for me.|, please}",
    "{Can|Could|Would|Will} you {please |}{calculate|compute|work out|solve|tell me|do|figure out|add up|give me the result of|give me the answer to|help me with|find|quickly do} <e>{?|| please?| for me?}",
    "{Can|Could|Would} you {please |}tell me {what <e> is|how much <e> is|the result of <e>|the answer to <e>|what <e> makes}{?|| please?}",
    "{I need|I want|I would like|I'd like|Please give me|Let me have|I am looking for|I was asked for|We need} {the {result|answer|value} of|the solution of} <e>{.|!|}",
    "{Do you know|Do you know what is|Any idea what is|Guess|I wonder what is|Remind me, what is|Quick:|Quickly:|In your head:|Maths:|Math:|Arithmetic:|A sum:|Exercise:|Homework:|Problem:|First sum:|Next:} <e>{?|.|}",
    "<e> {is what|equals what|makes what|gives what|is how much|makes|equals|is}{?||...}",
    "The {result|answer|value} of <e>{ is|?|, please.| please|: what is it?}",
    "{What|Which number} {is the {result|answer|value|outcome} of|results from|do I get from|comes out of|equals|is equal to|is the same as} <e>?",
    "{How do I calculate|How would you work out|Are you able to solve|Can you handle|Are you good at sums? What is|Let us do a sum:|Let's calculate|Time for a sum:|Simple one:|An easy one:|Here is one:} <e>{?|.|}",
]
SENTENCE = {
    "+": [
        "Add <a> {and|to|plus|with} <b>{.|| please.| together.}",
        "{Add up|Sum|Sum up|Total|Combine|Put together|Add together} <a> and <b>{.|| please.| for me.}",
        "{Can|Could|Would|Will} you {please |}{add|sum|add up|add together|total} <a> {and|to} <b>{?|| for me?}",
        "What {do|would|will} {I|you|we} {get|have} {if|when} {I|you|we} add <a> {and|to} <b>{?|| together?}",
        "{If|When} {I|you|we|one} {add|put together|sum} <a> and <b>, {what do I get|what is the result|what comes out|how much is it|what is the total|what does that make|how many is that}{?|}",
        "{Take|Start with|Start at|Begin with} <a>{,| and| then|, then} add <b>{.|. What do you get?|. What is the result?|. Where do you end up?}",
        "{Which|What} number is <a> {more|higher|greater|larger} than <b>?",
        "{What|How much} is <a> {more|higher|greater} than <b>?",
        "{I have|There are|We have|They are} <a> and <b>{.|, what is the total?|: how many altogether?|. How many in total?|. Total?|. What is the sum?}",
        "Sum: <a>, <b>",
        "{The numbers are|Two numbers:|Numbers:|Here are two numbers:} <a> and <b>. {Add them|What is their sum|Please add them|Sum them up|Tell me their sum|What do they make together}{.|?}",
        "{What is|Tell me|Give me} the {sum|total} {of|for} {the numbers |}<a> and <b>{?|.}",
        "{Count|Go} up <a> from <b>{.|. Where are you?|: which number?}",
        "{Increase|Raise} <a> by <b>{.|}",
        "{Perform|Do} {the |an |}addition{:| of} <a> and <b>{.|}",
        "Addition: <a>, <b>",
        "{How many|How much} {are|is|do} <a> and <b> {together|altogether|in total|make|combined}?",
    ],
    "-": [
        "{Subtract|Take|Take away|Deduct|Remove} <b> from <a>{.|| please.|. What is left?|. What remains?}",
        "{Can|Could|Would|Will} you {please |}{subtract|take|take away|deduct|remove} <b> from <a>{?|| for me?}",
        "What {do|would|will} {I|you|we} {get|have} {if|when} {I|you|we} {subtract|take|take away|deduct} <b> from <a>?",
        "{If|When} {I|you|we|one} {subtract|take|take away|deduct|remove} <b> from <a>, {what do I get|what is the result|what comes out|what is left|what remains|how much is it}{?|}",
        "{Take|Start with|Start at|Begin with} <a>{,| and| then|, then} {subtract|take away|remove|take off|go down} <b>{.|. What do you get?|. What is the result?|. What is left?}",
        "{What|Which number} is <b> {less|fewer|lower|smaller} than <a>?",
        "{Reduce|Decrease|Lower} <a> by <b>{.|}",
        "<b> {less than|fewer than|subtracted from|taken from|taken away from} <a>{?|}",
        "{What is|How much is} <b> {subtracted from|taken from|taken away from|less than} <a>?",
        "{Count|Go} down <b> from <a>{.|. Where are you?|: which number?}",
        "{Perform|Do} {the |a |}subtraction: <a> {minus|take away|less} <b>{.|}",
        "{What|How much} {is left|remains|is left over} {of|from} <a> {if|when|after} {I|you|we} {take away|remove|subtract} <b>?",
    ],
}
# Only for a >= b: the answer is larger minus smaller, whichever comes first.
DIFFERENCE = [
    "{What is|What's|Tell me|Give me|Calculate|Find|Compute|Work out} the {difference|distance|gap} {between|of} <x> and <y>{?|.|}",
    "{Difference|The difference} {between|of} <x> and <y>{?|.|, please.|}",
    "How {much more|many more|much larger|much greater|much bigger} is <a> than <b>?",
    "How much {less|smaller} is <b> than <a>?",
    "{By how much do <x> and <y> differ|How far are <x> and <y> apart|How far apart are <x> and <y>|How much do <x> and <y> differ}?",
    "{What|How much} {must|do|should|can} {I|we|you} add to <b> to {get|reach|make|have|arrive at} <a>?",
    "{How much is|How many are|What is} missing from <b> to <a>?",
    "<b> plus what {is|makes|equals|gives} <a>?",
    "How far is it from <b> to <a>?",
]
NAMES = [
    name
    for name in "Anna Ben Clara David Emma Felix Grace Henry Ida Jack Kate Leo Mia Noah Olga Paul Rosa Sam Tom Vera Will Zoe".split()
    if not held_out(name)
]
NOUNS = "apples pears plums books coins marbles stamps cards eggs cookies balls pencils flowers shells stones nuts cakes tickets sheep cows birds chairs cups keys sweets toys boxes oranges bottles stickers photos points euros dollars".split()
ADD_STORIES = [
    "{{I|You|We|They} have <a> NOUN and {get|buy|find|receive|add|pick} <b> more|{NAME|She|He|My son} has <a> NOUN and {gets|buys|finds|receives|adds|picks} <b> more|{I|NAME|We} had <a> NOUN and {got|bought|found|received|picked} <b> more|There are <a> NOUN and I {get|buy|find|add} <b> more}. How many NOUN {are there|are there now|is that|are there in total|are there altogether}?",
    "NAME has <a> NOUN{ and|,} NAME has <b>{| NOUN}. How many {NOUN |}{do they have|are there|have they got} {together|in total|altogether|in all}?",
    "{In one {box|bag|room} there are <a> NOUN, in|On one {table|shelf|wall} there are <a> NOUN, on} {another|the other} <b>. How many {are there|NOUN is that|NOUN are there} {in all|altogether|in total|together}?",
    "{I|We|NAME} {bought|found|sold|counted|saw|collected|ate} <a> NOUN {yesterday|on Monday|in the morning} and <b> {today|on Tuesday|in the evening|more}. {How many is that|How many in total|How many altogether|What is the total|How many NOUN is that}?",
    "There were <a> NOUN. {Then|Later|Now} <b> more {came|were added|arrived|are there}. How many {NOUN |}{are there|are there now|is that}?",
    "A {book|ticket|cake|chair|bag|hat} costs {<a> euros and a {pen|cup|coat|lamp|ball|map} costs <b>{| euros}|<a> dollars and a {pen|cup|coat|lamp|ball|map} costs <b>{| dollars}}. {What do both cost|How much do I pay|What is the total|How much is that together}?",
    "{{A train|A bus|A boat} has <a> people{ on board|}|{The hall|The room} has <a> people{ inside|}}. <b> more {get on|come in|arrive|join}. How many people {are there|is that}{| now| in all}?",
    "{NAME|My friend NAME} is <a> years old. How old will {SAME|SAME|this person} be in <b> years?",
    "{I walk|We drive|NAME walks|NAME runs} <a> {km|miles|kilometres} and then {another |}<b>{| more}. How far is that{| in total| altogether}?",
    "{My team|NAME|Our side} scored <a> points and then {another |}<b>. {What is the score|How many points is that|How many points in total}?",
]
SUBTRACT_STORIES = [
    "{{I|You|We|They} have <a> NOUN and {lose|give away|sell|use up|throw away}|{NAME|She|He|My son} has <a> NOUN and {loses|gives away|sells|uses up|throws away}|{I|NAME|We} had <a> NOUN and {lost|gave away|sold|used up|threw away}|There are <a> NOUN and we {lose|give away|sell}} <b>{| of them}. How many {NOUN |}{are left|are left now|remain|are there now|are still there|are there}?",
    "There {are|were} <a> NOUN. <b> {are|were} {taken|sold|lost|broken|removed|eaten|stolen|given away}. How many {NOUN |}{are left|remain|are there now|are still there}?",
    "{From|Out of|Of} <a> NOUN, <b> {are|were} {taken|sold|lost|broken|bad|gone}. {How many are left|How many remain|What is left|How many are still there}?",
    "NAME has <a> NOUN, NAME has <b>. How many more {NOUN |}{does the first have|has the first one|is that}?",
    "{I have <a> {euros|dollars} and {spend|pay}|NAME has <a> {euros|dollars} and {spends|pays}} <b>. How much {is left|remains|money is left}?",
    "{{A train|A bus|A boat} has <a> people{ on board|}. <b> {get off|leave}|{The hall|The room} has <a> people{ inside|}. <b> {leave|go home|go away}}. How many {people |}{are left|remain|stay|are still there}?",
    "{NAME|My friend NAME} is <a> years old. How old was {SAME|SAME|this person} <b> years ago?",
    "{The way|The road|My trip|The trail} is <a> {km|miles|kilometres} long. {I have|We have|NAME has} {gone|walked|done} <b>. How {far is it still|much is left|far is left}?",
    "{{I|We} need <a> NOUN and {have|already have}|NAME needs <a> NOUN and {has|already has}} <b>. How many {are missing|more are needed}?",
    "{My book|The book} has <a> pages. {I have|NAME has} read <b>. How many {pages |}{are left|remain}?",
]
MANY = [
    "<list>{|?| =|.}",
    "{What is|What are|How much is|What's|How much are} <list>{?|}",
    "{Calculate|Compute|Solve|Work out|Do|Find}{: | |: }<list>{.||, please.}",
    "{Solve|Calculate|Do|Please solve|Please do} {these sums|these|the following|all of these|the following sums|these exercises}: <list>{.|}",
    "{Can|Could|Would} you {please |}{calculate|solve|work out|do} {these: |these sums: |}<list>{?|}",
    "{My homework|Exercises|Sums|Several sums|I need these|Help me with these}: <list>{.|}",
]
AND_THIS = [
    "{And|and|Now|And now|Then|What about|How about|OK, and|Next:|Also} <e>{?|.|}",
    "{And|and|Or} {what is|how much is|what's} <e>{?|}",
    "<e>{?|}",
    "{Thanks|Good|Right|Nice|Correct|Great|Cool}{.|!|,} {And|Now|What is|How about} <e>{?|}",
]
GO_ON = {
    "+": [
        "{And|Now|Then|OK, now|And now} {add|plus} <b>{.|?|| more.| to that.| to it.}",
        "{Plus|plus|+} <b>{?|}",
        "{Add|Please add|Can you add|Could you add} <b> {to that|to it|to the result|more}{.|?|}",
        "{And|What is that|What is it|How much is that} plus <b>{?|}",
        "{And|What} if {I|you|we} add {another |}<b>{?| to that?| more?}",
        "{And|Now} <b> more{?|.|}",
    ],
    "-": [
        "{And|Now|Then|OK, now|And now} {subtract|minus|take away|less} <b>{.|?|| from that.| from it.}",
        "{Minus|minus|-} <b>{?|}",
        "{Subtract|Please subtract|Can you subtract|Take|Take away} <b> {from that|from it|from the result}{.|?|}",
        "{And|What is that|What is it|How much is that} {minus|less|take away} <b>{?|}",
        "{And|What} if {I|you|we} {take away|subtract|remove} <b>{?| from that?}",
        "{And|Now} <b> less{?|.|}",
    ],
}
BEYOND = [
    "{What is|What's|How much is|Calculate|Compute|Work out|Solve|} <l> {+|-|plus|minus} <m>{?|.|}",
    "{What is|How much is|Calculate|} <m> {+|-|plus|minus} <l>{?|.|}",
    "{What is|What's|How much is|Calculate|Compute|Work out|Solve|} <n> {*|x|/|:|times|divided by|multiplied by|over} <m>{?|.|}",
    "{Multiply|Divide} <n> {by|and|with} <m>{.|?|}",
    "{What is|Give me|Tell me|Calculate} the {square root|square|cube|cube root|logarithm|factorial|half|double|sine} of <n>{?|.|}",
    "{What is|How much is|Calculate} <n> {percent|%} of <m>{?|.|}",
    "{What is|Calculate} <n> {to the power of|squared|cubed|^|mod|modulo} {<m>|2}?",
    "{What is|How much is|Calculate|} <n>.<m> {+|-|plus|minus} <m>.<n>{?|}",
    "Is <l> {a prime number|even|odd|divisible by <n>}?",
    "{Add|Sum|Total} <l> and <m>{.|}",
    "{Subtract|Take} <n> from <l>{.|}",
    "{What is|How much is|} <n> {+|plus} <m> {+|plus|-|times} <n>{?|}",
    "{What is the|The|Calculate the|Find the} {product|quotient|average|mean} of <n> and <m>{?|.|}",
    "How many times does <n> {go|fit} into <l>?",
    "{I have|There are} <n> {boxes|bags} with <m> NOUN each. How many {NOUN |}is that?",
    "{Convert|Change} <l> {metres to feet|grams to pounds|euros to dollars}{.|}",
]
REFUSALS = [
    "I do not know: I can only add and subtract two numbers of up to two digits.",
    "I do not know that. I have learned only to add and subtract {two |}numbers of up to two digits{|, such as 27 + 45}.",
    "That is too much for me, so I do not know. I can add or subtract two numbers of up to two digits.",
    "I cannot calculate that, so I do not know. I only add and subtract numbers of up to two digits.",
]
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_words(number: int, hyphen: str = "-") -> str:
    """Return a number from 0 to 99 as it is spoken."""
    if number < 20:
        return _ONES[number]
    tens = _TENS[number // 10 - 2]
    return tens if number % 10 == 0 else f"{tens}{hyphen}{_ONES[number % 10]}"


def allowed(left: int, sign: str, right: int) -> bool:
    """Return whether a sum may be in the training text; an addition is left out in both orders."""
    keys = [f"{left}{sign}{right}"] + ([f"{right}+{left}"] if sign == "+" else [])
    return not any(held_out(key) for key in keys)


def operands(rng: random.Random, sign: str, *, ordered: bool = False) -> tuple[int, int]:
    """Return two numbers from 0 to 99; `ordered` puts the larger first, as do most subtractions anyway."""
    while True:
        top = rng.choice((99, 99, 99, 99, 20, 10))
        left, right = rng.randint(0, top), rng.randint(0, rng.choice((99, top)))
        if sign == "-" and left < right and (ordered or rng.random() < 0.6):
            left, right = right, left
        if allowed(left, sign, right):
            return left, right


def _answered(user: str, left: int, sign: str, right: int) -> Turn:
    result = left + right if sign == "+" else left - right
    return Turn(user, f"{left} {sign} {right} = {result}.", "sum", f"{left}{sign}{right}")


def _written(rng: random.Random, *numbers: int) -> list[str]:
    """Return all numbers in one style: digits mostly, or words."""
    if rng.random() < 0.75:
        return [str(number) for number in numbers]
    hyphen = rng.choice("-- ")
    return [in_words(number, hyphen) for number in numbers]


def _asked(templates: list[str], rng: random.Random, left: int, right: int) -> str:
    filled = _filled(templates, rng)
    symbols = any(sign in filled for sign in ("<a>+<b>", "<a>-<b>"))
    a, b = (str(left), str(right)) if symbols else _written(rng, left, right)
    x, y = rng.choice(((a, b), (b, a)))
    return ask([filled], rng, a=a, b=b, x=x, y=y)


def _filled(templates: list[str], rng: random.Random) -> str:
    """Return one of the templates, with different names and one noun; SAME is the first name again."""
    template = pick(templates, rng)
    chosen = rng.sample(NAMES, 3)
    for name in chosen:
        template = template.replace("NAME", name, 1)
    template = template.replace("SAME", chosen[0])
    return template.replace("NOUN", rng.choice(NOUNS))


def _expressed(frames: list[str], rng: random.Random, sign: str) -> list[str]:
    return [pick(frames, rng).replace("<e>", pick(EXPRESSION[sign], rng))]


def sum_turn(rng: random.Random) -> Turn:
    """Ask for a sum or a difference: mostly an expression, sometimes a sentence or a small story."""
    sign = rng.choice("+-")
    kind = rng.random()
    if kind < 0.5:
        left, right = operands(rng, sign)
        templates = _expressed(ASK_EXPRESSION, rng, sign)
    elif kind < 0.8:
        ordered = sign == "-" and rng.random() < 0.4
        left, right = operands(rng, sign, ordered=ordered)
        templates = DIFFERENCE if ordered else SENTENCE[sign]
    else:
        left, right = operands(rng, sign, ordered=True)
        templates = ADD_STORIES if sign == "+" else SUBTRACT_STORIES
    return _answered(_asked(templates, rng, left, right), left, sign, right)


def many_sums_turn(rng: random.Random) -> Turn:
    """Ask for several sums at once."""
    asked: list[str] = []
    answers: list[str] = []
    for _ in range(rng.randint(2, 8)):
        sign = rng.choice("+-")
        left, right = operands(rng, sign)
        shown = rng.choice(("{} {} {}", "{}{}{}")) if not asked or rng.random() < 0.1 else "{} {} {}"
        asked.append(shown.format(left, sign, right))
        answers.append(_answered("", left, sign, right).assistant.rstrip("."))
    joiner = rng.choice((", ", ", ", "\n", "; "))
    listed = joiner.join(asked)
    if joiner == ", " and rng.random() < 0.5:
        listed = ", ".join(asked[:-1]) + " and " + asked[-1]
    user = ask(MANY, rng, list=listed)
    return Turn(user, "\n".join(answers), "sums", asked[-1])


def document(rng: random.Random) -> str:
    """Return sums with their results, for text without a chat."""
    lines = []
    for _ in range(rng.randint(8, 30)):
        sign = rng.choice("+-")
        left, right = operands(rng, sign)
        lines.append(_answered("", left, sign, right).assistant)
    return rng.choice(("\n", " ")).join(lines)


def beyond_turn(rng: random.Random) -> Turn:
    """Ask for something that the model cannot calculate."""
    n, m = str(rng.randint(2, 99)), str(rng.randint(2, 99))
    large = str(rng.randint(100, 10 ** rng.randint(3, 7)))
    user = ask([_filled(BEYOND, rng)], rng, n=n, m=m, l=large)
    return Turn(user, pick(REFUSALS, rng), "beyond_sum")


def follow_up(previous: Turn, rng: random.Random) -> Turn:
    """Ask for another sum in fewer words, or go on with the result of `previous` where it has two digits."""
    sign = rng.choice("+-")
    result = short_answer(previous)
    if (
        previous.skill == "sum"
        and result is not None
        and len(result) <= 2
        and "-" not in result
        and rng.random() < 0.5
    ):
        left, right = int(result), rng.choice((rng.randint(0, 99), rng.randint(1, 12)))
        if allowed(left, sign, right):
            return _answered(_asked(GO_ON[sign], rng, left, right), left, sign, right)
    left, right = operands(rng, sign)
    return _answered(_asked(_expressed(AND_THIS, rng, sign), rng, left, right), left, sign, right)


def short_answer(turn: Turn) -> str | None:
    """Return the result alone, the lines as they are for several sums, None if `turn` is no sum."""
    if turn.skill == "sums":
        return turn.assistant
    return turn.assistant.split(" = ")[1].rstrip(".") if turn.skill == "sum" else None


OPENERS = ((sum_turn, 9), (many_sums_turn, 3), (beyond_turn, 1))
