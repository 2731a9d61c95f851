"""TLS beyond a certificate: clients' certificates, locked keys, certificates that change."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest
import trustme

from tests.server.wire import until
from tests.servers import TINY_LLAMA, ServerProcess, start_server

TINY = str(TINY_LLAMA)


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    """An authority, its certificate in ca.pem, and one for the server in s.pem."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    issue(made, tmp_path / "s.pem")
    return made


def issue(authority: trustme.CA, path: Path, name: str = "127.0.0.1") -> None:
    authority.issue_cert(name).private_key_and_cert_chain_pem.write_to_path(str(path))


def ask(server: ServerProcess, authority: Path, certificate: Path | None = None) -> tuple[int, int]:
    """Return the reply's status, and the serial number of the server's certificate. Raises OSError."""
    context = ssl.create_default_context(cafile=str(authority))
    if certificate is not None:
        context.load_cert_chain(certificate)
    host, port = server.root.removeprefix("https://").split(":")
    with (
        socket.create_connection((host, int(port)), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        secure.sendall(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        line = secure.makefile("rb").readline()
        if not line:
            raise ConnectionResetError
        shown = secure.getpeercert()
        assert shown is not None
        return int(line.split()[1]), int(str(shown["serialNumber"]), 16)


def test_clients_need_a_certificate_where_told(tmp_path: Path, authority: trustme.CA) -> None:
    ca = tmp_path / "ca.pem"
    issue(authority, tmp_path / "client.pem", "me@example.org")
    issue(trustme.CA(), tmp_path / "stranger.pem", "me@example.org")
    flags = ("--ssl-certfile", str(tmp_path / "s.pem"), "--ssl-ca-certs", str(ca), "--ssl-cert-reqs", "2")
    with start_server(TINY, *flags) as server:
        assert ask(server, ca, tmp_path / "client.pem")[0] == 200
        for certificate in (None, tmp_path / "stranger.pem"):
            with pytest.raises(OSError, match=r"(?i)certificate|unknown ca|reset|^$"):
                ask(server, ca, certificate)


@pytest.mark.parametrize("by_flag", [True, False])
def test_locked_key_is_opened(tmp_path: Path, authority: trustme.CA, by_flag: bool) -> None:
    cryptography = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    pem = (tmp_path / "s.pem").read_bytes()
    key = cryptography.load_pem_private_key(pem, None)
    locked = key.private_bytes(
        cryptography.Encoding.PEM,
        cryptography.PrivateFormat.PKCS8,
        cryptography.BestAvailableEncryption(b"sesame"),
    )
    (tmp_path / "key.pem").write_bytes(locked)
    flags = ["--ssl-certfile", str(tmp_path / "s.pem"), "--ssl-keyfile", str(tmp_path / "key.pem")]
    flags += ["--ssl-keyfile-password", "sesame"] if by_flag else []
    env = {} if by_flag else {"MARTLET_SSL_KEYFILE_PASSWORD": "sesame"}
    with start_server(TINY, *flags, "--ssl-ciphers", "ECDHE+AESGCM", env=env) as server:
        assert ask(server, tmp_path / "ca.pem")[0] == 200


def test_changed_certificate_is_read_again(tmp_path: Path, authority: trustme.CA) -> None:
    ca, certificate = tmp_path / "ca.pem", tmp_path / "s.pem"
    with start_server(TINY, "--ssl-certfile", str(certificate), "--enable-ssl-refresh") as server:
        before = ask(server, ca)
        certificate.write_text("half a certificate")
        until(lambda: "cannot be used" in server.stderr)
        assert ask(server, ca) == before
        issue(authority, certificate)
        until(lambda: "again" in server.stderr)
        status, serial = ask(server, ca)
    assert status == 200
    assert serial != before[1]
