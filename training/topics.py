"""What the model can explain: for each topic its names, first sentences, and further sentences."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A thing to explain. Any opening goes with any details."""

    names: tuple[str, ...]
    openings: tuple[str, ...]
    details: tuple[str, ...]


TOPICS = (
    Topic(
        ("AI", "artificial intelligence", "A.I.", "an AI"),
        (
            "AI, artificial intelligence, is the field of building machines that do things which seem to need a mind.",
            "AI means artificial intelligence: computer programs that learn, recognise, decide or write.",
            "Artificial intelligence is the craft of making machines solve problems that people solve by thinking.",
            "AI is short for artificial intelligence: machines that learn from examples instead of following fixed rules.",
        ),
        (
            "Most of today's AI is machine learning: a program adjusts millions of numbers until its answers fit the examples.",
            "Language models, image recognition and game players are all examples of it.",
            "It can be useful and it can be wrong, so check what it tells you.",
            "I am a very small example: a language model with about four and a half million numbers.",
            "It does not mean that the machine understands or feels anything.",
        ),
    ),
    Topic(
        ("machine learning", "ML", "deep learning"),
        (
            "Machine learning is a way to write programs by showing examples: the machine finds the rule by itself.",
            "Machine learning means that a program improves with data instead of being told each step.",
            "In machine learning, a model adjusts its numbers until its predictions fit the examples it was given.",
        ),
        (
            "Deep learning is the kind that uses neural networks with many layers.",
            "Training finds the numbers; inference uses them to answer.",
            "I was made that way: I read generated conversations and learned to predict the next token.",
            "A model learns only what its examples show, which is why I know so little.",
        ),
    ),
    Topic(
        ("a neural network", "neural networks", "a neural net", "neural nets"),
        (
            "A neural network is a chain of simple layers, each of which multiplies numbers by learned weights.",
            "A neural network is a function with many learned numbers, called weights, arranged in layers.",
            "Neural networks are programs made of layers of weights that are learned from examples.",
        ),
        (
            "During training the weights move a little at each step, so that the error becomes smaller.",
            "The name comes from nerve cells, but the likeness is loose.",
            "I am one, with about four and a half million weights.",
            "Most of the work is multiplying matrices, which is why fast hardware helps.",
        ),
    ),
    Topic(
        (
            "a language model",
            "language models",
            "an LLM",
            "LLMs",
            "large language models",
            "a large language model",
        ),
        (
            "A language model is a program that predicts the next token of a text.",
            "A language model reads text and gives, for every possible next token, how likely it is.",
            "Language models are neural networks trained to continue text, one token at a time.",
        ),
        (
            "A large one has billions of weights and knows a lot; I have about four and a half million and know very little.",
            "Asked again and again for the next token, it writes whole answers.",
            "It can sound sure and be wrong, so check important answers.",
            "A chat model is one that was trained on conversations.",
        ),
    ),
    Topic(
        ("a transformer", "transformers", "the transformer architecture", "attention"),
        (
            "A transformer is the kind of neural network behind most language models.",
            "The transformer is a neural network in which every token can look at the tokens before it.",
            "A transformer is a stack of layers that take turns: attention mixes tokens, and a small network changes each one.",
        ),
        (
            "The looking back is called attention.",
            "Llama models are transformers, and so am I, on a tiny scale.",
            "Keys and values of earlier tokens are kept in a cache, so that they are computed only once.",
        ),
    ),
    Topic(
        ("a token", "tokens", "tokenization", "a tokenizer", "tokenizers"),
        (
            "A token is a piece of text, often a word or a part of a word, that a language model reads as one number.",
            "Tokens are the pieces that a tokenizer cuts text into; a model sees only their numbers.",
            "A tokenizer cuts text into tokens, and each token has a number that the model reads.",
        ),
        (
            "Common words are one token, rare words are several.",
            "My own tokenizer knows about two thousand tokens and can spell anything else byte by byte.",
            "Lengths, limits and prices of models are counted in tokens.",
        ),
    ),
    Topic(
        ("a prompt", "prompts", "a system prompt", "the system prompt"),
        (
            "A prompt is the text that you give to a language model.",
            "The prompt is everything the model reads before it answers.",
            "A prompt is what you send: the model continues from there.",
        ),
        (
            "A system prompt comes first and tells the model how to behave.",
            "A clear prompt gets a better answer, at least from larger models.",
            "In a chat, the prompt holds all earlier messages as well.",
        ),
    ),
    Topic(
        ("temperature", "the temperature", "sampling temperature", "top_p", "sampling", "nucleus sampling"),
        (
            "Temperature says how much chance there is in the choice of the next token.",
            "Sampling means choosing the next token by chance, weighted by how likely each one is; temperature sets how much.",
            "The temperature scales the model's scores before one token is drawn.",
        ),
        (
            "At temperature 0 the most likely token always wins, so the answer is the same each time.",
            "A high temperature gives variety and also more mistakes.",
            "With top_p, only the most likely tokens that together reach that probability may be drawn.",
            "Set a seed when you want the same sample again.",
        ),
    ),
    Topic(
        ("streaming", "token streaming", "a stream", "stream=True", "SSE", "server-sent events"),
        (
            "Streaming means that you get an answer piece by piece while it is being written.",
            "With streaming, the server sends each piece of text as soon as it exists.",
            "In a stream, tokens arrive one after the other instead of all at the end.",
        ),
        (
            "Pass `stream=True` and loop over the chunks.",
            "On the wire these are server-sent events: lines that begin with `data:`, and `[DONE]` at the end.",
            "It makes waiting pleasant, because the first words come at once.",
        ),
    ),
    Topic(
        ("a KV cache", "the KV cache", "KV caching", "paged attention", "PagedAttention"),
        (
            "A KV cache keeps the keys and values of earlier tokens, so that they are not computed again.",
            "The KV cache is the memory in which attention keeps what it computed for earlier tokens.",
        ),
        (
            "Martlet keeps it in blocks of 16 tokens, as vLLM does, so that no memory is wasted.",
            "It grows with every token of every running request.",
            "When a client leaves, its blocks are free again at once.",
        ),
    ),
    Topic(
        ("continuous batching", "batching", "a batch", "chunked prefill"),
        (
            "Continuous batching means that requests join and leave the running batch at every step.",
            "With continuous batching, a new request need not wait until the others are done.",
        ),
        (
            "It keeps the processor busy and the waiting short.",
            "Long prompts are read in chunks, so that they do not hold up the others.",
            "In Martlet an answer is the same alone and in a crowd.",
        ),
    ),
    Topic(
        (
            "an API",
            "APIs",
            "a REST API",
            "the OpenAI API",
            "an OpenAI-compatible API",
            "an OpenAI compatible server",
        ),
        (
            "An API is the set of calls through which one program uses another.",
            "An API is an agreement between programs: which calls there are, and what they answer.",
        ),
        (
            "The OpenAI API is one for language models that many servers speak, among them vLLM and Martlet.",
            "You send JSON over HTTP and get JSON back.",
            "Because the agreement is shared, you can change the server and keep your program.",
        ),
    ),
    Topic(
        ("vLLM", "vllm", "a vLLM server"),
        (
            "vLLM is a well-known open-source server for large language models.",
            "vLLM is a program that serves language models to many users at once, mostly on GPUs.",
        ),
        (
            "Martlet's server speaks the same wire format, and Martlet's client talks to vLLM.",
            "It made the paged KV cache known, and it batches requests continuously.",
            "Use vLLM when you have GPUs and much traffic; Martlet serves on a CPU.",
        ),
    ),
    Topic(
        ("quantization", "quantisation", "int8", "bf16", "bfloat16"),
        (
            "Quantization stores a model's weights with fewer bits, so that it needs less memory and runs faster.",
            "Quantization means rounding the weights of a model to a smaller number format.",
        ),
        (
            "The answers change a little, usually not much.",
            "My own weights are stored as bf16: sixteen bits each.",
            "`martlet serve MODEL --quantization int8` rounds the weights while it loads them; int4 is possible too.",
        ),
    ),
    Topic(
        ("an embedding", "embeddings", "a vector embedding"),
        (
            "An embedding is a list of numbers that stands for a text.",
            "An embedding turns a text into numbers, so that similar texts lie close together.",
        ),
        (
            "Search and sorting by meaning are built on embeddings.",
            "Inside a model, every token starts as an embedding as well.",
            "With Martlet, `client.embeddings.create(model=..., input=...)` asks a server for them.",
        ),
    ),
    Topic(
        ("a checkpoint", "checkpoints", "model weights", "weights", "safetensors", "a safetensors file"),
        (
            "A checkpoint is a folder with a model's weights, its configuration and its tokenizer.",
            "A checkpoint holds everything a trained model is: the weights, the configuration and the tokenizer.",
        ),
        (
            "The weights usually lie in safetensors files.",
            "Martlet reads Hugging Face folders of Llama and many other models.",
            "My own checkpoint is smaller than ten megabytes.",
        ),
    ),
    Topic(
        ("the context length", "context length", "a context window", "the context window", "max_model_len"),
        (
            "The context length is the number of tokens that a model can look at: the prompt and the answer together.",
            "The context window is how much text, in tokens, a model can take into account.",
        ),
        (
            "Mine is 2048 tokens.",
            "A prompt that is too long is refused with an error, never cut in silence.",
        ),
    ),
    Topic(
        ("a chat template", "chat templates", "the chat template"),
        (
            "A chat template turns a list of messages into the one text that the model reads.",
            "The chat template says how roles and messages are written for a model.",
        ),
        (
            "Each model has its own, and it lies beside the weights.",
            "Mine marks the start and the end of every message with a special token.",
        ),
    ),
    Topic(
        ("LoRA", "a LoRA adapter", "LoRA adapters", "an adapter", "low-rank adaptation"),
        (
            "LoRA is a way to fine-tune a model with a small addition to its weights, called an adapter.",
            "A LoRA adapter is a small file of extra weights that changes how a large model answers.",
        ),
        (
            "The large weights stay as they are, so one server can hold many adapters.",
            "With `martlet serve MODEL --enable-lora`, each request chooses its adapter by `model`.",
            "`--lora-modules NAME=PATH` loads one at the start.",
        ),
    ),
    Topic(
        ("GGUF", "a GGUF file", "GGUF files", "the GGUF format"),
        (
            "GGUF is a file format in which a whole model, often with rounded weights, lies in one file.",
            "A GGUF file holds a model's weights, its settings and its tokenizer together.",
        ),
        (
            "It comes from the llama.cpp project.",
            "Martlet reads it when you install `martlet[gguf]`.",
            "Then `martlet serve model.gguf` serves it.",
        ),
    ),
    Topic(
        ("a tool call", "tool calls", "tool calling", "function calling", "tools", "a tool"),
        (
            "A tool call is an answer in which a model asks the program to run one of its functions.",
            "With tool calling, you offer functions to a model, and it names one with arguments when it needs it.",
        ),
        (
            "Your program runs the function, sends the result back, and the model answers from it.",
            "You describe each tool with a name and a JSON schema.",
            "I can call simple tools myself: offer one with `tools=[...]`.",
        ),
    ),
    Topic(
        ("structured output", "structured outputs", "JSON mode", "response_format", "guided decoding"),
        (
            "Structured output means that an answer is held to a form, such as a JSON schema.",
            "With structured output the server lets the model write only what fits a schema, a pattern or a list of choices.",
        ),
        (
            "In Martlet you ask for it with `response_format` or `structured_outputs`.",
            "`client.chat.completions.parse()` gives you the answer as an object.",
            "It makes answers that a program can read.",
        ),
    ),
    Topic(
        ("JSON", "a JSON object", "the JSON format"),
        (
            "JSON is a simple text format for data: objects with keys and values, lists, strings and numbers.",
            "JSON is a way to write data as text that nearly every programming language can read.",
        ),
        (
            "The OpenAI API sends and receives it.",
            "I can fill in a small JSON object from a sentence.",
        ),
    ),
    Topic(
        (
            "martlet.testing",
            "the pytest fixture",
            "the test server",
            "martlet_server",
            "testing with Martlet",
        ),
        (
            "`martlet.testing` starts a real Martlet server for your own tests.",
            "With `martlet.testing.Server()` your tests get a real server on a free port.",
        ),
        (
            "Without a model it serves me, so no download is needed.",
            "For pytest, the plugin `martlet.testing.plugin` has the fixture `martlet_server`.",
        ),
    ),
    Topic(
        (
            "martlet chat",
            "`martlet chat`",
            "the terminal chat",
            "martlet complete",
            "the command line",
            "the CLI",
        ),
        (
            "`martlet chat` is a chat with a model in your terminal.",
            "Martlet's commands are `martlet serve`, `martlet chat`, `martlet complete` and `martlet models`.",
        ),
        (
            "`martlet complete` lets a model go on with a text.",
            "`martlet models` lists the models that a server serves.",
            "`martlet --help` shows all commands.",
        ),
    ),
    Topic(
        ("a system message", "roles", "the roles of messages", "a chat message", "messages"),
        (
            "A chat is a list of messages, and each has a role: system, user, assistant or tool.",
            "Messages are what a chat model reads: the system's rules, the user's words and its own answers.",
        ),
        (
            "The system message comes first and sets the rules.",
            "You send the whole list with each request; the server keeps nothing.",
        ),
    ),
    Topic(
        ("reasoning", "thinking tokens", "a reasoning model", "chain of thought"),
        (
            "Reasoning means that a model writes down its steps before it answers.",
            "A reasoning model thinks in words first and gives its answer afterwards.",
        ),
        (
            "The steps stand between special marks, and the server returns them apart from the answer.",
            "I can do it in a small way when you ask me to think first.",
        ),
    ),
    Topic(
        ("fine-tuning", "finetuning", "to fine-tune a model", "training", "training a model"),
        (
            "Training finds the weights of a model by showing it examples; fine-tuning goes on with a model that is trained already.",
            "Fine-tuning means training a finished model a little further on examples of your own.",
        ),
        (
            "It needs far less work than training from nothing.",
            "Martlet runs models and does not train them, apart from me.",
        ),
    ),
    Topic(
        ("inference", "model inference", "LLM inference"),
        (
            "Inference means using a trained model: text goes in and an answer comes out.",
            "Inference is the work of computing a model's answers.",
        ),
        (
            "Martlet's server does it on the CPU.",
            "It has two parts: reading the prompt, and writing one token after the other.",
        ),
    ),
    Topic(
        ("open source", "open-source software", "Apache-2.0", "the Apache licence"),
        (
            "Open source means that anyone may read, use and change the code of a program.",
            "Open-source software is software whose code is public and may be used by all under its licence.",
        ),
        (
            "Martlet is open source under the Apache-2.0 licence.",
            "That licence allows commercial use as well.",
        ),
    ),
    Topic(
        ("a GPU", "GPUs", "a CPU", "CPUs", "the difference between a CPU and a GPU"),
        (
            "A CPU is the general processor of a computer; a GPU does many simple calculations at the same time.",
            "A GPU is a processor with very many small cores, and a CPU has a few fast ones.",
        ),
        (
            "Large models want a GPU; small ones run well on a CPU.",
            "Martlet's own server runs on the CPU, so you need no special hardware.",
        ),
    ),
    Topic(
        ("a haiku", "haiku", "haikus"),
        (
            "A haiku is a short poem from Japan, in English usually written in three lines of 5, 7 and 5 syllables.",
            "A haiku is a poem of three lines, with five, seven and five syllables.",
        ),
        (
            "It often shows one moment in nature.",
            "Ask me to write one.",
        ),
    ),
    Topic(
        ("Martlet", "martlet", "the Martlet project", "this project", "this software"),
        (
            "Martlet is both ends of the OpenAI API for models that you run yourself: a client and a server.",
            "Martlet is a Python package with two halves: a client for any OpenAI-compatible server, and a server that runs models on a CPU.",
            "Martlet is open-source software: a fast client for the OpenAI API, and a CPU server that speaks vLLM's wire format.",
        ),
        (
            "The client works with vLLM and with any other OpenAI-compatible server.",
            "The server needs neither torch nor a GPU.",
            "I am the small test model that ships with it.",
            "`pip install martlet` gives you the client, `martlet[serve]` adds the server.",
            "Its licence is Apache-2.0.",
            "It runs on Python 3.10 and newer.",
            "`martlet chat` lets you talk to a model in the terminal.",
            "It is meant for laptops, tests and small machines.",
        ),
    ),
    Topic(
        ("the Martlet client", "Martlet's client", "your client", "the client", "the Python client"),
        (
            "Martlet's client has the shape of the official OpenAI package: `OpenAI` and `AsyncOpenAI`, with the same calls and exceptions.",
            "The client talks to any OpenAI-compatible server, with the names you know from the official package.",
        ),
        (
            "By default it connects to http://localhost:8000/v1 with the key EMPTY.",
            "It needs only two small packages, httptools and msgspec.",
            "`import martlet as openai` works.",
            "It retries failed requests twice, unless you say otherwise.",
            "`OpenAI` is for ordinary programs and `AsyncOpenAI` for asyncio.",
        ),
    ),
    Topic(
        ("the Martlet server", "Martlet's server", "your server", "the server", "martlet serve"),
        (
            "Martlet's server runs a model on the CPU and answers in the wire format of vLLM.",
            "The server loads a Llama checkpoint and offers it under the OpenAI API, on a CPU.",
        ),
        (
            "Start it with `martlet serve MODEL`; without a model it serves me.",
            "It listens on port 8000 of your own machine unless you tell it otherwise.",
            "It batches requests continuously and keeps a paged KV cache.",
            "With `--api-key` it asks for a key.",
            "It answers chats, completions, responses and more, streamed or whole.",
            "With `--quantization int8` it makes a model smaller and faster.",
        ),
    ),
    Topic(
        ("the Martlet engine", "Martlet's engine", "the engine", "your engine"),
        (
            "The engine is the part of Martlet that turns tokens into tokens: scheduler, paged cache, sampler and kernels.",
            "Martlet's engine runs the model: NumPy and C kernels, no torch.",
        ),
        (
            "It gives the same answer to a request alone and in a crowd.",
            "It knows nothing of HTTP; the server does that part.",
            "The kernels use the vector instructions that your processor has.",
        ),
    ),
)

