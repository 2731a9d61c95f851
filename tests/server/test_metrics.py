"""The metrics page tells the truth, under vLLM's names."""

from __future__ import annotations

import re

import pytest

from martlet.server.metrics import Histogram, token_buckets
from tests.server.wire import call, chat, complete
from tests.servers import FIXTURES, TINY_LLAMA, ServerProcess, start_server


def figures(text: str) -> dict[str, float]:
    """Series without their engine and model labels."""
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            name = name.replace('engine="0",', "").replace('model_name="tiny"', "")
            found[name.replace(",}", "}").replace("{,", "{").replace("{}", "")] = float(value)
    return found


def test_counts_are_exact() -> None:
    with start_server(str(TINY_LLAMA), "--served-model-name", "tiny") as server:
        answers = [chat(server, max_tokens=5) for _ in range(2)]
        for _ in range(2):
            chat(server, max_tokens=5, stream=True)
        complete(server, prompt=[5, 6, 7], n=3, temperature=1, max_tokens=4)
        answer = call(server, "GET", "/metrics")
    found = figures(answer.body.decode())
    bodies = [answer.body for answer in answers]
    prompt_tokens = 4 * answers[0].json["usage"]["prompt_tokens"]
    assert answer.headers["content-type"] == "text/plain; version=1.0.0; charset=utf-8"
    assert found["vllm:generation_tokens_total"] == 4 * 5 + 3 * 4
    assert found["vllm:prompt_tokens_total"] == prompt_tokens + 3 * 3
    assert found['vllm:request_success_total{finished_reason="length"}'] == 7
    assert found['vllm:request_success_total{finished_reason="abort"}'] == 0
    assert found["vllm:time_to_first_token_seconds_count"] == 7
    assert found["vllm:inter_token_latency_seconds_count"] == 4 * 4 + 3 * 3
    assert found["vllm:e2e_request_latency_seconds_count"] == 7
    assert found["vllm:request_generation_tokens_sum"] == 4 * 5 + 3 * 4
    assert found["vllm:request_params_n_sum"] == 4 * 1 + 3
    for name in ("queue_time_seconds", "prefill_time_seconds", "decode_time_seconds", "num_preemptions"):
        assert found[f"vllm:request_{name}_count"] == 7
    assert found["vllm:request_max_num_generation_tokens_count"] == 5
    assert found["vllm:request_max_num_generation_tokens_sum"] == 4 * 5 + 4
    assert found["vllm:request_prefill_kv_computed_tokens_sum"] == (
        prompt_tokens + 3 * 3 - found["vllm:prompt_tokens_cached_total"]
    )
    parts = [found[f"vllm:request_{part}_time_seconds_sum"] for part in ("queue", "prefill", "decode")]
    whole = found["vllm:e2e_request_latency_seconds_sum"]
    assert min(parts) >= 0
    assert sum(parts) == pytest.approx(whole, rel=1e-6)
    assert found["vllm:request_inference_time_seconds_sum"] == pytest.approx(sum(parts[1:]), rel=1e-6)
    sizes = 'handler="/v1/chat/completions"'
    assert found[f"http_request_size_bytes_count{{{sizes}}}"] == 4
    assert found[f"http_response_size_bytes_sum{{{sizes}}}"] == sum(map(len, bodies))
    assert found["vllm:num_requests_running"] == found["vllm:num_requests_waiting"] == 0
    assert found["vllm:kv_cache_usage_perc"] == 0
    assert found['http_requests_total{handler="/v1/chat/completions",method="POST",status="2xx"}'] == 4
    assert "process_resident_memory_bytes" in found


NOT_HERE = re.compile(r"vllm:estimated_\w+_per_gpu_(total|created)")
"""What a graphics card could do."""


