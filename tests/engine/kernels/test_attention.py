from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest

from martlet.engine.kernels import F32, I32, Kernels, KVArray

BLOCK_SIZE = 16
CAUSAL = (-1, 0)


@dataclass
class Sequences:
    """Sequences with all their tokens in a cache whose blocks are shuffled and otherwise not numbers.

    Something else lies between the blocks, as another layer's do.
    """

    q: list[F32]
    k: list[F32]
    v: list[F32]
    k_cache: KVArray
    v_cache: KVArray
    block_tables: I32

    def attend(
        self,
        kernels: Kernels,
        parts: list[tuple[int, int, int]],
        window: tuple[int, int] = CAUSAL,
        soft_cap: float = 0,
    ) -> list[F32]:
        """Results for queries [begin, end) of the given sequences, in one call."""
        q = np.concatenate([self.q[s][begin:end] for s, begin, end in parts])
        out = np.full(q.shape, np.nan, np.float32)
        starts = np.cumsum([0, *(end - begin for _, begin, end in parts)]).astype(np.int32)
        kernels.paged_attention(
            q,
            self.k_cache,
            self.v_cache,
            np.ascontiguousarray(self.block_tables[[s for s, _, _ in parts]]),
            starts,
            np.array([end for _, _, end in parts], np.int32),
            q.shape[2] ** -0.5,
            window,
            soft_cap,
            out,
        )
        return np.split(out, starts[1:-1])