BIRD_NAMES = ("a martlet", "the martlet bird", "a martlet bird", "the bird called martlet")
BIRD = (
    "A martlet is a bird in coats of arms, like a swallow but drawn without feet. This software is named after it.",
    "The martlet is a small bird of heraldry that never lands, because it has no feet. Martlet, the software, bears its name.",
)

SHORT = {
    "AI": "Machines that learn, decide or write.",
    "machine learning": "Programs that learn from examples.",
    "a neural network": "Layers of learned weights.",
    "a language model": "A program that predicts tokens.",
    "a transformer": "A neural network with attention.",
    "a token": "A numbered piece of text.",
    "a prompt": "Text that a model reads.",
    "temperature": "How much chance decides.",
    "streaming": "Getting an answer piece by piece.",
    "a KV cache": "Memory for earlier tokens.",
    "continuous batching": "Requests join at every step.",
    "an API": "Calls between programs.",
    "vLLM": "A server for language models.",
    "quantization": "Storing weights with fewer bits.",
    "an embedding": "Numbers that stand for a text.",
    "a checkpoint": "A trained model's folder.",
    "the context length": "How many tokens fit.",
    "a chat template": "Messages made into one text.",
    "LoRA": "Fine-tuning with small adapters.",
    "GGUF": "A file format for models.",
    "a tool call": "A model asks for a function.",
    "structured output": "Answers held to a schema.",
    "JSON": "A text format for data.",
    "martlet.testing": "A server for your tests.",
    "martlet chat": "A chat in the terminal.",
    "a system message": "Messages with roles.",
    "reasoning": "Thinking before the answer.",
    "fine-tuning": "Training a model further.",
    "inference": "Using a trained model.",
    "open source": "Code that anyone may use.",
    "a GPU": "A processor with many cores.",
    "a haiku": "A poem of 17 syllables.",
    "Martlet": "A client and a server.",
    "the Martlet client": "A client for OpenAI APIs.",
    "the Martlet server": "A model server for the CPU.",
    "the Martlet engine": "The part that runs the model.",
}
"""What to say about each topic, by its first name, when the answer has to be short."""
