"""The wire: one msgspec Struct per JSON object, shared by client and server. No I/O.

base         decoding of replies
wire_model   what all replies have in common, as Python sees it; selection (of what is dumped), twins (fields
             with two names)
source       where an object of a reply stands in the reply's bytes; deferred (what is decoded when looked at)
common       usage, log probabilities, output constraints: objects that several APIs share
generation   what requests of chat and text completions share
chat         /v1/chat/completions
completions  /v1/completions
models       /v1/models, /version
tokenize     /tokenize, /detokenize
errors       the error envelope; decoding of requests
sse          server-sent events: push parser, frame writers
params       keyword parameters of chat and text completions, as TypedDicts

Other APIs, each with the parameters of its calls where the client has any:
responses    /v1/responses, with response_request, response_items, response_tools, response_events;
             response_calls (parameters), response_params (the objects inside them)
messages     /v1/messages
embeddings   /v1/embeddings
cohere       /v2/embed
pooling      vLLM's /pooling, /classify, /score, /rerank; pooling_requests (the bodies of all that pools)
lora         adapters that come and go
vllm         what else vLLM offers
audio        /v1/audio
images       /v1/images
moderations  /v1/moderations
files        /v1/files, and what a call takes as a file
uploads      /v1/uploads
batches      /v1/batches
stored_chat  stored chat completions

Nothing is imported here: `import martlet.protocol` costs nothing, and a program loads only what it uses.
"""
