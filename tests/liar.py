"""A local server that lies: each connection is handed to a function of the test, bare."""

import datetime as dt
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

Lie = Callable[[socket.socket], None]


@contextmanager
def liar(lie: Lie, *, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve `lie` to every connection; yield the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        Thread(target=_serve, args=(server, lie, tls), daemon=True).start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        # Wakes accept, which a mere close does not.
        server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, lie: Lie, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError):
        while True:
            connection, _ = server.accept()
            Thread(target=_answer, args=(connection, lie, tls), daemon=True).start()


def _answer(connection: socket.socket, lie: Lie, tls: ssl.SSLContext | None) -> None:
    with connection, suppress(OSError):
        if tls:
            with tls.wrap_socket(connection, server_side=True) as inner:
                lie(inner)
        else:
            lie(connection)


def says(answer: bytes) -> Lie:
    """Return the lie that reads a request, sends `answer` and hangs up."""

    def lie(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    return lie


def drips(opening: bytes, drop: bytes, *, every_s: float = 0.02) -> Lie:
    """Return the lie that goes on and on, a drop at a time."""

    def lie(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(opening)
        while True:
            connection.sendall(drop)
            time.sleep(every_s)

    return lie


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """Return a file with a certificate that signs itself, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    try:
        alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context
