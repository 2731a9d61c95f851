"""The wire: one msgspec Struct per JSON object, shared by client and server. No I/O.

base         decoding of replies
wire_model   what all replies have in common, as Python sees it
source       where an object of a reply stands in the reply's bytes
common       usage, log probabilities, output constraints: objects that several APIs share
generation   what requests of chat and text completions share
chat         /v1/chat/completions
completions  /v1/completions
models       /v1/models, /version
tokenize     /tokenize, /detokenize
errors       the error envelope; decoding of requests
sse          server-sent events: push parser, frame writers
params       keyword parameters of chat and text completions, as TypedDicts

For the client only, each with the parameters of its calls:
responses    /v1/responses, with response_items, response_tools, response_events;
             response_calls (parameters), response_params (the objects inside them)
embeddings   /v1/embeddings
pooling      vLLM's /pooling, /classify, /score, /rerank
audio        /v1/audio
images       /v1/images
moderations  /v1/moderations
files        /v1/files, and what a call takes as a file
uploads      /v1/uploads
batches      /v1/batches
stored_chat  stored chat completions

Nothing is imported here: `import martlet.protocol` costs nothing, and a program loads only what it uses.
"""
