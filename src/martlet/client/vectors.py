"""Vectors as bare bytes: vLLM's answer to `encoding_format="bytes"`, described by its `metadata` header."""

from __future__ import annotations

import json
import math
import struct
import sys
from array import array
from binascii import b2a_base64
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

from martlet.client.failures import reply_error
from martlet.protocol.base import construct
from martlet.protocol.embeddings import CreateEmbeddingResponse
from martlet.protocol.pooling import PoolingResponse

if TYPE_CHECKING:
    from martlet.client.replies import Reply

WIDTHS = {"float32": 4, "float16": 2, "bfloat16": 2, "fp8_e4m3": 1, "fp8_e5m2": 1}
"""Bytes of one number, by vLLM's `embed_dtype`."""


def is_described(reply: Reply) -> bool:
    """Whether the body is numbers whose meaning a header tells."""
    return reply.header("metadata") is not None


def embeddings(reply: Reply) -> CreateEmbeddingResponse:
    """The reply as its JSON form would have been. Raises APIResponseValidationError."""
    about, items = _read(reply)
    data = [
        {
            "index": item["index"],
            "object": "embedding",
            "embedding": b2a_base64(_packed(numbers)).decode()[:-1],
        }
        for item, numbers in items
    ]
    model = construct(CreateEmbeddingResponse, {**about, "object": "list", "data": data})
    for embedding in model.data:
        embedding.pack()
    model._request_id = reply.header("x-request-id")
    return model


def pooling(reply: Reply) -> PoolingResponse:
    """As `embeddings`, of /pooling: each item a vector, or one per token."""
    about, items = _read(reply)
    data = [
        {"index": item["index"], "object": "pooling", "data": _nested(numbers.tolist(), item["shape"])}
        for item, numbers in items
    ]
    model = construct(PoolingResponse, {**about, "object": "list", "data": data})
    model._request_id = reply.header("x-request-id")
    return model


def _read(reply: Reply) -> tuple[dict[str, Any], list[tuple[dict[str, Any], array[float]]]]:
    try:
        about = json.loads(reply.header("metadata") or "")
        return about, list(_items(about["data"], reply.body))
    except (ValueError, KeyError, TypeError, struct.error) as error:
        raise reply_error(reply, "numbers as their `metadata` header tells", str(error)) from error


def _items(described: list[dict[str, Any]], body: bytes) -> Iterator[tuple[dict[str, Any], array[float]]]:
    for item in described:
        start, end, dtype = item["start"], item["end"], item["embed_dtype"]
        num_bytes = math.prod(item["shape"]) * WIDTHS[dtype]
        if not 0 <= start <= end <= len(body) or end - start != num_bytes:
            raise ValueError(f"{len(body)} bytes do not hold {item['shape']} of {dtype} at {start} to {end}")
        yield item, decode_numbers(body[start:end], dtype, item["endianness"])


def decode_numbers(data: bytes, dtype: str, endianness: str) -> array[float]:
    """Numbers of one of vLLM's types. `native` is the server's order: little-endian wherever vLLM runs."""
    if endianness == "big":
        data = _swapped(data, WIDTHS[dtype])
    if dtype == "float32":
        return _float32(data)
    if dtype == "bfloat16":  # the upper half of a float32
        return _float32(_spread(data, 2))
    if dtype == "float16":
        return array("f", struct.unpack(f"<{len(data) // 2}e", data))
    if dtype == "fp8_e5m2":  # the upper half of a float16
        return array("f", struct.unpack(f"<{len(data)}e", _spread(data, 1)))
    table = _e4m3()
    return array("f", [table[byte] for byte in data])


def _swapped(data: bytes, width: int) -> bytes:
    swapped = bytearray(len(data))
    for place in range(width):
        swapped[place::width] = data[width - 1 - place :: width]
    return bytes(swapped)


def _spread(data: bytes, width: int) -> bytes:
    """Each `width` bytes with as many zeros before them."""
    spread = bytearray(2 * len(data))
    for place in range(width):
        spread[width + place :: 2 * width] = data[place::width]
    return bytes(spread)


def _float32(data: bytes) -> array[float]:
    numbers = array("f", data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


@cache
def _e4m3() -> list[float]:
    """Every value of fp8_e4m3fn: 4 bits of exponent with bias 7, 3 of mantissa, no infinity, one NaN."""
    values = []
    for sign, exponent, mantissa in product((1.0, -1.0), range(16), range(8)):
        if exponent == 15 and mantissa == 7:
            values.append(math.nan)
        elif exponent == 0:
            values.append(sign * mantissa * 2.0**-9)
        else:
            values.append(sign * (8 + mantissa) * 2.0 ** (exponent - 10))
    return values


def _packed(numbers: array[float]) -> bytes:
    """As little-endian float32."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def _nested(numbers: list[float], shape: list[int]) -> Any:
    if len(shape) < 2:
        return numbers
    size = math.prod(shape[1:])
    return [_nested(numbers[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0])]
