"""/v1/responses, over the chat path: a response is a conversation that is written in another form.

conversation  items, tools and choices of a request -> what chat knows of them
request       the whole request -> a chat request
writer        chunks of the chat reply -> events, and the response that they make up
archive       responses that were kept, with their input
jobs          responses that are made in the background
handlers      the endpoints
"""
