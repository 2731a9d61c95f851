"""One request of each endpoint, from its body to what answers it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from martlet import __version__
from martlet.engine.constraints import Grammar, GrammarCompiler
from martlet.engine.request import SamplingParams
from martlet.engine.text import Tokenizer
from martlet.errors import InvalidParameter, UnsupportedParameter
from martlet.protocol.chat import ChatCompletionRequest
from martlet.protocol.completions import CompletionRequest
from martlet.protocol.models import VersionInfo
from martlet.protocol.tokenize import (
    DetokenizeRequest,
    DetokenizeResponse,
    TokenizeRequest,
    TokenizeResponse,
)
from martlet.server.loop import Prompt
from martlet.server.settings import ServerSettings, fingerprint
from martlet.server.translate.beams import beam_search_params, check_beam_fields
from martlet.server.translate.body import read_body
from martlet.server.translate.catalog import ModelCatalog, random_id
from martlet.server.translate.chat import ChatReply
from martlet.server.translate.completions import CompletionReply
from martlet.server.translate.constraints import RequestedConstraint, constraint_of
from martlet.server.translate.fields import (
    GenerationRequest,
    check_fields,
    check_ignored,
    check_stream_options,
    inert_fields,
)
from martlet.server.translate.guidance import guided
from martlet.server.translate.outputs import OutputFormats
from martlet.server.translate.prompts import PromptReader, shown_tool
from martlet.server.translate.reply import Identity, Reply
from martlet.server.translate.sampling import SamplingReader, for_choice, num_choices
from martlet.server.translate.tools import ToolUse, tool_use

if TYPE_CHECKING:
    from martlet.engine.lora import LoRAAdapter, LoRARegistry

DEFAULT_COMPLETION_TOKENS = 16


class ServedEngine(Protocol):
    """What translation needs to know of an engine."""

    @property
    def tokenizer(self) -> Tokenizer: ...
    @property
    def max_model_len(self) -> int: ...
    @property
    def vocab_size(self) -> int: ...
    @property
    def cache_block_size(self) -> int: ...
    @property
    def loras(self) -> LoRARegistry | None: ...


class Translator:
    """Turns bodies into prompts with the reply they will make. Raises RequestRejected."""

    def __init__(self, engine: ServedEngine, settings: ServerSettings, max_sequences: int) -> None:
        """Refuse requests for more than `max_sequences` at once."""
        self.tokenizer = engine.tokenizer
        self.max_model_len = engine.max_model_len
        self._max_sequences = max_sequences
        self._settings = settings
        self.catalog = ModelCatalog(settings, engine.max_model_len, engine.loras)
        self._prompts = PromptReader(
            engine.tokenizer,
            engine.vocab_size,
            engine.max_model_len,
            trust_chat_template=settings.trust_request_chat_template,
        )
        self._sampling = SamplingReader(
            engine.tokenizer, engine.vocab_size, settings.default_sampling, settings.max_logprobs
        )
        self._formats = OutputFormats(engine.tokenizer, settings)
        self._grammars = GrammarCompiler(engine.tokenizer, engine.vocab_size)
        self.identity = Identity(
            settings.model_name,
            fingerprint(__version__, (settings.served_model_names, engine.max_model_len, engine.vocab_size)),
            settings.force_include_usage,
            settings.prompt_tokens_details,
            engine.cache_block_size,
        )

    @property
    def can_think(self) -> bool:
        """Whether reasoning is told from what follows it."""
        return self._formats.has_reasoning

    @property
    def may_call(self) -> bool:
        """Whether a request's tools may be called as the model sees fit."""
        return self._formats.has_tools

    # --- generation --------------------------------------------------------------------------------

    def chat(self, body: bytes, request_id: str | None) -> ChatReply:
        read = read_body(ChatCompletionRequest, body)
        self.catalog.adapter(read.request.model)
        check_stream_options(read.request, read.has_stream_options)
        return self.chat_reply(read.request, read.unknown, request_id)

    def chat_reply(
        self, request: ChatCompletionRequest, unknown: list[str], request_id: str | None
    ) -> ChatReply:
        """Return what answers a conversation, whichever endpoint it came by."""
        adapter = self.catalog.adapter(request.model)
        check_fields(request)
        check_beam_fields(request)
        asked = request.max_completion_tokens
        asked = request.max_tokens if asked is None else asked
        self._check_max_tokens(asked)
        tools = tool_use(request)
        if tools.is_forced and request.use_beam_search:
            raise UnsupportedParameter("tool_choice", "leave it out, or use_beam_search")
        text, token_ids = self._prompts.chat(request, self._shown_tools(tools))
        plan = self._formats.plan(request, tools, text)
        asked = self._settings.default_sampling.get("max_tokens") if asked is None else asked
        params = self._read_sampling(request, self._max_tokens(asked, token_ids))
        if plan.visible_token_ids:
            params = replace(params, visible_token_ids=plan.visible_token_ids)
        n = num_choices(request, params)
        self._check_num_sequences(n)
        reply = ChatReply(
            request,
            [
                Prompt(token_ids, each, request.cache_salt, adapter)
                for each in (for_choice(params, i, is_stream=request.stream) for i in range(n))
            ],
            request_id or request.request_id or random_id(),
            self._identity(adapter),
            prompt_text=text,
            response_role=self._settings.response_role,
            tokenizer=self.tokenizer,
            plan=plan,
        )
        self._finish(reply, request, unknown, [params])
        reply.constraint = guided(
            reply.constraint, plan, disable_any_whitespace=self._settings.disable_any_whitespace
        )
        return reply

    def _shown_tools(self, tools: ToolUse) -> list[dict[str, Any]] | None:
        """Return the tools that the chat template is to show."""
        if tools.choice == "none" and self._settings.exclude_tools_when_tool_choice_none:
            return None
        return [shown_tool(tool) for tool in tools.tools] or None

    def completion(self, body: bytes, request_id: str | None) -> CompletionReply:
        read = read_body(CompletionRequest, body)
        request = read.request
        adapter = self.catalog.adapter(request.model)
        check_stream_options(request, read.has_stream_options)
        check_fields(request)
        check_beam_fields(request)
        asked = DEFAULT_COMPLETION_TOKENS if request.max_tokens is None else request.max_tokens
        if asked == 0 and request.echo:
            asked = 1  # vLLM too generates a token, counts it, and does not show it
        self._check_max_tokens(asked)
        texts = self._prompts.texts(request)
        params = [self._read_sampling(request, self._max_tokens(asked, ids)) for ids in texts]
        n = num_choices(request, params[0])
        self._check_num_sequences(n * len(texts))
        reply = CompletionReply(
            request,
            [
                Prompt(token_ids, for_choice(each, i, is_stream=request.stream), request.cache_salt, adapter)
                for token_ids, each in zip(texts, params, strict=True)
                for i in range(n)
            ],
            n,
            request_id or request.request_id or random_id(),
            self._identity(adapter),
            echoes=[self._echo(ids) for ids in texts] if request.echo else (),
            tokenizer=self.tokenizer,
        )
        self._finish(reply, request, read.unknown, params)
        return reply

    def _read_sampling(self, request: GenerationRequest, max_tokens: int) -> SamplingParams:
        thinking_budget = self._formats.thinking_budget(request.thinking_token_budget)
        params = self._sampling.read(request, max_tokens)
        return replace(params, thinking_budget=thinking_budget) if thinking_budget else params

    def _finish(
        self, reply: Reply, request: GenerationRequest, unknown: list[str], params: list[SamplingParams]
    ) -> None:
        """Add to a reply what goes for every endpoint. `params` are each prompt's."""
        reply.ignored = inert_fields(request, unknown)
        check_ignored(reply.ignored, self._settings.strict)
        reply.constraint = constraint_of(
            request, disable_any_whitespace=self._settings.disable_any_whitespace
        )
        if request.use_beam_search:
            reply.beam_searches = [beam_search_params(request, each, reply.n) for each in params]

    def cached_grammar(self, constraint: RequestedConstraint) -> Grammar | None:
        return self._grammars.cached(constraint.constraint)

    def compile(self, constraint: RequestedConstraint) -> Grammar:
        """Compile what a reply is to follow. Takes up to a second: for any thread but the event loop's."""
        return constraint.compile(self._grammars)

    def _check_num_sequences(self, number: int) -> None:
        """A short body may ask for millions: they are refused before they are made."""
        if number > self._max_sequences:
            raise InvalidParameter(
                "n", f"asks for {number} sequences at once, of which this server takes {self._max_sequences}"
            )

    def _echo(self, token_ids: list[int]) -> str:
        return self.tokenizer.decode(token_ids)

    def _check_max_tokens(self, asked: int | None) -> None:
        if asked is not None and not 1 <= asked <= self.max_model_len:
            raise InvalidParameter(
                "max_tokens", f"must be between 1 and {self.max_model_len}, the model's context, got {asked}"
            )

    def _max_tokens(self, asked: int | None, token_ids: list[int]) -> int:
        """As in vLLM, what does not fit behind the prompt is cut; finish_reason says so."""
        room = self.max_model_len - len(token_ids)
        return room if asked is None else min(asked, room)

    def _identity(self, adapter: LoRAAdapter | None) -> Identity:
        return self.identity if adapter is None else replace(self.identity, model=adapter.name)

    # --- tokens ------------------------------------------------------------------------------------

    def tokenize(self, body: bytes, request_id: str | None) -> bytes:
        request = read_body(TokenizeRequest, body).request
        self.catalog.adapter(request.model)
        token_ids = self._prompts.tokenize(request)
        strings = [self.tokenizer.id_to_token(i) for i in token_ids] if request.return_token_strs else None
        return msgspec.json.encode(
            TokenizeResponse(
                count=len(token_ids), max_model_len=self.max_model_len, tokens=token_ids, token_strs=strings
            )
        )

    def count_tokens(self, request: ChatCompletionRequest) -> int:
        """Return how many tokens a conversation is, whether or not it fits."""
        self.catalog.adapter(request.model)
        return self._prompts.count_chat(request, self._shown_tools(tool_use(request)))

    def detokenize(self, body: bytes, request_id: str | None) -> bytes:
        request = read_body(DetokenizeRequest, body).request
        self.catalog.adapter(request.model)
        known = [token_id for token_id in request.tokens if token_id < self.tokenizer.vocab_size]
        text = self.tokenizer.decode(known, skip_special_tokens=False)
        return msgspec.json.encode(DetokenizeResponse(prompt=text))

    # --- about the server --------------------------------------------------------------------------

    def version(self) -> bytes:
        return msgspec.json.encode(VersionInfo(version=__version__))
