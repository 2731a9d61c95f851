"""Models of the Hugging Face hub: fetched into its cache, or found there."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from martlet.cli import INTERRUPTED
from martlet.errors import CheckpointError

TEXT_FILES = ["*.json", "*.jinja"]
FILES = [*TEXT_FILES, "*.safetensors"]
DUPLICATES = ["consolidated*", "original/*"]
"""The same weights in another layout, which some models carry too."""
STOP_S = 0.5
"""How long an interrupted download may take to remove its unfinished files."""


def download(model: str, revision: str | None, cache_dir: str | None) -> Path:
    """Fetch a model, showing progress, or find it in the cache; return its folder.

    Raises CheckpointError, for an architecture that cannot be run before its weights are fetched.
    """
    from martlet.engine.models.pooled import check_servable

    config = _fetch(model, revision, cache_dir, ["config.json"], is_quiet=True)
    if not (config / "config.json").is_file():
        raise CheckpointError(f"the hub's {model} has no config.json: is it a model for transformers?")
    check_servable(config)
    folder = _fetch(model, revision, cache_dir, FILES)
    if not any(folder.glob("*.safetensors")):
        raise CheckpointError(f"the hub's {model} has no weights as safetensors, and Martlet reads no others")
    return folder


def download_texts(model: str, revision: str | None, cache_dir: str | None) -> Path:
    """Fetch what concerns a model's texts, not its weights; return the folder. Raises CheckpointError."""
    return _fetch(model, revision, cache_dir, TEXT_FILES)


def _fetch(
    model: str, revision: str | None, cache_dir: str | None, files: list[str], *, is_quiet: bool = False
) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils.tqdm import tqdm

    stopping = threading.Event()

    class Progress(tqdm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            given = {**kwargs, "disable": True} if is_quiet else kwargs
            super().__init__(*args, **given)  # type: ignore[no-untyped-call]  # as it comes
            self._counts_bytes = kwargs.get("unit") == "B"

        def update(self, n: float | None = 1) -> bool | None:
            if stopping.is_set() and self._counts_bytes:  # its worker ends, and removes its unfinished file
                raise InterruptedError
            shown: bool | None = super().update(n)
            return shown

    fetch = partial(
        snapshot_download,
        model,
        revision=revision,
        cache_dir=cache_dir,
        allow_patterns=files,
        ignore_patterns=DUPLICATES,
        tqdm_class=Progress,
    )
    try:
        return Path(_interruptible(fetch, stopping))
    except Exception as error:  # also what the library's own HTTP client raises, whichever it is
        raise CheckpointError(_why_not(error, model, revision)) from error


def _interruptible(fetch: Callable[[], str], stopping: threading.Event) -> str:
    """Run `fetch` so that Ctrl-C ends the process at once: the library finishes its files first."""
    future: Future[str] = Future()

    def run() -> None:
        try:
            future.set_result(fetch())
        except BaseException as error:  # noqa: BLE001  # to be raised by the other thread
            future.set_exception(error)

    worker = threading.Thread(target=run, daemon=True)
    try:
        worker.start()
        return future.result()
    except KeyboardInterrupt:
        try:
            stopping.set()
            worker.join(STOP_S)
        finally:  # whether or not Ctrl-C is pressed again
            os._exit(INTERRUPTED)  # Python itself would wait for the library's threads


def _why_not(error: Exception, model: str, revision: str | None) -> str:
    from huggingface_hub import errors

    if isinstance(error, errors.RevisionNotFoundError):
        return f"the hub's {model} has no revision {revision}"
    if isinstance(error, errors.GatedRepoError):
        return f"the hub's {model} needs consent: accept its terms on its page, and set HF_TOKEN"
    if isinstance(error, (errors.RepositoryNotFoundError, errors.HFValidationError)):
        return f"there is no folder {model}, and the hub has no such model (or it is private: set HF_TOKEN)"
    if isinstance(error, errors.LocalEntryNotFoundError):
        return _why_not_cached(error, model)
    return f"cannot fetch {model} from the hub: {_said(error)}"


def _why_not_cached(error: Exception, model: str) -> str:
    """Tell why the hub could not be asked about a model that the cache has not, or not as a whole."""
    from huggingface_hub import errors

    if isinstance(error.__cause__, errors.OfflineModeIsEnabled):
        return f"there is no folder {model}, it is not whole in the cache, and HF_HUB_OFFLINE is set"
    if isinstance(error.__cause__, errors.HfHubHTTPError):
        return f"cannot fetch {model} from the hub: {_said(error.__cause__)}"
    return (
        f"there is no folder {model}, and the hub cannot be reached to fetch it: "
        "check the network, or name a folder"
    )


def _said(error: BaseException) -> str:
    return f"{error}".strip().partition("\n")[0] or type(error).__name__
