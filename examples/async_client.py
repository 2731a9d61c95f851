"""Run several requests at once with the async client."""

import asyncio

from martlet import AsyncOpenAI

# Async client for concurrent requests
client = AsyncOpenAI(
    api_key="EMPTY",
    base_url="http://localhost:8000/v1",
)


async def generate(prompt: str) -> str | None:
    response = await client.chat.completions.create(
        model="meta-llama/Llama-3.2-1B-Instruct",
        messages=[{"role": "user", "content": prompt}],
    )
    return response.choices[0].message.content


# Run multiple requests concurrently
async def main() -> None:
    prompts = ["Hello!", "What is AI?", "Write a haiku."]
    results = await asyncio.gather(*[generate(p) for p in prompts])
    for prompt, result in zip(prompts, results):
        print(f"Q: {prompt}\nA: {result}\n")


asyncio.run(main())
