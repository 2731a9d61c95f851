"""PoolingEngine: queue, steps and their limits, on a model whose numbers can be worked out by hand."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from martlet.engine.config import EngineConfig
from martlet.engine.limits import resolve_max_model_len
from martlet.engine.memory import available_bytes
from martlet.engine.models.decoder import KVCache
from martlet.engine.pooling import Pooler, PoolerConfig, PoolingParams, pooler_config
from martlet.engine.pooling_engine import PoolingEngine
from martlet.engine.runner import ModelInputs
from martlet.engine.text import Tokenizer
from martlet.errors import EngineFailed, InvalidParameter, PromptTooLong

F32 = npt.NDArray[np.float32]
I32 = npt.NDArray[np.int32]

TINY_BERT = Path(__file__).parents[1] / "fixtures" / "pooled" / "tiny-bert"
EMBED = PoolingParams(task="embed", use_activation=False)


class CountingModel:
    """Each token's row is (id, position, the sum of ids up to it), read back from the cache it fills."""

    vocab_size = 100
    hidden_size = 3
    max_position_embeddings = 64

    def __init__(self, is_causal: bool) -> None:
        self.is_causal = is_causal
        self.steps: list[list[int]] = []
        """Tokens of each sequence in each step."""
        self.error: Exception | None = None
        self.worth = np.ones(3, np.float32)
        """What each row is multiplied by."""

    def block_bytes(self, block_size: int) -> int:
        return 4 * block_size

    def new_cache(self, num_blocks: int, block_size: int) -> KVCache:
        slots = np.full(num_blocks * block_size, np.nan, np.float32)
        return KVCache(((slots, slots),), block_size)

    def hidden_states(self, inputs: ModelInputs, cache: KVCache, token_type_ids: I32) -> F32:
        if self.error is not None:
            raise self.error
        assert token_type_ids.shape == inputs.token_ids.shape
        slots = cache.layers[0][0]
        slots[inputs.slot_mapping] = inputs.token_ids
        self.steps.append(np.diff(inputs.query_start).tolist())
        sums = np.empty(len(inputs.token_ids), np.float32)
        for s, length in enumerate(inputs.context_lens.tolist()):
            places = np.arange(length)
            block = inputs.block_tables[s, places // cache.block_size]
            context = slots[block * cache.block_size + places % cache.block_size]
            start, end = int(inputs.query_start[s]), int(inputs.query_start[s + 1])
            sums[start:end] = np.cumsum(context)[length - (end - start) :]
        columns = [inputs.token_ids.astype(np.float32), inputs.positions.astype(np.float32), sums]
        rows: F32 = np.stack(columns, axis=1)[inputs.logits_rows]
        with np.errstate(invalid="ignore"):
            return rows * self.worth


def make_engine(
    is_causal: bool = True,
    pooling_type: str = "LAST",
    max_num_batched_tokens: int = 16,
    kv_cache_bytes: int | None = None,
) -> tuple[PoolingEngine, CountingModel]:
    model = CountingModel(is_causal)
    config = EngineConfig(
        max_num_seqs=4, max_num_batched_tokens=max_num_batched_tokens, kv_cache_bytes=kv_cache_bytes
    )
    pooler = Pooler(pooler_config({"pooling_type": pooling_type}), model.hidden_size)
    engine = PoolingEngine(
        model, pooler, Tokenizer.from_folder(TINY_BERT), config, max_model_len=model.max_position_embeddings
    )
    return engine, model


def run(engine: PoolingEngine) -> dict[str, F32]:
    found: dict[str, F32] = {}
    while engine.has_work:
        for output in engine.step():
            found[output.request_id] = output.data
        engine.check_invariants()
    return found


def test_long_causal_prompt_shares_its_last_step() -> None:
    engine, model = make_engine()
    engine.add("long", [1] * 40, EMBED)
    engine.add("short", [2] * 5, EMBED)
    engine.add("next", [3] * 20, EMBED)
    found = run(engine)
    assert model.steps == [[16], [16], [8, 5, 3], [16], [1]]
    assert {name: row[2] for name, row in found.items()} == {"long": 40, "short": 10, "next": 60}


def test_whole_prompts_fill_a_step_in_order() -> None:
    engine, model = make_engine(is_causal=False)
    for number, length in enumerate((6, 6, 6, 40, 2, 2, 2, 2, 2)):
        engine.add(str(number), [1] * length, EMBED)
    run(engine)
    assert model.steps == [[6, 6], [6], [40], [2, 2, 2, 2], [2]]


def test_first_token_pooling_survives_chunks() -> None:
    engine, _ = make_engine(pooling_type="CLS")
    engine.add("a", [7, *[1] * 39], EMBED)
    assert run(engine)["a"].tolist() == [7, 0, 7]


def test_mean_is_over_all_tokens_of_a_chunked_prompt() -> None:
    engine, _ = make_engine(pooling_type="MEAN")
    engine.add("a", list(range(40)), EMBED)
    assert run(engine)["a"][:2].tolist() == [19.5, 19.5]


def test_token_task_brings_a_row_per_token() -> None:
    engine, _ = make_engine()
    engine.add("a", list(range(40)), PoolingParams(task="token_embed", use_activation=False))
    engine.add("b", [5, 6], EMBED)
    found = run(engine)
    assert found["a"][:, 0].tolist() == list(range(40))
    assert found["b"].tolist() == [6, 1, 11]


def test_abort_frees_a_prompt_that_was_begun() -> None:
    engine, _ = make_engine()
    engine.add("a", [1] * 40, EMBED)
    engine.add("b", [2] * 3, EMBED)
    assert engine.step() == []
    assert engine.abort("a")
    assert not engine.abort("a")
    engine.check_invariants()
    assert run(engine)["b"][2] == 6
    assert engine.stats().num_finished == {"abort": 1, "stop": 1}
    assert engine.stats().kv_usage == 0


@pytest.mark.parametrize(
    ("token_ids", "params", "problem"),
    [
        ([], EMBED, "prompt: must have at least one token"),
        ([100], EMBED, "token id 100 is out of vocabulary, which has 100 tokens"),
        ([-1, 5], EMBED, "token id -1 is out of vocabulary"),
        ([5, 6], PoolingParams(task="embed", token_type_ids=[0]), "token_type_ids: must be one for each"),
        ([5], PoolingParams(task="classify"), "task: is classify"),
    ],
)
def test_prompt_that_cannot_be_pooled_is_refused(
    token_ids: list[int], params: PoolingParams, problem: str
) -> None:
    engine, _ = make_engine()
    with pytest.raises(InvalidParameter, match=problem):
        engine.add("a", token_ids, params)
    assert not engine.has_work


def test_blocks_that_the_kernels_cannot_read_are_refused() -> None:
    with pytest.raises(InvalidParameter, match="block_size: must be a multiple of 16"):
        PoolingEngine.from_folder(TINY_BERT, EngineConfig(block_size=24))


def test_weights_beyond_free_memory_are_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(TINY_BERT, tmp_path / "huge")
    num_bytes = 2 * available_bytes() // 4 * 4
    header = json.dumps(
        {"x": {"dtype": "F32", "shape": [num_bytes // 4], "data_offsets": [0, num_bytes]}}
    ).encode()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        file.truncate(file.tell() + num_bytes)  # a hole: it takes no room on the disk
    with pytest.raises(EngineFailed, match=r"the weights take .* of memory are free"):
        PoolingEngine.from_folder(folder)


def test_context_is_what_was_asked_for_or_trained_or_possible() -> None:
    assert resolve_max_model_len(None, 512) == 512
    assert resolve_max_model_len(None, 512, trained=256) == 256
    assert resolve_max_model_len(384, 512, trained=256) == 384
    with pytest.raises(InvalidParameter, match="is 513, and the model was made for at most 512 tokens"):
        resolve_max_model_len(513, 512, trained=256)


def test_prompt_of_exactly_the_context_fits() -> None:
    engine, _ = make_engine()
    engine.add("a", [1] * 64, EMBED)
    with pytest.raises(PromptTooLong):
        engine.add("b", [1] * 65, EMBED)
    assert run(engine)["a"][2] == 64


def test_same_id_twice_is_refused() -> None:
    engine, _ = make_engine()
    engine.add("a", [1], EMBED)
    with pytest.raises(InvalidParameter, match="in use"):
        engine.add("a", [1], EMBED)


def test_prompt_without_finite_numbers_ends_in_an_error() -> None:
    engine, model = make_engine()
    engine.add("good", [1], EMBED)
    engine.add("bad", [1, 2], EMBED)
    model.worth = np.array([1, np.inf, 1], np.float32)  # the position 0 gives NaN, 1 infinity
    assert [output.finish_reason for output in engine.step()] == ["error", "error"]
    model.worth = np.ones(3, np.float32)
    engine.add("good", [1], EMBED)
    [output] = engine.step()
    assert output.finish_reason == "stop"
    assert engine.stats().num_finished == {"error": 2, "stop": 1}


def test_failing_step_can_be_recovered_from() -> None:
    engine, model = make_engine()
    engine.add("a", [1] * 3, EMBED)
    model.error = ValueError("no")
    with pytest.raises(EngineFailed, match="a step failed: ValueError: no"):
        engine.step()
    assert engine.abort_all("error") == ["a"]
    engine.check_invariants()
    model.error = None
    engine.add("b", [4], EMBED)
    assert run(engine)["b"].tolist() == [4, 0, 4]


def test_scarce_blocks_make_prompts_wait() -> None:
    engine, model = make_engine(kv_cache_bytes=4 * 64 + 4 * 16, max_num_batched_tokens=64)
    for name in "abc":
        engine.add(name, [1] * 20, EMBED)
    assert engine.stats().num_blocks == 5
    found = run(engine)
    assert model.steps == [[20, 20], [20]]
    assert [found[name][2] for name in "abc"] == [20, 20, 20]


def test_random_arrivals_and_aborts_keep_the_engine_whole() -> None:
    chance = random.Random(5)
    for is_causal in (True, False):
        engine, _ = make_engine(is_causal, max_num_batched_tokens=24, kv_cache_bytes=4 * 16 * 9)
        wanted: dict[str, int] = {}
        found: dict[str, int] = {}
        for number in range(600):
            if chance.random() < 0.6:
                token_ids = [chance.randrange(100) for _ in range(chance.randint(1, 64))]
                wanted[str(number)] = sum(token_ids)
                engine.add(str(number), token_ids, EMBED)
            if wanted and chance.random() < 0.1 and engine.abort(victim := chance.choice(list(wanted))):
                del wanted[victim]
            found |= {output.request_id: int(output.data[2]) for output in engine.step()}
            engine.check_invariants()
        found |= {name: int(row[2]) for name, row in run(engine).items()}
        assert found.items() >= wanted.items()


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"pooling_type": "MAX"}, r"pooler_config\.pooling_type: is 'MAX'; supported: CLS, LAST, MEAN"),
        ({"seq_pooling_type": 3}, "is 3"),
        ({"normalize": True}, "has 'normalize', which is not supported"),
        ({"use_activation": "yes"}, r"pooler_config\.use_activation"),
        ({"dimensions": 0}, r"pooler_config\.dimensions"),
        ({"task": "score"}, r"pooler_config\.task: is 'score'"),
    ],
)
def test_pooler_config_that_means_nothing_is_refused(settings: dict[str, object], problem: str) -> None:
    with pytest.raises(InvalidParameter, match=problem):
        pooler_config(settings)


def test_pooler_config_reads_both_spellings() -> None:
    assert pooler_config({"seq_pooling_type": "MEAN"}) == PoolerConfig(pooling_type="MEAN")
    assert pooler_config({"pooling_type": "CLS", "use_activation": False}) == PoolerConfig(
        pooling_type="CLS", use_activation=False
    )
