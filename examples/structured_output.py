"""Get an object of your own type instead of text: the server holds the model to the type's JSON schema."""

from dataclasses import dataclass
from typing import Literal

from martlet import OpenAI


@dataclass
class Pet:
    species: Literal["cat", "dog", "bird"]
    color: Literal["black", "white", "brown"]
    age: int
    vaccinated: bool


client = OpenAI(base_url="http://localhost:8000/v1", api_key="EMPTY")
text = "Luna is a black cat, 4 years old and is vaccinated."
completion = client.chat.completions.parse(
    model=client.models.list().data[0].id,
    messages=[
        {"role": "user", "content": f"{text}\nReply in JSON with the keys species, color, age, vaccinated."}
    ],
    response_format=Pet,
    temperature=0,
)
pet = completion.choices[0].message.parsed
assert pet is not None
print(f"Q: {text}")
print(f"A: {pet}")
print(f"a {pet.color} {pet.species}, {pet.age + 1} next year")
