"""Proxies: which requests they get, what they see, and how their failures read."""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import martlet
from martlet import errors
from martlet.client.transport import HTTPTransport, Origin
from martlet.client.transport.proxies import Proxies
from tests.client.callers import HI
from tests.client.scripted import CHAT, ScriptedServer, http
from tests.client.transport.peer import OK, Caller, Link, Peer, get, hold, post

Listen = Callable[..., Peer]
Make = Callable[..., Caller]


@pytest.fixture(autouse=True)
def no_proxies_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "request_method"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def origin(url: str) -> Origin:
    scheme, _, authority = url.partition("://")
    host, _, port = authority.rpartition(":") if re.search(r":\d+$", authority) else (authority, "", "")
    return Origin(scheme, host.strip("[]"), int(port or {"http": 80, "https": 443}[scheme]))


def chosen(url: str, environment: dict[str, str], given: str | None = None) -> str | None:
    proxy = Proxies(given, environment).of(origin(url))
    return None if proxy is None else proxy.name


# --- which ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "http", "https"),
    [
        ({}, None, None),
        ({"HTTP_PROXY": "http://a:1"}, "http://a:1", None),
        ({"HTTPS_PROXY": "http://a:1"}, None, "http://a:1"),
        ({"ALL_PROXY": "a:1"}, "http://a:1", "http://a:1"),
        ({"ALL_PROXY": "http://a:1", "https_proxy": "http://b"}, "http://a:1", "http://b"),
        ({"http_proxy": "http://a:1", "HTTP_PROXY": "http://b:1"}, "http://a:1", None),
        ({"http_proxy": "", "HTTP_PROXY": "http://b:1"}, None, None),
        ({"HTTP_PROXY": "http://a:1", "REQUEST_METHOD": "GET"}, None, None),
    ],
)
def test_the_environment_names_proxies_by_scheme(
    environment: dict[str, str], http: str | None, https: str | None
) -> None:
    assert chosen("http://api.example.com", environment) == http
    assert chosen("https://api.example.com", environment) == https


@pytest.mark.parametrize(
    ("rules", "url", "is_direct"),
    [
        ("example.com", "http://example.com", True),
        ("example.com", "http://api.example.com", True),
        ("example.com", "http://badexample.com", False),
        (".example.com", "http://api.example.com", True),
        ("*.example.com", "http://api.example.com", True),
        ("EXAMPLE.com", "http://Api.Example.COM", True),
        ("example.com:8000", "http://example.com:8000", True),
        ("example.com:8000", "http://example.com:9000", False),
        ("a.com, b.com", "http://b.com", True),
        ("a.com b.com", "http://b.com", True),
        ("*", "http://c.com", True),
        ("a.com,", "http://c.com", False),
        ("8.8.0.0/16", "http://8.8.4.4", True),
        ("8.8.0.0/16", "http://8.9.4.4", False),
        ("8.8.0.0/16", "http://name.com", False),
        ("8.8.4.4", "http://8.8.4.4", True),
        ("8.8.4.4:80", "http://8.8.4.4", True),
        ("8.8.4.4:81", "http://8.8.4.4", False),
        ("2001:4860::/32", "http://[2001:4860::8]", True),
        ("2001:4860::8", "http://[2001:4860::8]:80", True),
        ("[2001:4860::8]:80", "http://[2001:4860::8]", True),
        ("nonsense/99", "http://8.8.8.8", False),
    ],
)
def test_no_proxy_excepts(rules: str, url: str, is_direct: bool) -> None:
    assert (chosen(url, {"ALL_PROXY": "p:1", "NO_PROXY": rules}) is None) == is_direct


NEAR = [
    "http://localhost:8000",
    "http://127.0.0.2",
    "http://[::1]",
    "http://10.1.2.3",
    "http://192.168.0.9:80",
    "http://172.16.4.4",
    "http://169.254.1.1",
    "http://[fd00::1]",
    "http://vllm:8000",
    "http://gpu.local",
]


@pytest.mark.parametrize("url", NEAR)
def test_near_hosts_are_reached_directly_unless_asked(url: str) -> None:
    assert chosen(url, {"ALL_PROXY": "http://p:1"}) is None
    assert chosen(url, {}, given="http://p:1") == "http://p:1"


