"""Request fields to BeamSearchParams."""

from __future__ import annotations

from martlet.engine.beam_search import BeamSearchParams
from martlet.engine.request import SamplingParams
from martlet.errors import InvalidParameter, UnsupportedParameter
from martlet.protocol.completions import CompletionRequest
from martlet.server.errors import InvalidRequest
from martlet.server.translate.fields import GenerationRequest, is_set

WITHOUT_BEAMS = (
    "structured_outputs",
    "response_format",
    "stop",
    "stop_token_ids",
    "min_tokens",
    "allowed_token_ids",
    "bad_words",
    "logit_bias",
    "repetition_detection",
    "thinking_token_budget",
    "prompt_logprobs",
    "logprob_token_ids",
)
"""Fields that would change the output of sampling, and that a beam search does not obey."""


def check_beam_fields(request: GenerationRequest) -> None:
    """Refuse what does not go with a beam search. Raises RequestRejected."""
    if not request.use_beam_search:
        return
    for name in WITHOUT_BEAMS:
        if is_set(request, name) and not (name == "response_format" and _is_text(request)):
            raise UnsupportedParameter(name, "leave it out, or use_beam_search")
    if isinstance(request, CompletionRequest):
        if request.stream:
            raise InvalidRequest("use_beam_search: a search has nothing to stream: ask without stream")
        if request.echo and request.logprobs is not None:
            raise InvalidParameter("echo", "with logprobs does not go with use_beam_search")


def beam_search_params(request: GenerationRequest, params: SamplingParams, width: int) -> BeamSearchParams:
    return BeamSearchParams(
        width=width,
        max_tokens=params.max_tokens,
        length_penalty=request.length_penalty,
        ignore_eos=params.ignore_eos,
        include_stop_str_in_output=params.include_stop_str_in_output,
        skip_special_tokens=params.skip_special_tokens,
        visible_token_ids=params.visible_token_ids,
    )


def _is_text(request: GenerationRequest) -> bool:
    return request.response_format is not None and request.response_format.type == "text"
