"""Authenticate with a key, and get one whole answer."""

from martlet import OpenAI

client = OpenAI(
    api_key="sk-vllm-secret-key",  # Must match server's --api-key
    base_url="http://localhost:8000/v1",
)

# API calls now include authentication header
response = client.chat.completions.create(
    model="meta-llama/Llama-3.2-1B-Instruct",
    messages=[{"role": "user", "content": "Hello!"}],
)

print(f"Q: Hello!\nA: {response.choices[0].message.content}")
