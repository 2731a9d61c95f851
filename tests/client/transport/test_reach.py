"""Whom a transport trusts, how it shows who it is, and Unix sockets."""

from __future__ import annotations

import contextlib
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import trustme

import martlet
from martlet import errors
from martlet.client.transport import AsyncHTTPTransport, HTTPTransport, Origin
from martlet.client.transport.tls import default_context
from tests.client.callers import HI
from tests.client.scripted import CHAT, http
from tests.client.transport.peer import OK, Caller, Link, Peer, get, post

Listen = Callable[..., Peer]
Make = Callable[..., Caller]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def authority_file(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def fresh_default_context() -> Iterator[None]:
    default_context.cache_clear()
    yield
    default_context.cache_clear()


# --- TLS --------------------------------------------------------------------------------------------------


def test_an_authority_file_is_trusted(
    listen: Listen, make_caller: Make, server: ssl.SSLContext, authority_file: str
) -> None:
    peer = listen(Link.answer_all, tls=server)
    assert make_caller(verify=authority_file).send(post(peer.origin)).read() == b"hi"
    assert make_caller(verify=Path(authority_file)).send(post(peer.origin)).read() == b"hi"


def test_the_environments_authorities_are_trusted(
    listen: Listen,
    make_caller: Make,
    server: ssl.SSLContext,
    authority_file: str,
    monkeypatch: pytest.MonkeyPatch,
    fresh_default_context: None,
) -> None:
    peer = listen(Link.answer_all, tls=server)
    with pytest.raises(errors.TLSError):
        make_caller().send(post(peer.origin))
    default_context.cache_clear()
    monkeypatch.setenv("SSL_CERT_FILE", authority_file)
    assert make_caller().send(post(peer.origin)).read() == b"hi"


def test_a_folder_of_authorities_is_trusted(
    listen: Listen,
    make_caller: Make,
    server: ssl.SSLContext,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fresh_default_context: None,
) -> None:
    folder = tmp_path / "certs"
    folder.mkdir()
    (folder / f"{subject_hash(authority)}.0").write_bytes(authority.cert_pem.bytes())
    peer = listen(Link.answer_all, tls=server)
    assert make_caller(verify=str(folder)).send(post(peer.origin)).read() == b"hi"
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    assert make_caller().send(post(peer.origin)).read() == b"hi"


def subject_hash(authority: trustme.CA) -> str:
    """The name under which OpenSSL looks for a certificate in a folder."""
    import shutil
    import subprocess

    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl program")
    return (
        subprocess.run(
            ["openssl", "x509", "-hash", "-noout"],
            input=authority.cert_pem.bytes(),
            capture_output=True,
            check=True,
        )
        .stdout.decode()
        .strip()
    )


def test_verification_can_be_turned_off(listen: Listen, make_caller: Make, server: ssl.SSLContext) -> None:
    peer = listen(Link.answer_all, tls=server)
    assert make_caller(verify=False).send(post(peer.origin)).read() == b"hi"


def test_a_client_certificate_is_shown(
    listen: Listen,
    make_caller: Make,
    server: ssl.SSLContext,
    authority: trustme.CA,
    authority_file: str,
    tmp_path: Path,
) -> None:
    server.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(server)
    mine = authority.issue_cert("me@example.invalid")
    both, key, chain = (str(tmp_path / name) for name in ("both.pem", "key.pem", "chain.pem"))
    mine.private_key_and_cert_chain_pem.write_to_path(both)
    mine.private_key_pem.write_to_path(key)
    mine.cert_chain_pems[0].write_to_path(chain)
    subjects: list[Any] = []

    def script(link: Link) -> None:
        subjects.append(link.sock.getpeercert())  # type: ignore[attr-defined]  # an SSLSocket
        link.answer_all()

    peer = listen(script, tls=server)
    for cert in (both, (chain, key)):
        assert make_caller(verify=authority_file, cert=cert).send(post(peer.origin)).read() == b"hi"
    assert [dict(s)["subjectAltName"] for s in subjects] == [(("email", "me@example.invalid"),)] * 2
    with pytest.raises(errors.TransportError, match=r"(?i)certificate|reset") as caught:
        make_caller(verify=authority_file).send(post(peer.origin)).read()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("transport", [HTTPTransport, AsyncHTTPTransport])
def test_files_that_cannot_be_used_are_named(transport: Any, tmp_path: Path) -> None:
    missing, junk = str(tmp_path / "missing.pem"), tmp_path / "junk.pem"
    junk.write_text("junk")
    for options in ({"verify": missing}, {"cert": missing}):
        with pytest.raises(FileNotFoundError, match=r"missing\.pem"):
            transport(**options)
    for options in ({"verify": str(junk)}, {"cert": str(junk)}):
        with pytest.raises(ValueError, match=r"junk\.pem"):
            transport(**options)


@pytest.mark.parametrize(
    "options",
    [
        {"ssl_context": ssl.create_default_context(), "verify": False},
        {"ssl_context": ssl.create_default_context(), "cert": "x"},
        {"uds": "/tmp/x", "proxy": "http://p:1"},
    ],
)
def test_contradictions_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="give either"):
        HTTPTransport(**options)


