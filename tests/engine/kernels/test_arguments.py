"""A wrong argument is an exception that names it, never a stray read or write."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from martlet.engine.kernels import Kernels, load


def zeros(*shape: int, dtype: Any = np.float32) -> Any:
    return np.zeros(shape, dtype)


def int32(*values: int) -> Any:
    return np.array(values, np.int32)


def read_only(array: Any) -> Any:
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    ("x", "out", "error", "match"),
    [
        (zeros(2, 11), zeros(2, 20), ValueError, "x must have 10 along axis 1, got 11"),
        (zeros(2, 10), zeros(3, 20), ValueError, "out must have 2 along axis 0, got 3"),
        (zeros(2, 10), zeros(2, 19), ValueError, "out must have 20 along axis 1"),
        (zeros(10), zeros(2, 20), ValueError, "x must have 2 dimensions, got 1"),
        (zeros(2, 10, dtype=np.float64), zeros(2, 20), TypeError, "x must be float32, got format 'd'"),
        (zeros(2, 10), zeros(2, 20, dtype=np.float16), TypeError, "out must be float32"),
        (zeros(2, 20)[:, ::2], zeros(2, 20), ValueError, "x must be contiguous along its axis 1"),
        (zeros(2, 10)[::-1], zeros(2, 20), ValueError, "rows of x must lie one after another"),
        (zeros(2, 10), zeros(2, 40)[:, ::2], ValueError, "out must be contiguous along its axis 1"),
        (zeros(2, 10), zeros(2, 20)[::-1], ValueError, "rows of out must lie one after another"),
        (zeros(2, 10), zeros(20, 2).T, ValueError, "out must be contiguous"),
        (zeros(2, 10), read_only(zeros(2, 20)), ValueError, "read-only"),
        ([[0.0] * 10] * 2, zeros(2, 20), TypeError, "bytes-like"),
    ],
)
def test_linear_refuses(native: Kernels, x: Any, out: Any, error: type[Exception], match: str) -> None:
    weight = native.pack(zeros(20, 10))
    with pytest.raises(error, match=match):
        native.linear(x, weight, out)


def test_linear_refuses_overlapping_arrays(native: Kernels) -> None:
    weight, both = native.pack(zeros(10, 10)), zeros(4, 10)
    with pytest.raises(ValueError, match="overlap"):
        native.linear(both, weight, both)
    wide = zeros(4, 20)
    with pytest.raises(ValueError, match="overlap"):
        native.linear_add(wide[:, :10], weight, wide[:, 10:])


@pytest.mark.parametrize(
    ("rows", "x", "out", "match"),
    [
        (48, zeros(2, 10), zeros(2, 24), "weight must have a multiple of 32 rows"),
        (64, zeros(2, 11), zeros(2, 32), "x must have 10 along axis 1, got 11"),
        (64, zeros(2, 10), zeros(2, 64), "out must have 32 along axis 1, got 64"),
        (64, zeros(2, 10), zeros(3, 32), "out must have 2 along axis 0, got 3"),
    ],
)
def test_gated_product_refuses(native: Kernels, rows: int, x: Any, out: Any, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        native.linear_activate_mul(x, native.pack(zeros(rows, 10)), "silu", out)


def test_weights_belong_to_their_kernels(kernels: Kernels) -> None:
    class Foreign:
        rows, cols, dtype, nbytes = 5, 4, "f32", 80

    with pytest.raises(TypeError, match="packed by other kernels"):
        kernels.linear(zeros(1, 4), Foreign(), zeros(1, 5))  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize(
    ("shapes", "starts", "problem"),
    [
        ([], [0], "there must be weights"),
        ([(4, 3)], [0, 3], "from 0 to x's rows"),
        ([(4, 3)], [1, 2], "from 0 to x's rows"),
        ([(4, 3)], [0, 1, 2], "starts must have 2"),
        ([(4, 3)] * 3, [0, 2, 1, 2], "must not fall"),
        ([(4, 3)] * 3, [0, -1, 1, 2], "must not fall"),
        ([(4, 3), (5, 3)], [0, 1, 2], "alike in shape"),
    ],
)
def test_runs_that_do_not_fit_are_refused(
    kernels: Kernels, shapes: list[tuple[int, int]], starts: list[int], problem: str
) -> None:
    weights = [kernels.pack(np.ones(shape, np.float32)) for shape in shapes]
    x, out = np.ones((2, 3), np.float32), np.zeros((2, 4), np.float32)
    with pytest.raises(ValueError, match=problem):
        kernels.linear_runs(x, weights, np.array(starts, np.int32), out)
    assert (out == 0).all()


def test_unaligned_arrays_are_refused(native: Kernels) -> None:
    weight = native.pack(zeros(20, 10))
    x = np.frombuffer(bytearray(85), np.uint8)[1:81].view(np.float32).reshape(2, 10)
    with pytest.raises(ValueError, match="x must be aligned"):
        native.linear(x, weight, zeros(2, 20))


@pytest.mark.parametrize(
    ("w", "dtype"),
    [
        (zeros(4, 4, dtype=np.uint16), None),
        (zeros(4, 4, dtype=np.uint16), "f32"),
        (zeros(4, 4), "bf16"),
        (zeros(4, 4, dtype=np.float64), None),
        (zeros(4, 4, dtype=np.int8), None),
    ],
)
def test_pack_refuses_other_dtypes(kernels: Kernels, w: Any, dtype: Any) -> None:
    with pytest.raises(TypeError, match="cannot read an array"):
        kernels.pack(w, dtype)


@pytest.mark.parametrize("bad", [-1, 20, 2**31 - 1, -(2**31)])
def test_indices_out_of_range_are_refused(kernels: Kernels, bad: int) -> None:
    with pytest.raises(IndexError, match="token_ids"):
        kernels.embed(kernels.pack(zeros(20, 4)), int32(0, bad), zeros(2, 4))
    with pytest.raises(IndexError, match="positions"):
        kernels.rope(zeros(2, 1, 4), zeros(20, 4), int32(bad, 0))
    if bad != 20:
        with pytest.raises(IndexError, match="slot_mapping"):
            kernels.write_kv(
                zeros(1, 1, 4), zeros(1, 1, 4), zeros(2, 1, 4, 16), zeros(2, 1, 16, 4), int32(bad)
            )
    with pytest.raises(IndexError, match="block_tables"):
        attend(kernels, block_tables=int32(0, bad).reshape(1, 2))


def attend(kernels: Kernels, **changes: Any) -> None:
    arguments = {
        "q": zeros(3, 4, 8),
        "k_cache": zeros(5, 2, 8, 16),
        "v_cache": zeros(5, 2, 16, 8),
        "block_tables": int32(1, 2).reshape(1, 2),
        "query_start": int32(0, 3),
        "context_lens": int32(20),
        "scale": 1.0,
        "window": (-1, 0),
        "soft_cap": 0.0,
        "out": zeros(3, 4, 8),
    } | changes
    kernels.paged_attention(*arguments.values())


def test_attention_accepts_what_the_other_tests_change(kernels: Kernels) -> None:
    attend(kernels)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"context_lens": int32(2)}, "less than"),
        ({"context_lens": int32(33)}, "too short"),
        ({"query_start": int32(0, 2)}, "query_start"),
        ({"query_start": int32(1, 3)}, "query_start"),
        ({"query_start": int32(0, 1, 3)}, "query_start"),
        ({"q": zeros(3, 3, 8), "out": zeros(3, 3, 8)}, "multiple"),
        ({"q": zeros(3, 4, 9)}, "q must have 8"),
        ({"v_cache": zeros(5, 2, 8, 16)}, "v_cache"),
        ({"k_cache": zeros(5, 2, 8, 8), "v_cache": zeros(5, 2, 8, 8)}, "block_size"),
        ({"k_cache": zeros(5, 2, 2, 8, 16)[:, 0]}, "far apart"),
        ({"out": zeros(3, 4, 9)}, "out must have 8"),
        ({"window": (-2, 0)}, "window must be"),
        ({"window": (0, -2)}, "window must be"),
        ({"soft_cap": -1.0}, "soft_cap must be"),
    ],
)
def test_attention_refuses(native: Kernels, changes: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        attend(native, **changes)


@pytest.mark.parametrize("window", [None, (1,), [1, 0], (0.5, 0)])
def test_attention_refuses_windows_that_are_no_pairs(native: Kernels, window: Any) -> None:
    with pytest.raises(TypeError):
        attend(native, window=window)


def test_activations_are_called_by_known_names(kernels: Kernels) -> None:
    unknown: Any = "swish"
    with pytest.raises((ValueError, KeyError), match="swish"):
        kernels.activate(zeros(1, 4), unknown, zeros(1, 4))
    with pytest.raises((ValueError, KeyError), match="swish"):
        kernels.activate_mul(zeros(1, 8), unknown, zeros(1, 4))


def test_activations_refuse_what_does_not_fit(native: Kernels) -> None:
    not_a_name: Any = 3
    with pytest.raises(TypeError, match="activation must be a str, got int"):
        native.activate(zeros(1, 4), not_a_name, zeros(1, 4))
    with pytest.raises(ValueError, match="x must have 8"):
        native.activate_mul(zeros(1, 4), "silu", zeros(1, 4))
    with pytest.raises(ValueError, match="x must have 4"):
        native.activate(zeros(1, 8), "silu", zeros(1, 4))
    both = zeros(1, 8)
    with pytest.raises(ValueError, match="overlap"):
        native.activate_mul(both, "silu", both[:, :4])


def test_norms_refuse_what_does_not_fit(native: Kernels) -> None:
    with pytest.raises(ValueError, match="weight must have 4"):
        native.rms_norm_heads(zeros(2, 3, 4), zeros(3), 1e-5)
    with pytest.raises(ValueError, match="bias must have 4"):
        native.layer_norm(zeros(2, 4), zeros(4), zeros(3), 1e-5, zeros(2, 4))
    with pytest.raises(ValueError, match="out must have 4"):
        native.layer_norm(zeros(2, 4), zeros(4), None, 1e-5, zeros(2, 5))


def test_soft_cap_refuses_caps_that_are_none(kernels: Kernels) -> None:
    with pytest.raises(ValueError, match="cap must be above 0"):
        kernels.soft_cap(zeros(1, 4), 0.0)


def test_attention_refuses_queries_that_run_backwards(native: Kernels) -> None:
    with pytest.raises(ValueError, match=r"context_lens\[1\] is 20, less than its -2147483653 queries"):
        attend(
            native,
            block_tables=np.ones((3, 2), np.int32),
            query_start=int32(0, 5, -(2**31), 3),
            context_lens=int32(20, 20, 20),
        )


def test_calls_with_missing_arguments_are_refused(native: Kernels) -> None:
    for name, count in {
        "linear": 3,
        "embed": 3,
        "rms_norm": 4,
        "rope": 3,
        "write_kv": 5,
        "rms_norm_heads": 3,
        "layer_norm": 5,
        "activate": 3,
        "activate_mul": 3,
        "soft_cap": 2,
        "paged_attention": 10,
    }.items():
        with pytest.raises(TypeError, match=rf"{name}\(\) takes {count} arguments, got 1"):
            getattr(native, name)(zeros(1, 1))


def test_unknown_kernels_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"no kernels named 'sse9' here; available: .*reference"):
        load("sse9")
    monkeypatch.setenv("MARTLET_KERNELS", "vax")
    with pytest.raises(ValueError, match="no kernels named 'vax'"):
        load()


def test_environment_chooses_kernels_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARTLET_KERNELS", "reference")
    assert load().name == "reference"
    monkeypatch.delenv("MARTLET_KERNELS")
    assert load("reference").name == "reference"


@pytest.mark.parametrize("count", [0, -1])
def test_thread_counts_below_one_are_refused(kernels: Kernels, count: int) -> None:
    with pytest.raises(ValueError, match="num_threads must be at least 1"):
        kernels.set_num_threads(count)
    with pytest.raises(ValueError, match="num_threads must be at least 1"):
        load(kernels.name, count)
