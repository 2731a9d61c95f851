"""The glue: vLLM's HTTP API in front of the engine.

From the socket to the engine, in the order that a request takes:
process          the server's life: bind, load, be ready, stop
settings         what it was asked to do
connection       HTTP on a socket, with limits to what a client may do; tls, line, sender
browsers         web pages: CORS and host names
gate             keys, limits, counts and the log, around everything; owners, middleware
app              the route table
handlers         chat, text completions and what every server answers; inbound, pooled_handlers, streams
translate        requests to prompts, outputs to replies; parsing, vectors
loop             asyncio <-> the engine's thread; beams
errors           what goes wrong, as the wire shows it

APIs that are more than one handler, and what they keep:
responses        /v1/responses
messages         /v1/messages
files, batches   /v1/files, /v1/batches
adapters         LoRA adapters that come and go
others           /invocations, /tokenizer_info, and what is not there
storage, pages   documents on the disk, and lists of them

What can be seen of it:
metrics          what is counted; exposition shows it
logs, tracing    lines and spans
status_page      the page at `/`
openapi          the endpoints as a document
"""
