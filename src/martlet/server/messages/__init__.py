"""/v1/messages, over the chat path: a message is a conversation that is written in Anthropic's form.

request   the request -> a chat request
writer    chunks of the chat reply -> events, and the message that they make up
handlers  the endpoints
"""
