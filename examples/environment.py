"""Configure the client through environment variables; talk over two turns."""

import os

from martlet import OpenAI
from martlet.types.chat import ChatCompletionMessageParam

# Set environment variables (recommended for production)
os.environ["OPENAI_API_KEY"] = "sk-vllm-key"
os.environ["OPENAI_BASE_URL"] = "http://vllm-server:8000/v1"

# Client reads from environment automatically
client = OpenAI()  # No explicit configuration needed

messages: list[ChatCompletionMessageParam] = []
for question in ["What is the capital of France?", "And of Italy?"]:
    messages.append({"role": "user", "content": question})
    print(f"Q: {question}\nA: ", end="")
    answer = ""
    for chunk in client.chat.completions.create(
        model="meta-llama/Llama-3.2-1B-Instruct",
        messages=messages,
        stream=True,
    ):
        if chunk.choices:
            piece = chunk.choices[0].delta.content or ""
            answer += piece
            print(piece, end="", flush=True)
    messages.append({"role": "assistant", "content": answer})
    print()
