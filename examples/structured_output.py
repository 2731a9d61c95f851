"""Get an object of your own type instead of text: the server holds the model to the type's JSON schema."""

from dataclasses import dataclass
from typing import Literal

from martlet import OpenAI


@dataclass
class Order:
    drink: Literal["tea", "coffee", "water"]
    size: Literal["small", "large"]
    cups: int


client = OpenAI(base_url="http://localhost:8000/v1", api_key="EMPTY")
question = "Please bring 3 cups of coffee, size large. Answer in JSON with the keys drink, size and cups."
completion = client.chat.completions.parse(
    model=client.models.list().data[0].id,
    messages=[{"role": "user", "content": question}],
    response_format=Order,
    temperature=0,
)
order = completion.choices[0].message.parsed
assert order is not None
print(f"Q: {question}")
print(f"A: {order}")
print(f"{order.cups} x {order.drink}, {order.size}")
