"""Bytes that vLLM 0.32 sent, by what they show. Model, ids and times are as captured."""

CHAT = (
    b'{"id":"chatcmpl-ac5c37a4ea6192ee","object":"chat.completion","created":1795382484,"model":"tiny",'
    b'"choices":[{"index":0,"message":{"role":"assistant","content":"countcountcountcount","refusal":null,'
    b'"annotations":null,"audio":null,"function_call":null,"reasoning":null},"logprobs":null,'
    b'"finish_reason":"length","stop_reason":null,"token_ids":null,"routed_experts":null}],'
    b'"service_tier":null,"system_fingerprint":"vllm-0.32.0-fc378a08","usage":{"prompt_tokens":5,'
    b'"total_tokens":9,"completion_tokens":4,"prompt_tokens_details":null,"completion_tokens_details":null},'
    b'"prompt_logprobs":null,"prompt_token_ids":null,"prompt_text":null,"kv_transfer_params":null,'
    b'"ec_transfer_params":null,"metrics":null}'
)

CHUNK_HEAD = (
    b'{"id":"chatcmpl-960718fa7e330722","object":"chat.completion.chunk","created":1795382777,"model":"tiny",'
)
CHUNK_FIRST = CHUNK_HEAD + (
    b'"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],'
    b'"prompt_token_ids":null,"prompt_text":null}'
)
CHUNK_CONTENT = CHUNK_HEAD + (
    b'"choices":[{"index":0,"delta":{"content":"count"},"logprobs":null,"finish_reason":null,"token_ids":null}]}'
)
CHUNK_LAST = CHUNK_HEAD + (
    b'"choices":[{"index":0,"delta":{"content":"count"},"logprobs":null,"finish_reason":"length",'
    b'"stop_reason":null,"token_ids":null}],"system_fingerprint":"vllm-0.32.0-fc378a08"}'
)
CHUNK_USAGE = CHUNK_HEAD + (
    b'"choices":[],"usage":{"prompt_tokens":5,"total_tokens":9,"completion_tokens":4},'
    b'"system_fingerprint":"vllm-0.32.0-fc378a08"}'
)
CHUNK_CONTINUOUS = CHUNK_HEAD + (
    b'"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],'
    b'"usage":{"prompt_tokens":5,"total_tokens":6,"completion_tokens":1,"completion_tokens_details":null},'
    b'"prompt_token_ids":null,"prompt_text":null}'
)
CHUNK_TOOL_NAME = CHUNK_HEAD + (
    b'"choices":[{"index":0,"delta":{"content":null,"tool_calls":[{"id":"chatcmpl-tool-87a1633cd4df65ee",'
    b'"type":"function","index":0,"function":{"name":"get_weather"}}]},"logprobs":null,"finish_reason":null,'
    b'"token_ids":null}]}'
)
CHUNK_TOOL_ARGUMENTS = CHUNK_HEAD + (
    b'"choices":[{"index":0,"delta":{"content":null,"tool_calls":[{"index":0,"function":{"arguments":"{"}}]},'
    b'"logprobs":null,"finish_reason":null,"token_ids":null}]}'
)
CHUNK_TOOL_END = CHUNK_HEAD + (
    b'"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls","stop_reason":null,'
    b'"token_ids":null}]}'
)
CHUNK_REASONING = CHUNK_HEAD + (
    b'"choices":[{"index":0,"delta":{"reasoning":"abc"},"logprobs":null,"finish_reason":null,"token_ids":null}]}'
)

LOGPROBS = (
    b'{"content":[{"token":"count","logprob":-7.478311061859131,"bytes":[99,111,117,110,116],'
    b'"top_logprobs":[{"token":"count","logprob":-7.478311061859131,"bytes":[99,111,117,110,116]},'
    b'{"token":"<|assistant|>","logprob":-7.5,"bytes":[60,124,97,115,115,105,115,116,97,110,116,124,62]}]}]}'
)
TOOL_MESSAGE = (
    b'{"role":"assistant","content":null,"refusal":null,"annotations":null,"audio":null,"function_call":null,'
    b'"tool_calls":[{"id":"chatcmpl-tool-a8e96375a77f73c9","type":"function","function":{"name":"get_weather",'
    b'"arguments":"{\\"city\\": \\"Paris\\"}"}}],"reasoning":"x"}'
)

COMPLETION_CHUNK = (
    b'{"id":"cmpl-9a7f4b7059dd3759","object":"text_completion","created":1795382484,"model":"tiny",'
    b'"choices":[{"index":0,"text":"ren","logprobs":null,"finish_reason":null,"stop_reason":null,'
    b'"prompt_token_ids":null,"token_ids":null}]}'
)
COMPLETION_USAGE = (
    b'{"id":"cmpl-9a7f4b7059dd3759","object":"text_completion","created":1795382484,"model":"tiny",'
    b'"choices":[],"usage":{"prompt_tokens":5,"total_tokens":9,"completion_tokens":4},'
    b'"system_fingerprint":"vllm-0.32.0-fc378a08"}'
)
COMPLETION_CHOICE = (
    b'{"index":0,"text":"hellorenren","logprobs":{"text_offset":[0,2,3,5,8],'
    b'"token_logprobs":[null,-8.13,-8.28,-7.49,-6.83],"tokens":["he","l","lo","ren","ren"],'
    b'"top_logprobs":[null,{"l":-8.13,".\\",":-7.44},{"lo":-8.28,"sc":-7.57},{"ren":-7.49},{"ren":-6.83}]},'
    b'"finish_reason":"length","stop_reason":null,"token_ids":null,"prompt_logprobs":[null,{"80":{'
    b'"logprob":-8.13,"rank":739,"decoded_token":"l"},"3446":{"logprob":-7.44,"rank":1,"decoded_token":"sc"}}],'
    b'"prompt_token_ids":null,"routed_experts":null}'
)

MODEL = (
    b'{"id":"tiny","object":"model","created":1795382484,"owned_by":"vllm","root":"/models/tiny","parent":null,'
    b'"max_model_len":2048,"permission":[{"id":"modelperm-0123456789abcdef","object":"model_permission",'
    b'"created":1795382484,"allow_create_engine":false,"allow_sampling":true,"allow_logprobs":true,'
    b'"allow_search_indices":false,"allow_view":true,"allow_fine_tuning":false,"organization":"*","group":null,'
    b'"is_blocking":false}]}'
)
METRICS = (
    b'{"time_to_first_token_ms":16.2,"generation_time_ms":24.5,"queue_time_ms":0.09,"mean_itl_ms":8.2,'
    b'"tokens_per_second":98.3,"speculative_decoding":null}'
)
TOKENIZED = b'{"count":5,"max_model_len":2048,"tokens":[1,2,3,4,5],"token_strs":null}'
DETOKENIZED = b'{"prompt":"hil"}'
VERSION = b'{"version":"0.32.0"}'
ERROR_FRAME = (
    b'data: {"error": {"message": "<text>", "type": "InternalServerError", "param": null, "code": 500}}\n\n'
)
