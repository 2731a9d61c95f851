"""The wire: one msgspec Struct per JSON object, shared by client and server. No I/O.

base         what all replies have in common; decoding of replies
common       usage, log probabilities, output constraints: objects that several APIs share
chat         /v1/chat/completions
completions  /v1/completions
models       /v1/models, /version
tokenize     /tokenize, /detokenize
errors       the error envelope; decoding of requests
sse          server-sent events: push parser, frame writers
params       keyword parameters of the client's calls, as TypedDicts

Nothing is imported here: `import martlet.protocol` costs nothing, and a program loads only what it uses.
"""
