"""Beam search over an engine: a round of one-token requests for each token, then all beams at once.

Each round's requests share their prefixes with the last one's by the prefix cache.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from martlet.engine.beam_search import Beam, BeamSearch, BeamSearchParams
from martlet.engine.request import Output
from martlet.engine.text import Detokenizer, Tokenizer
from martlet.server.loop import Batch, EngineLoop, Generation, Prompt, Timeline


class BeamGeneration:
    """Stands where a Generation does: yields the best beams of each prompt, once."""

    def __init__(
        self,
        loop: EngineLoop,
        prompts: Sequence[Prompt],
        params: Sequence[BeamSearchParams],
        tokenizer: Tokenizer,
    ) -> None:
        """Search from each prompt under its `params`. Raises QueueFull, ServerStopping and EngineFailed."""
        eos_token_id = tokenizer.eos_token_ids[0] if tokenizer.eos_token_ids else None
        self._loop = loop
        self._prompts = prompts
        self._tokenizer = tokenizer
        self._searches = [
            BeamSearch(len(prompt.token_ids), each, eos_token_id)
            for prompt, each in zip(prompts, params, strict=True)
        ]
        self._is_taken = False
        self._arrival_s = time.monotonic()
        self.on_end: Callable[[Timeline], object] | None = None
        """Called for each of the best beams."""
        self._error: BaseException | None = None
        self._round: Generation = self._begin_round()

    def __aiter__(self) -> BeamGeneration:
        return self

    async def __anext__(self) -> Batch:
        if self._is_taken:
            raise StopAsyncIteration
        while True:
            await self._finish_round()
            if all(search.is_done for search in self._searches):
                self._is_taken = True
                return self._outputs()
            if self._error is not None:
                raise self._error
            self._round = self._begin_round()

    def fail(self, error: BaseException) -> None:
        self._error = error  # also between two rounds
        self._round.fail(error)

    def close(self) -> None:
        self._round.close()

    def _begin_round(self) -> Generation:
        return self._loop.generate(
            [
                replace(
                    prompt,
                    token_ids=[*prompt.token_ids, *beam.token_ids],
                    params=search.params.step_params(),
                )
                for prompt, search in self._open()
                for beam in search.beams
            ]
        )

    def _open(self) -> list[tuple[Prompt, BeamSearch]]:
        pairs = zip(self._prompts, self._searches, strict=True)
        return [(prompt, search) for prompt, search in pairs if not search.is_done]

    async def _finish_round(self) -> None:
        tops: dict[int, Sequence[tuple[int, float]]] = {}
        async for batch in self._round:
            for index, output in batch:
                assert output.logprobs is not None
                tops[index] = output.logprobs[0].top
        start = 0
        for _, search in self._open():
            end = start + len(search.beams)
            search.advance([tops[index] for index in range(start, end)])
            start = end

    def _outputs(self) -> Batch:
        outputs: Batch = []
        index = 0
        for prompt, search in zip(self._prompts, self._searches, strict=True):
            for beam in search.best():
                output = self._output(prompt, search, beam)
                outputs.append((index, output))
                if self.on_end is not None:
                    self.on_end(self._timeline(index, prompt, output))
                index += 1
        return outputs

    def _timeline(self, index: int, prompt: Prompt, output: Output) -> Timeline:
        return Timeline(
            index,
            len(prompt.token_ids),
            prompt.max_tokens,
            self._arrival_s,
            num_output_tokens=len(output.token_ids),
            end_s=time.monotonic(),
            finish_reason=output.finish_reason or "",
        )

    def _output(self, prompt: Prompt, search: BeamSearch, beam: Beam) -> Output:
        token_ids = list(beam.token_ids)
        shown = token_ids
        if token_ids and token_ids[-1] == search.eos_token_id and not search.params.ignore_eos:
            shown = token_ids[:-1]
        detokenizer = Detokenizer(
            self._tokenizer,
            prompt.token_ids,
            search.params.skip_special_tokens,
            search.params.visible_token_ids,
        )
        text = detokenizer.push(shown) + detokenizer.flush()
        logprobs = list(beam.logprobs[: len(token_ids)])
        return Output("", token_ids, text, logprobs, beam.finish_reason, beam.stop_reason)
