"""TLS between bytes and bytes: one channel for asyncio and for blocking sockets.

Over `ssl.MemoryBIO`, because asyncio's own TLS holds a 256 KiB buffer for every connection.
"""

from __future__ import annotations

import errno
import functools
import os
import ssl

from martlet.errors import ConnectError, TLSError

ClientCert = str | tuple[str, str] | tuple[str, str, str]
"""A file with certificate and key, or the two files, and the key's password."""

_RECORD_BYTES = 16 * 1024
"""Plaintext of one TLS record, the most that one read can give."""


@functools.cache
def default_context() -> ssl.SSLContext:
    """The system's trust store; SSL_CERT_FILE and SSL_CERT_DIR replace it. Takes about 20 ms, once."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def context_for(verify: bool | str | os.PathLike[str], cert: ClientCert | None) -> ssl.SSLContext:
    """A context for a transport's arguments. Raises FileNotFoundError or ValueError, naming the file."""
    if isinstance(verify, bool):
        context = ssl.create_default_context()
    else:
        path = _existing(verify)
        try:
            is_folder = os.path.isdir(path)
            context = ssl.create_default_context(
                cafile=None if is_folder else path, capath=path if is_folder else None
            )
        except ssl.SSLError as error:
            raise ValueError(f"verify={path!r} holds no certificates") from error
    context.set_alpn_protocols(["http/1.1"])
    if verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if cert is not None:
        chain = (cert,) if isinstance(cert, str) else cert
        for file in chain[:2]:
            _existing(file)
        try:
            context.load_cert_chain(*chain)
        except ssl.SSLError as error:
            raise ValueError(f"cert={chain[0]!r}: {error.reason or error}") from error
    return context


def _existing(file: str | os.PathLike[str]) -> str:
    if not os.path.exists(file):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(file))
    return os.fspath(file)


class TLSChannel:
    """The client's end of one TLS connection."""

    __slots__ = ("_incoming", "_object", "_outgoing", "_peer", "is_closed")

    def __init__(self, context: ssl.SSLContext, host: str, peer: str) -> None:
        self._peer = peer
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._object = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self.is_closed = False
        """The peer said that it sends nothing more."""

    def handshake(self, data: bytes) -> bool:
        """Go on with what the peer sent; true once the channel is open. Raises TLSError."""
        self._incoming.write(data)
        try:
            self._object.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except (ssl.SSLError, ssl.CertificateError) as error:
            raise self._refused(error) from error
        return True

    def handshake_cut(self, error: OSError | None = None) -> ConnectError:
        if error is not None:
            return ConnectError(f"cannot connect to {self._peer}: connection reset during the TLS handshake")
        return TLSError(
            f"cannot connect to {self._peer}: the server closed the connection during the TLS handshake; "
            "does it speak https?"
        )

    def _refused(self, error: ssl.SSLError) -> TLSError:
        if isinstance(error, ssl.SSLCertVerificationError):
            problem = f"its certificate is not trusted: {error.verify_message}"
        elif error.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"):
            problem = "the server does not speak TLS on this port; is it http:// rather than https://?"
        else:
            problem = (
                f"the TLS handshake failed: {(error.reason or 'unknown reason').replace('_', ' ').lower()}"
            )
        return TLSError(f"cannot connect to {self._peer}: {problem}")

    def outgoing(self) -> bytes:
        """What must be written to the socket now: empty most of the time."""
        return self._outgoing.read() if self._outgoing.pending else b""

    def encrypt(self, data: bytes | memoryview) -> bytes:
        view = memoryview(data)
        while view:
            view = view[self._object.write(view) :]
        return self._outgoing.read()

    def decrypt(self, data: bytes) -> bytes:
        """The plaintext that became readable. Raises ssl.SSLError if the peer broke the channel."""
        incoming, channel = self._incoming, self._object
        incoming.write(data)
        pieces = []
        try:
            while True:
                piece = channel.read(_RECORD_BYTES)
                if not piece:
                    self.is_closed = True
                    break
                pieces.append(piece)
                if not incoming.pending and not channel.pending():
                    break
        except ssl.SSLWantReadError:
            pass
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)
