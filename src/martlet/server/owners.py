"""Whose what the server keeps is: each API key has an owner of its own, a server without keys one for all."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import NewType

from starlette.requests import Request

Owner = NewType("Owner", str)

EVERYBODY = Owner("")
"""The owner of what is kept where no key is asked for."""
OWNER = "martlet.owner"
"""Where a request's scope has its owner, once the gate has let it in."""


def owner_of(request: Request) -> Owner:
    """A request that passed no gate has no owner, which is our bug and not to be papered over."""
    owner: Owner = request.scope[OWNER]
    return owner


def owner_of_key(key: bytes, secret: bytes) -> Owner:
    """Return a name that fits a folder, always the same, and of which nobody gets back to the key."""
    return Owner(hmac.new(secret, key, sha256).hexdigest()[:32])
