"""Logits to token ids and logprobs.

The order is vLLM's: a grammar's mask; raw logprobs; then allowed_token_ids, bad_words, min_tokens,
logit_bias, penalties; then the likeliest token, or temperature, min_p, top_k, top_p and a draw. A request's
result depends on nothing but its own row and generator, so each row is worked on by itself: other shapes
could be summed in another order.

sampler    a batch of rows, and what each request keeps from step to step
edits      what a request does to its logits
logprobs   log-probabilities and ranks
"""

from martlet.engine.sampling.sampler import Sample, Sampler

__all__ = ["Sample", "Sampler"]
