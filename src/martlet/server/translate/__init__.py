"""protocol <-> engine, the only part that knows both: requests become prompts, outputs become replies.

translator      a request of each endpoint, from its body to what answers it
body            bytes -> request, as leniently as vLLM
fields          which fields act, which are refused, which are ignored and said to be
catalog         names of models -> what stands behind them
prompts         messages or texts -> token ids that fit
sampling        fields -> SamplingParams
constraints     fields -> Constraint
beams           fields -> BeamSearchParams
tools           which tools a chat may call, and how
guidance        what its output must follow, given its tools and its reasoning
outputs         which formats the model writes, and how they are read
reply           what chat and text completions share on the way back
chat            chat.completion and its chunks
messages        its messages, whole and in deltas
completions     text_completion and its chunks
logprobs        log probabilities on the wire
pooling         calls of models that pool, from their body to what answers them
pooled_texts    texts, pairs and conversations -> what such a model reads
pooled_replies  vectors, classes and scores -> replies
"""

from martlet.server.translate.reply import Reply
from martlet.server.translate.translator import ServedEngine, Translator

__all__ = ["Reply", "ServedEngine", "Translator"]
