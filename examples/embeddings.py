"""Find the text that is closest to a question. The server: `martlet serve --convert embed --port 8001`."""

import math

from martlet import OpenAI

client = OpenAI(base_url="http://localhost:8001/v1", api_key="EMPTY")
texts = [
    "The weather in Paris is sunny today.",
    "Steps to change your password.",
    "Cats sleep most of the day.",
]
question = "How do I change my password?"

reply = client.embeddings.create(model=client.models.list().data[0].id, input=[question, *texts])
vectors = [item.embedding for item in reply.data]


def closeness(a: list[float], b: list[float]) -> float:
    """The cosine of the angle between two vectors: 1 for the same direction."""
    dot = sum(x * y for x, y in zip(a, b))
    return dot / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))


scores = [closeness(vectors[0], vector) for vector in vectors[1:]]
print(f"Q: {question}")
for score, text in sorted(zip(scores, texts), reverse=True):
    print(f"{score:6.2f}  {text}")