def test_page_has_every_name_of_vllms(tiny: ServerProcess) -> None:
    chat(tiny, max_tokens=2)
    page = call(tiny, "GET", "/metrics").body.decode()
    names = re.compile(r"^(?:vllm:|http_)\w+", re.MULTILINE)
    theirs = set(names.findall((FIXTURES / "vllm-metrics.txt").read_text()))
    assert {name for name in theirs if not NOT_HERE.fullmatch(name)} <= set(names.findall(page))


def test_cached_prompts_are_counted_and_told() -> None:
    prompt = list(range(5, 45))
    with start_server(
        str(TINY_LLAMA), "--served-model-name", "tiny", "--enable-prompt-tokens-details"
    ) as server:
        replies = [
            complete(server, prompt=prompt, max_tokens=2, cache_salt=salt) for salt in ("a", "a", None, "b")
        ]
        found = figures(call(server, "GET", "/metrics").body.decode())
    details = [reply.json["usage"]["prompt_tokens_details"] for reply in replies]
    assert [detail["cached_tokens"] for detail in details] == [0, 32, 0, 0]
    assert all("x-martlet-ignored" not in reply.headers for reply in replies)
    assert len({reply.json["choices"][0]["text"] for reply in replies}) == 1
    assert found["vllm:prefix_cache_queries_total"] == found["vllm:prompt_tokens_total"] == 4 * 40
    assert found["vllm:prefix_cache_hits_total"] == found["vllm:prompt_tokens_cached_total"] == 32
    assert found['vllm:prompt_tokens_by_source_total{source="local_compute"}'] == 4 * 40 - 32
    assert found['vllm:prompt_tokens_by_source_total{source="local_cache_hit"}'] == 32


def test_guesses_are_counted() -> None:
    config = (
        '{"method": "ngram", "num_speculative_tokens": 3, "prompt_lookup_max": 2, "prompt_lookup_min": 1}'
    )
    arguments = (str(TINY_LLAMA), "--served-model-name", "tiny")
    request = {"prompt": [5, 6, 7] * 6, "max_tokens": 40, "temperature": 0, "ignore_eos": True, "logprobs": 1}
    with start_server(*arguments, "--speculative-config", config) as server:
        guessed = complete(server, **request).json
        found = figures(call(server, "GET", "/metrics").body.decode())
    with start_server(*arguments) as server:
        plain = complete(server, **request).json
        assert "spec_decode" not in call(server, "GET", "/metrics").body.decode()
    assert guessed["choices"] == plain["choices"]
    name = "vllm:spec_decode_num_accepted_tokens"
    places = [found[f'{name}_per_pos_total{{position="{place}"}}'] for place in range(3)]
    assert found[f"{name}_total"] == sum(places)
    assert found["vllm:spec_decode_num_draft_tokens_total"] >= max(sum(places), 1)
    assert found["vllm:spec_decode_num_drafts_total"] >= places[0]


def test_caching_switched_off_finds_nothing() -> None:
    with start_server(str(TINY_LLAMA), "--served-model-name", "tiny", "--no-enable-prefix-caching") as server:
        for _ in range(2):
            complete(server, prompt=list(range(5, 45)), max_tokens=2)
        found = figures(call(server, "GET", "/metrics").body.decode())
    assert found["vllm:prefix_cache_queries_total"] == found["vllm:prefix_cache_hits_total"] == 0


@pytest.mark.parametrize(("value", "le"), [(0.5, 1.0), (1.0, 1.0), (1.5, 2.0), (9.0, float("inf"))])
def test_histogram_counts_up_to_its_bound(value: float, le: float) -> None:
    histogram = Histogram([1.0, 2.0])
    histogram.observe(value)
    counts = {float(bound): count for bound, count in histogram.cumulative()}
    assert {bound for bound, count in counts.items() if count} == {bound for bound in counts if bound >= le}
    assert histogram.total == value


def test_token_buckets_end_at_the_context() -> None:
    assert token_buckets(60) == [1, 2, 5, 10, 20, 50]
    assert token_buckets(50) == [1, 2, 5, 10, 20, 50]
