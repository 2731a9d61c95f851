"""Output that follows a JSON schema, a regular expression, a choice or a grammar, by llguidance.

A Constraint is what a request asks for; GrammarCompiler, for any thread, makes a Grammar of it; a request's
Matcher follows the output through the grammar and says which tokens may come next. Masks are computed in a
thread while the model runs (MaskWorker). llguidance is imported when the first constraint is compiled.

constraint      what may be asked for, in llguidance's notation
structural_tag  free text with spans that follow a schema
compiler        Constraint -> Grammar
places          where a JSON schema is at fault
vocabulary      the tokenizer as llguidance sees it
matcher         which tokens may come next
"""

from martlet.engine.constraints.compiler import Grammar, GrammarCompiler
from martlet.engine.constraints.constraint import Constraint
from martlet.engine.constraints.matcher import MaskWorker, Matcher
from martlet.engine.constraints.structural_tag import ReasoningSpan

__all__ = ["Constraint", "Grammar", "GrammarCompiler", "MaskWorker", "Matcher", "ReasoningSpan"]
