"""/v1/batches: many requests from a file, answered when nobody else is waiting.

lines     requests of the input file, and answers to them
ledger    batches and their answers on disk
local     calling the server's own endpoints without a socket
runner    working through the batches, each owner's one after the other
handlers  the endpoints
"""