# --- Unix sockets -----------------------------------------------------------------------------------------


@pytest.fixture
def socket_path() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are too long for a socket's name
        yield f"{folder}/s"


class UnixPeer:
    """Answers every request at a Unix socket."""

    def __init__(self, path: str, reply: bytes, tls: ssl.SSLContext | None = None) -> None:
        self.heads: list[bytes] = []
        self._reply = reply
        self._tls = tls
        self._socks: list[socket.socket] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                if self._tls is not None:
                    sock = self._tls.wrap_socket(sock, server_side=True)
                self._socks.append(sock)
                link = Link(sock, len(self._socks))
                while request := link.read_request():
                    self.heads.append(request)
                    link.send(self._reply)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._socks:
            sock.close()


@pytest.fixture
def unix(socket_path: str) -> Iterator[Callable[..., UnixPeer]]:
    with contextlib.ExitStack() as stack:

        def start(reply: bytes = OK, **options: Any) -> UnixPeer:
            peer = UnixPeer(socket_path, reply, **options)
            stack.callback(peer.close)
            return peer

        yield start


def test_a_unix_socket_serves_every_origin(
    unix: Callable[..., UnixPeer], make_caller: Make, socket_path: str
) -> None:
    peer = unix()
    caller = make_caller(uds=socket_path)
    for _ in range(3):
        assert caller.send(post(Origin("http", "localhost", 80))).read() == b"hi"
    assert len(peer.heads) == 3
    assert b"host: localhost\r\n" in peer.heads[0]


def test_a_unix_socket_can_speak_tls(
    unix: Callable[..., UnixPeer],
    make_caller: Make,
    socket_path: str,
    server: ssl.SSLContext,
    authority_file: str,
) -> None:
    unix(tls=server)
    caller = make_caller(uds=socket_path, verify=authority_file)
    assert caller.send(post(Origin("https", "127.0.0.1", 443))).read() == b"hi"


def test_a_missing_unix_socket_is_named(make_caller: Make, socket_path: str) -> None:
    with pytest.raises(errors.ConnectError) as caught:
        make_caller(uds=socket_path).send(get(Origin("http", "localhost", 80)))
    assert f"http://localhost (at the Unix socket {socket_path}): no such file" in str(caught.value)


def test_a_unix_socket_ignores_proxies(
    unix: Callable[..., UnixPeer], make_caller: Make, socket_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unix()
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert make_caller(uds=socket_path).send(get(Origin("http", "a.example.com", 80))).read() == b"hi"


def test_the_client_talks_over_a_unix_socket(unix: Callable[..., UnixPeer], socket_path: str) -> None:
    unix(http(200, CHAT))
    transport = HTTPTransport(uds=socket_path)
    with martlet.OpenAI(base_url="http://localhost/v1", http_client=transport) as client:
        assert client.chat.completions.create(**HI).id == CHAT["id"]


@pytest.mark.parametrize("proxy", [None, "http://127.0.0.1:1"])
def test_a_base_url_can_name_a_unix_socket(monkeypatch: pytest.MonkeyPatch, proxy: str | None) -> None:
    if proxy is not None:
        monkeypatch.setenv("ALL_PROXY", proxy)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/The vllm.sock"
        peer = UnixPeer(path, http(200, CHAT))
        url = f"http+unix://{quote(path, safe='')}/v1"
        with martlet.OpenAI(base_url=url, api_key="k") as client:
            assert str(client.base_url) == f"{url}/"
            assert client.chat.completions.create(**HI).id == CHAT["id"]
        peer.close()
    assert peer.heads[0].startswith(b"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n")


def test_a_missing_unix_socket_of_a_base_url_is_named(make_caller: Make, socket_path: str) -> None:
    origin = Origin("http+unix", quote(socket_path, safe=""), 80)
    with pytest.raises(errors.ConnectError, match=f"at the Unix socket {socket_path}\\): no such file"):
        make_caller().send(get(origin))


def test_a_unix_socket_has_no_port() -> None:
    with pytest.raises(ValueError, match="no valid host"):
        martlet.OpenAI(base_url="http+unix://%2Ftmp%2Fs:80/v1", api_key="k")
