"""protocol <-> engine, the only part that knows both: requests become prompts, outputs become replies.

body         bytes -> request, as leniently as vLLM
fields       which fields act, which are refused, which are ignored and said to be
prompts      messages or texts -> token ids that fit
sampling     fields -> SamplingParams
constraints  fields -> Constraint
beams        fields -> BeamSearchParams
reply        what chat and text completions share on the way back
chat         chat.completion and its chunks
completions  text_completion and its chunks
logprobs     log probabilities on the wire
"""

from martlet.server.translate.reply import Reply
from martlet.server.translate.translator import ServedEngine, Translator

__all__ = ["Reply", "ServedEngine", "Translator"]
