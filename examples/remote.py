"""Talk to a remote server over TLS, with more patience."""

from martlet import OpenAI

# Connect to remote vLLM deployment
client = OpenAI(
    api_key="production-api-key",
    base_url="https://vllm.example.com/v1",
    timeout=120.0,  # Longer timeout for large requests
    max_retries=3,
)

stream = client.chat.completions.create(
    model="meta-llama/Llama-3.2-1B-Instruct",
    messages=[{"role": "user", "content": "Write a haiku."}],
    stream=True,
)
print("Q: Write a haiku.\nA: ", end="")
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
