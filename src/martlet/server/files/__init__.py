"""/v1/files: what clients hand in for batches, and what batches hand out.

multipart  the form that an upload is
shelf      the files themselves
handlers   the endpoints
"""
