"""Connect to a server on this machine, list its models, and stream an answer."""

from martlet import OpenAI

# Connect to local vLLM server (no authentication)
client = OpenAI(
    api_key="EMPTY",
    base_url="http://localhost:8000/v1",
)

# Verify connection
models = client.models.list()
print(f"Available models: {[m.id for m in models.data]}")

# Ask the first of them
stream = client.chat.completions.create(
    model=models.data[0].id,
    messages=[{"role": "user", "content": "Hello! Who are you?"}],
    stream=True,
)
print("Q: Hello! Who are you?\nA: ", end="")
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