def test_the_environment_can_be_ignored(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert HTTPTransport(trust_env=False)._reach.proxies is None
    assert HTTPTransport()._reach.proxies is not None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "socks5://user:pw@p:1080",
            r"socks5://p:1080: SOCKS needs .* `pip install 'httpx\[socks\]'`",
        ),
        ("https://p:1", "TLS to the proxy itself needs an adapter"),
        ("ftp://p", "a proxy looks like http://host:port"),
        ("http://p:port", "a proxy looks like http://host:port"),
    ],
)
def test_a_proxy_of_another_kind_is_refused(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        HTTPTransport(proxy=url)
    assert "pw" not in str(caught.value)
    with pytest.raises(errors.ProxyError, match=said) as refused:
        chosen("http://api.example.com", {"ALL_PROXY": url})
    assert refused.value.sent == "no"


# --- what it sees -----------------------------------------------------------------------------------------


def test_http_is_forwarded_whole(listen: Listen, make_caller: Make) -> None:
    heads = []

    def proxy(link: Link) -> None:
        while request := link.read_request():
            heads.append(request)
            link.send(OK)

    peer = listen(proxy)
    caller = make_caller(proxy=f"http://user:p%40ss@127.0.0.1:{peer.port}")
    for _ in range(2):
        assert caller.send(post(Origin("http", "api.invalid", 8000))).read() == b"hi"
    lines = heads[0].decode().split("\r\n")
    assert lines[0] == "POST http://api.invalid:8000/v1/x?key=secret HTTP/1.1"
    assert "host: api.invalid:8000" in lines
    token = base64.b64encode(b"user:p@ss").decode()
    assert f"proxy-authorization: Basic {token}" in lines
    assert heads[1] == heads[0]
    assert peer.num_accepted == 1


@contextlib.contextmanager
def relayed(one: socket.socket, other: socket.socket) -> Iterator[None]:
    def pump() -> None:
        with contextlib.suppress(OSError):
            while data := other.recv(65536):
                one.sendall(data)
            one.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=pump)
    thread.start()
    yield
    thread.join(5)


class Tunnels:
    """A proxy that answers CONNECT and notes the heads."""

    def __init__(self, target: Peer) -> None:
        self.heads: list[str] = []
        self._target = target

    def __call__(self, link: Link) -> None:
        self.heads.append(link.read_head().decode())
        with socket.create_connection(("127.0.0.1", self._target.port)) as other:
            link.send(b"HTTP/1.1 200 Connection ")
            link.send(b"established\r\nvia: 1.1 x\r\n\r\n")
            with relayed(link.sock, other), contextlib.suppress(OSError):
                while data := link.sock.recv(65536):
                    other.sendall(data)
                other.shutdown(socket.SHUT_WR)


@pytest.fixture(scope="module")
def authority() -> Any:
    return pytest.importorskip("trustme").CA()