def make(rng: np.random.Generator, lengths: list[int], heads: int, kv_heads: int, dim: int) -> Sequences:
    counts = [-(-n // BLOCK_SIZE) for n in lengths]
    ids = rng.permutation(sum(counts) + 3).astype(np.int32)
    tables = np.full((len(lengths), max(counts)), -1, np.int32)
    k_cache = np.full((len(ids), 2, kv_heads, dim, BLOCK_SIZE), np.nan, np.float32)[:, 1]
    v_cache = np.full((len(ids), 2, kv_heads, BLOCK_SIZE, dim), np.nan, np.float32)[:, 1]
    q, k, v = (
        [rng.standard_normal((n, h, dim), dtype=np.float32) for n in lengths]
        for h in (heads, kv_heads, kv_heads)
    )
    for s, (n, count) in enumerate(zip(lengths, counts, strict=True)):
        tables[s, :count], ids = ids[:count], ids[count:]
        for t in range(n):
            block, offset = tables[s, t // BLOCK_SIZE], t % BLOCK_SIZE
            k_cache[block, :, :, offset] = k[s][t]
            v_cache[block, :, offset] = v[s][t]
    return Sequences(q, k, v, k_cache, v_cache, tables)


def exact(
    seqs: Sequences, s: int, window: tuple[int, int] = CAUSAL, soft_cap: float = 0
) -> npt.NDArray[np.float64]:
    q = seqs.q[s].astype(np.float64)
    group = q.shape[1] // seqs.k[s].shape[1]
    k = np.repeat(seqs.k[s].astype(np.float64), group, axis=1)
    v = np.repeat(seqs.v[s].astype(np.float64), group, axis=1)
    scores = np.einsum("qhd,khd->hqk", q, k) * q.shape[2] ** -0.5
    if soft_cap:
        scores = soft_cap * np.tanh(scores / soft_cap)
    left, right = (len(q) if reach < 0 else reach for reach in window)
    distance = np.arange(len(q)) - np.arange(len(q))[:, None]
    scores = np.where((-left <= distance) & (distance <= right), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: npt.NDArray[np.float64] = np.einsum(
        "hqk,khd->qhd", weights / weights.sum(axis=-1, keepdims=True), v
    )
    return result


@pytest.mark.parametrize(
    ("heads", "kv_heads", "dim"), [(9, 3, 64), (4, 4, 16), (8, 1, 20), (7, 1, 3), (14, 2, 80), (2, 1, 512)]
)
def test_attention_matches_float64(
    kernels: Kernels, rng: np.random.Generator, heads: int, kv_heads: int, dim: int
) -> None:
    lengths = [1, 16, 17, 100, 300]
    seqs = make(rng, lengths, heads, kv_heads, dim)
    results = seqs.attend(kernels, [(s, 0, n) for s, n in enumerate(lengths)])
    for s in range(len(lengths)):
        assert np.abs(results[s] - exact(seqs, s)).max() < 1e-5


def test_attention_matches_float64_at_long_context(kernels: Kernels, rng: np.random.Generator) -> None:
    seqs = make(rng, [4100], 6, 2, 64)
    (result,) = seqs.attend(kernels, [(0, 4097, 4100)])
    scores = (
        np.einsum("qhgd,khd->qhgk", seqs.q[0][4097:].reshape(3, 2, 3, 64).astype(np.float64), seqs.k[0]) / 8
    )
    for row, position in enumerate(range(4097, 4100)):
        weights = np.exp(scores[row, ..., : position + 1])
        weights /= weights.sum(axis=-1, keepdims=True)
        expected = np.einsum("hgk,khd->hgd", weights, seqs.v[0][: position + 1]).reshape(6, 64)
        assert np.abs(result[row] - expected).max() < 1e-5


def test_attention_is_the_same_alone_in_chunks_and_in_company(
    kernels: Kernels, rng: np.random.Generator
) -> None:
    lengths = [600, 5, 270, 33]
    seqs = make(rng, lengths, 6, 2, 20)
    together = seqs.attend(kernels, [(s, 0, n) for s, n in enumerate(lengths)])
    for s, n in enumerate(lengths):
        (whole,) = seqs.attend(kernels, [(s, 0, n)])
        assert whole.tobytes() == together[s].tobytes()
    for size in (1, 7, 16, 250):
        for begin in range(0, 600, size if size > 1 else 37):
            end = min(begin + size, 600)
            chunk, other = seqs.attend(kernels, [(0, begin, end), (3, 32, 33)])
            assert chunk.tobytes() == together[0][begin:end].tobytes()
            assert other.tobytes() == together[3][32:].tobytes()


def test_attention_is_the_same_on_any_number_of_threads(native: Kernels, rng: np.random.Generator) -> None:
    seqs = make(rng, [1500, 700], 9, 3, 64)
    for parts in ([(0, 1499, 1500)], [(0, 1400, 1500)], [(0, 1499, 1500), (1, 690, 700)]):
        for window in (CAUSAL, (300, 0), (1300, 0)):
            results = set()
            for num_threads in (1, 2, 3, 5):
                native.set_num_threads(num_threads)
                outs = seqs.attend(native, parts, window)
                results.add(b"".join(out.tobytes() for out in outs))
            assert len(results) == 1


WINDOWS = [
    (-1, -1),
    (0, 0),
    (6, 0),
    (15, 0),
    (16, 0),
    (40, 0),
    (260, 0),
    (7, 9),
    (-1, 5),
    (300, -1),
    (64, 64),
]


@pytest.mark.parametrize("window", WINDOWS)
def test_attention_within_a_window_matches_float64(
    kernels: Kernels, rng: np.random.Generator, window: tuple[int, int]
) -> None:
    lengths = [1, 16, 17, 100, 600]
    seqs = make(rng, lengths, 6, 2, 20)
    results = seqs.attend(kernels, [(s, 0, n) for s, n in enumerate(lengths)], window)
    for s in range(len(lengths)):
        assert np.abs(results[s] - exact(seqs, s, window)).max() < 1e-5


@pytest.mark.parametrize("window", [CAUSAL, (20, 0), (-1, -1)])
@pytest.mark.parametrize("soft_cap", [0.5, 4.0, 50.0])
def test_attention_with_a_soft_cap_matches_float64(
    kernels: Kernels, rng: np.random.Generator, window: tuple[int, int], soft_cap: float
) -> None:
    seqs = make(rng, [7, 300], 4, 2, 16)
    seqs.q[1] *= 5
    results = seqs.attend(kernels, [(0, 0, 7), (1, 0, 300)], window, soft_cap)
    for s in range(2):
        assert np.abs(results[s] - exact(seqs, s, window, soft_cap)).max() < 1e-5


@pytest.mark.parametrize(("window", "soft_cap"), [((6, 0), 0), ((40, 0), 3.0), ((270, 0), 0)])
def test_sliding_attention_is_the_same_alone_in_chunks_and_in_company(
    kernels: Kernels, rng: np.random.Generator, window: tuple[int, int], soft_cap: float
) -> None:
    lengths = [600, 5, 270, 33]
    seqs = make(rng, lengths, 6, 2, 20)
    together = seqs.attend(kernels, [(s, 0, n) for s, n in enumerate(lengths)], window, soft_cap)
    for s, n in enumerate(lengths):
        (whole,) = seqs.attend(kernels, [(s, 0, n)], window, soft_cap)
        assert whole.tobytes() == together[s].tobytes()
    for size in (1, 7, 16, 250):
        for begin in range(0, 600, size if size > 1 else 37):
            end = min(begin + size, 600)
            chunk, other = seqs.attend(kernels, [(0, begin, end), (3, 32, 33)], window, soft_cap)
            assert chunk.tobytes() == together[0][begin:end].tobytes()
            assert other.tobytes() == together[3][32:].tobytes()


def test_attention_both_ways_is_the_same_alone_and_in_company(
    kernels: Kernels, rng: np.random.Generator
) -> None:
    lengths = [600, 5, 270, 33]
    seqs = make(rng, lengths, 6, 2, 20)
    for window in ((-1, -1), (30, 30)):
        together = seqs.attend(kernels, [(s, 0, n) for s, n in enumerate(lengths)], window)
        for s, n in enumerate(lengths):
            (alone,) = seqs.attend(kernels, [(s, 0, n)], window)
            assert alone.tobytes() == together[s].tobytes()


def test_attention_never_reads_blocks_outside_the_window(kernels: Kernels, rng: np.random.Generator) -> None:
    seqs = make(rng, [1000], 4, 2, 16)
    wanted = seqs.attend(kernels, [(0, 990, 1000)], (40, 0))[0].tobytes()
    outside = seqs.block_tables[0, : (990 - 40) // BLOCK_SIZE]
    seqs.k_cache[outside] = seqs.v_cache[outside] = np.nan
    assert seqs.attend(kernels, [(0, 990, 1000)], (40, 0))[0].tobytes() == wanted


def test_attention_never_weighs_values_outside_the_window(kernels: Kernels, rng: np.random.Generator) -> None:
    """Not even those in a block that it must read: 0 * infinity is not 0."""
    seqs = make(rng, [100], 4, 2, 16)
    wanted = seqs.attend(kernels, [(0, 99, 100)], (41, 0))[0].tobytes()
    block, offset = seqs.block_tables[0, 3], 99 - 42 - 3 * BLOCK_SIZE
    seqs.k_cache[block, ..., : offset + 1] = seqs.v_cache[block, :, : offset + 1] = np.inf
    assert seqs.attend(kernels, [(0, 99, 100)], (41, 0))[0].tobytes() == wanted


def test_attention_ignores_blocks_beyond_the_context(kernels: Kernels, rng: np.random.Generator) -> None:
    seqs = make(rng, [40], 2, 1, 16)
    (expected,) = seqs.attend(kernels, [(0, 0, 40)])
    seqs.block_tables = np.concatenate([seqs.block_tables, np.full((1, 5), -1, np.int32)], axis=1)
    assert seqs.attend(kernels, [(0, 0, 40)])[0].tobytes() == expected.tobytes()


def test_attention_reads_slices_of_a_fused_buffer(kernels: Kernels, rng: np.random.Generator) -> None:
    seqs = make(rng, [50], 4, 2, 16)
    (expected,) = seqs.attend(kernels, [(0, 0, 50)])
    fused = np.zeros((50, 8, 16), np.float32)
    fused[:, :4] = seqs.q[0]
    out = np.empty((50, 4, 16), np.float32)
    starts, lens = np.array([0, 50], np.int32), np.array([50], np.int32)
    kernels.paged_attention(
        fused[:, :4], seqs.k_cache, seqs.v_cache, seqs.block_tables, starts, lens, 0.25, CAUSAL, 0.0, out
    )
    assert out.tobytes() == expected.tobytes()


def test_attention_skips_sequences_without_queries(kernels: Kernels, rng: np.random.Generator) -> None:
    seqs = make(rng, [20, 30], 2, 1, 16)
    (expected,) = seqs.attend(kernels, [(1, 0, 30)])
    empty, result = seqs.attend(kernels, [(0, 20, 20), (1, 0, 30)])
    assert empty.shape == (0, 2, 16)
    assert result.tobytes() == expected.tobytes()


def test_attention_survives_huge_scores(kernels: Kernels, rng: np.random.Generator) -> None:
    seqs = make(rng, [300], 1, 1, 16)
    seqs.q[0] *= 1e4
    (result,) = seqs.attend(kernels, [(0, 0, 300)])
    assert np.abs(result - exact(seqs, 0)).max() < 2e-2  # scores near 1e4 have errors near 1e-3


# --- a cache in bf16 ---------------------------------------------------------------------------------------


def in_bf16(kernels: Kernels, seqs: Sequences) -> Sequences:
    """The same sequences in a bf16 cache of the kernels' own."""
    num_blocks, kv_heads, dim, _ = seqs.k_cache.shape
    k_cache = np.full((num_blocks, 2, kv_heads, dim, BLOCK_SIZE), 0x7FC0, np.uint16)[:, 1]
    v_cache = np.full((num_blocks, 2, kv_heads, BLOCK_SIZE, dim), 0x7FC0, np.uint16)[:, 1]
    for s, k in enumerate(seqs.k):
        block, offset = np.divmod(np.arange(len(k)), BLOCK_SIZE)
        slots = (seqs.block_tables[s][block] * BLOCK_SIZE + offset).astype(np.int32)
        kernels.write_kv(k, seqs.v[s], k_cache, v_cache, slots)
    return replace(seqs, k_cache=k_cache, v_cache=v_cache)


def rounded(values: F32) -> F32:
    bits = values.view(np.uint32)
    result: F32 = ((bits + 0x7FFF + (bits >> 16 & 1)) & np.uint32(0xFFFF0000)).view(np.float32)
    return result


@pytest.mark.parametrize(
    ("heads", "kv_heads", "dim"), [(9, 3, 64), (4, 4, 16), (8, 1, 20), (7, 1, 3), (14, 2, 80), (2, 1, 512)]
)
def test_bf16_cache_holds_rounded_keys_and_values(
    kernels: Kernels, rng: np.random.Generator, heads: int, kv_heads: int, dim: int
) -> None:
    lengths = [1, 16, 17, 100, 300]
    seqs = make(rng, lengths, heads, kv_heads, dim)
    results = in_bf16(kernels, seqs).attend(kernels, [(s, 0, n) for s, n in enumerate(lengths)])
    seqs.k, seqs.v = [rounded(k) for k in seqs.k], [rounded(v) for v in seqs.v]
    assert results[0].tobytes() == seqs.v[0].repeat(heads // kv_heads, axis=1).tobytes()
    for s in range(len(lengths)):
        assert np.abs(results[s] - exact(seqs, s)).max() < 1e-5


def test_bf16_cache_is_the_same_in_chunks_and_on_any_number_of_threads(
    kernels: Kernels, rng: np.random.Generator
) -> None:
    seqs = in_bf16(kernels, make(rng, [600, 33], 6, 2, 20))
    [whole] = seqs.attend(kernels, [(0, 0, 600)])
    for num_threads in (1, 3):
        kernels.set_num_threads(num_threads)
        for begin, end in ((0, 600), (7, 250), (250, 251), (599, 600)):
            chunk, _ = seqs.attend(kernels, [(0, begin, end), (1, 32, 33)])
            assert chunk.tobytes() == whole[begin:end].tobytes()


def test_bf16_cache_keeps_what_is_no_number(kernels: Kernels) -> None:
    k_cache, v_cache = np.zeros((1, 1, 16, 16), np.uint16), np.zeros((1, 1, 16, 16), np.uint16)
    v = np.zeros((1, 1, 16), np.float32)
    v[0, 0, :3] = np.array([0x7F800001, 0x7F800000, 0x7F7FFFFF], np.uint32).view(np.float32)
    kernels.write_kv(np.zeros_like(v), v, k_cache, v_cache, np.zeros(1, np.int32))
    out, one = np.empty_like(v), np.ones(1, np.int32)
    tables, starts = np.zeros((1, 1), np.int32), np.array([0, 1], np.int32)
    kernels.paged_attention(np.zeros_like(v), k_cache, v_cache, tables, starts, one, 1.0, (-1, 0), 0.0, out)
    assert np.isnan(out[0, 0, 0])
    assert np.isposinf(out[0, 0, 1:3]).all()
    assert not out[0, 0, 3:].any()


def test_caches_of_two_dtypes_are_refused(native: Kernels) -> None:
    k, v = np.zeros((1, 1, 16, 16), np.uint16), np.zeros((1, 1, 16, 16), np.float32)
    x = np.zeros((1, 1, 16), np.float32)
    with pytest.raises(TypeError, match="v_cache must be uint16"):
        native.write_kv(x, x, k, v, np.zeros(1, np.int32))
