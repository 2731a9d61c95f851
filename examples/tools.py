"""Let the model call a Python function, and answer from what the function returns."""

import json
from typing import Any

from martlet import OpenAI
from martlet.types.chat import ChatCompletionToolParam

DEGREES = {"Paris": 21, "Rome": 27, "Oslo": 12}


def get_weather(city: str) -> str:
    return json.dumps({"temperature": DEGREES[city], "condition": "sunny"})


city = {"type": "string", "enum": list(DEGREES)}
weather_tool: ChatCompletionToolParam = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the current weather in a city.",
        "parameters": {"type": "object", "properties": {"city": city}, "required": ["city"]},
    },
}
client = OpenAI(base_url="http://localhost:8000/v1", api_key="EMPTY")
model = client.models.list().data[0].id
messages: list[Any] = [{"role": "user", "content": "What is the weather in Rome?"}]
print(f"Q: {messages[0]['content']}")

# "required" holds the output to a call. With "auto", the default, the model decides.
request: dict[str, Any] = {"model": model, "tools": [weather_tool], "temperature": 0}
reply = client.chat.completions.create(messages=messages, tool_choice="required", **request)
messages.append(reply.choices[0].message)
for call in reply.choices[0].message.tool_calls or []:
    result = get_weather(**json.loads(call.function.arguments))
    print(f"{call.function.name}({call.function.arguments}) returns {result}")
    messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
answer = client.chat.completions.create(messages=messages, tool_choice="none", **request)
print(f"A: {answer.choices[0].message.content}")
