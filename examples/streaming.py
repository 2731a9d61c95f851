"""Show an answer as it is written, and how fast it came. A stream that breaks off is an error."""

import time

from martlet import OpenAI, StreamInterrupted

client = OpenAI(base_url="http://localhost:8000/v1", api_key="EMPTY")
model = client.models.list().data[0].id

started = time.perf_counter()
first_token_s = 0.0
print("Q: What is AI?\nA: ", end="")
try:
    with client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": "What is AI?"}],
        stream=True,
        stream_options={"include_usage": True},
    ) as stream:
        for chunk in stream:
            if chunk.choices:  # the last chunk has none: it tells the usage
                first_token_s = first_token_s or time.perf_counter() - started
                print(chunk.choices[0].delta.content or "", end="", flush=True)
            if chunk.usage:
                tokens = chunk.usage.completion_tokens
except StreamInterrupted as error:
    raise SystemExit(f"\nbroke off after {error.num_events} events: {error}") from error
rate = tokens / (time.perf_counter() - started - first_token_s)
print(f"\n{tokens} tokens; the first after {first_token_s * 1000:.0f} ms, then {rate:.0f} per second")