def served_by(authority: Any, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def trusting(authority: Any) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_https_goes_through_a_tunnel(listen: Listen, make_caller: Make, authority: Any) -> None:
    seen = []

    def server(link: Link) -> None:
        while request := link.read_request():
            seen.append(request.split(b"\r\n")[0])
            link.send(OK)

    tunnels = Tunnels(listen(server, tls=served_by(authority, "api.invalid")))
    peer = listen(tunnels)
    caller = make_caller(proxy=f"http://u:p@127.0.0.1:{peer.port}", ssl_context=trusting(authority))
    for _ in range(2):
        assert caller.send(post(Origin("https", "api.invalid", 443))).read() == b"hi"
    caller.end()
    assert seen == [b"POST /v1/x?key=secret HTTP/1.1"] * 2
    assert len(tunnels.heads) == 1
    lines = tunnels.heads[0].split("\r\n")
    assert lines[0] == "CONNECT api.invalid:443 HTTP/1.1"
    assert f"proxy-authorization: Basic {base64.b64encode(b'u:p').decode()}" in lines
    assert "sk-secret" not in tunnels.heads[0]


def test_the_environments_proxy_is_used(
    listen: Listen, make_caller: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = listen(lambda link: link.answer_all())
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{peer.port}")
    direct = listen(lambda link: link.answer_all(OK.replace(b"hi", b"no")))
    caller = make_caller()
    assert caller.send(get(Origin("http", "api.example.invalid", 80))).read() == b"hi"
    assert caller.send(get(direct.origin)).read() == b"no"


def test_the_official_client_is_forwarded_alike(play_one: ScriptedServer) -> None:
    openai = pytest.importorskip("openai")
    httpx = pytest.importorskip("httpx")
    url = f"http://u:p@127.0.0.1:{play_one.port}"
    with martlet.OpenAI(base_url="http://api.invalid/v1", http_client=HTTPTransport(proxy=url)) as ours:
        ours.chat.completions.create(**HI)
    with openai.OpenAI(
        base_url="http://api.invalid/v1", api_key="EMPTY", http_client=httpx.Client(proxy=url)
    ) as theirs:
        theirs.chat.completions.create(**HI)
    for name in ("host", "proxy-authorization", "content-length", "authorization"):
        assert play_one.seen[0].headers[name] == play_one.seen[1].headers[name]
    assert play_one.seen[0].target == play_one.seen[1].target == "http://api.invalid/v1/chat/completions"


@pytest.fixture
def play_one() -> Iterator[ScriptedServer]:
    with ScriptedServer([http(200, CHAT)]) as server:
        yield server


# --- how it fails -----------------------------------------------------------------------------------------

SECURE = Origin("https", "api.invalid", 443)
PLAIN = Origin("http", "api.invalid", 80)


@pytest.mark.parametrize("target", [PLAIN, SECURE])
def test_a_proxy_that_is_down_is_named(listen: Listen, make_caller: Make, target: Origin) -> None:
    peer = listen(hold())
    peer.close()
    with pytest.raises(errors.ProxyError) as caught:
        make_caller(proxy=f"http://u:secret-pw@127.0.0.1:{peer.port}").send(get(target))
    assert caught.value.sent == "no"
    assert f"its proxy http://127.0.0.1:{peer.port}: connection refused" in str(caught.value)
    assert f"cannot connect to {target.scheme}://api.invalid" in str(caught.value)
    assert "secret-pw" not in str(caught.value)


def test_a_proxy_without_address_is_named(make_caller: Make) -> None:
    with pytest.raises(errors.ProxyError, match=r"its proxy http://proxy\.invalid:3128"):
        make_caller(proxy="http://proxy.invalid:3128").send(get(PLAIN))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            "it answered 407 Proxy Auth",
        ),
        (b"HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno", "it answered 403 Forbidden"),
        (b"220 mail ready\r\n\r\n", "it does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\n\r\nhello", "it sent more than an answer"),
        (b"HTTP/1.1 200 " + b"x" * 70_000, "its answer does not end"),
        (b"HTTP/1.1 200 OK\r\nvia", "it closed the connection"),
    ],
)
def test_a_refused_tunnel_is_told(listen: Listen, make_caller: Make, answer: bytes, said: str) -> None:
    def proxy(link: Link) -> None:
        link.read_head()
        link.send(answer)

    peer = listen(proxy)
    with pytest.raises(errors.ProxyError, match=said) as caught:
        make_caller(proxy=f"http://127.0.0.1:{peer.port}").send(get(SECURE))
    assert f"the proxy http://127.0.0.1:{peer.port} refused" in str(caught.value)


def test_a_silent_proxy_times_out(listen: Listen, make_caller: Make) -> None:
    peer = listen(hold())
    with pytest.raises(errors.ConnectTimeout, match=r"through the proxy http://127.*connect=0\.2 s"):
        make_caller(proxy=f"http://127.0.0.1:{peer.port}").send(get(SECURE, connect=0.2))


def test_faults_behind_a_proxy_name_it(listen: Listen, make_caller: Make, authority: Any) -> None:
    lost = listen(lambda link: link.read_request() and None)
    with pytest.raises(errors.ConnectionLost, match=r"http://api\.invalid \(through the proxy http://127"):
        make_caller(proxy=f"http://127.0.0.1:{lost.port}").send(get(PLAIN))
    tunnels = Tunnels(listen(lambda link: link.answer_all(), tls=served_by(authority, "other.invalid")))
    peer = listen(tunnels)
    caller = make_caller(proxy=f"http://127.0.0.1:{peer.port}", ssl_context=trusting(authority))
    with pytest.raises(errors.TLSError, match=r"https://api\.invalid \(through the proxy http://127"):
        caller.send(get(SECURE))
