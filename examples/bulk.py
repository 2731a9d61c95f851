"""Ask a hundred questions at once. Thousands may be in flight: nothing has to be set or queued."""

import asyncio
import time

from martlet import AsyncOpenAI

SUMS = [(a, b) for a in range(11, 61, 5) for b in range(3, 43, 4)]


async def main() -> None:
    async with AsyncOpenAI(base_url="http://localhost:8000/v1", api_key="EMPTY") as client:
        model = (await client.models.list()).data[0].id

        async def add(a: int, b: int) -> tuple[bool, int]:
            reply = await client.chat.completions.create(
                model=model,
                messages=[{"role": "user", "content": f"What is {a} + {b}?"}],
                max_tokens=40,
                temperature=0,
            )
            assert reply.usage is not None
            return str(a + b) in (reply.choices[0].message.content or ""), reply.usage.completion_tokens

        started = time.perf_counter()
        results = await asyncio.gather(*[add(a, b) for a, b in SUMS])
        seconds = time.perf_counter() - started

    right = sum(is_right for is_right, _ in results)
    tokens = sum(num_tokens for _, num_tokens in results)
    print(f"{len(results)} answers in {seconds:.2f} s, {tokens / seconds:.0f} tokens per second")
    print(f"{right} of {len(results)} sums are right")


asyncio.run(main())
