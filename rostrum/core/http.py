"""The one HTTP client: asks only public addresses, never follows a redirect, and ends in time whatever the other does."""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore2

URL_LIMIT = 500
PORTS = {"https": 443, "http": 80}
# What carries an address of another kind inside it could lead to a private one by a detour.
_WRAPPED = tuple(
    ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?")


class HttpError(Exception):
    """Nothing came back. `code` says why, in one word that a page can put into a sentence.

    `address` (not an address we can use), `insecure` (https is needed), `inside` (it leads into a private network),
    `unknown` (no machine has this name), `unreachable`, `certificate`, `timeout`, `broken` (not HTTP).
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Fence:
    """Where requests may go: only by https or not, and which private hosts an operator allowed by name."""

    https_only: bool = True
    private_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """What came back: the status, its headers (names in lower case), the first bytes of the body, how long it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    milliseconds: int


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public Internet: not private, loopback, link-local, multicast or reserved.

    Addresses that wrap another one (6to4, NAT64, Teredo) are refused whole; an IPv4 address in IPv6 form counts as
    what it is.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in net for net in _WRAPPED):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def _literal(host: str) -> str:
    """The host itself when it is an IP address, else empty."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return ""


def check(url: str, fence: Fence) -> SplitResult:
    """Read an address without asking anybody for it. Raises HttpError: `address`, `insecure` or `inside`."""
    if not url or len(url) > URL_LIMIT or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise HttpError("address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise HttpError("address") from None
    host = parts.hostname or ""
    if parts.scheme not in PORTS or port == 0 or parts.username is not None or parts.password is not None:
        raise HttpError("address")
    if parts.fragment or not (_literal(host) or _HOST.fullmatch(host)):
        raise HttpError("address")
    if parts.scheme == "http" and fence.https_only:
        raise HttpError("insecure")
    if host not in fence.private_hosts:
        bare, literal = host.rstrip("."), _literal(host)
        if bare == "localhost" or bare.endswith((".localhost", ".local", ".internal")):
            raise HttpError("inside", host)
        if literal and not is_public(literal):
            raise HttpError("inside", host)
    return parts


def resolve(host: str, port: int, seconds: float = 10.0) -> list[str]:
    """Every IP address of a host, as the system's resolver tells it, within so many seconds.

    The resolver itself knows no time limit, so it is asked in a thread of its own that nobody waits for any longer.
    Raises HttpError: `unknown`, `timeout`.
    """
    told: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            told.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            told.put(error)

    threading.Thread(target=ask, daemon=True, name="resolver").start()
    try:
        answer = told.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise HttpError("timeout", host) from None
    if isinstance(answer, Exception):
        raise HttpError("unknown", str(answer)[:200])
    return answer


class _Timed(httpcore2.NetworkStream):
    """A connection that is over at its deadline, also for a peer that sends one byte at a time."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the deadline has passed")
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, self._left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Pinned(httpcore2.NetworkBackend):
    """Connects to the addresses that were checked, whatever the name means a moment later."""

    def __init__(self, addresses: list[str], deadline: float) -> None:
        self._addresses = addresses
        self._deadline = deadline

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:  # fmt: skip
        failed: Exception = httpcore2.ConnectError("no address")
        for n, address in enumerate(self._addresses):
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise httpcore2.ConnectTimeout("the deadline has passed")
            share = left / (len(self._addresses) - n)  # one dead address must not use up the time of the next
            try:
                stream = httpcore2.SyncBackend().connect_tcp(
                    address, port, timeout=share, socket_options=socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
                continue
            return _Timed(stream, self._deadline)
        raise failed


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """The system's own list of trusted authorities, which knows a school network's inspecting proxy as well."""
    return ssl.create_default_context()


def send(
    method: str, url: str, *, fence: Fence, headers: Mapping[str, str] | None = None, content: bytes = b"",
    seconds: float = 10.0, most: int = 1024,
) -> Answer:  # fmt: skip
    """Make one request. Any status is an answer, a redirect too; reading stops after `most` bytes of the body.

    The name is resolved first; one private address among its addresses refuses them all, and the connection goes to
    an address that was checked. All of it together takes at most `seconds`. Proxies named in the environment are not
    used. Raises HttpError. Source: OWASP, server-side request forgery.
    """
    parts = check(url, fence)
    host = parts.hostname or ""
    started = time.monotonic()
    addresses = resolve(host, parts.port or PORTS[parts.scheme], seconds)
    if host not in fence.private_hosts and not all(is_public(one) for one in addresses):
        raise HttpError("inside", host)
    backend = _Pinned(addresses, started + seconds)
    sent: dict[bytes | str, bytes | str] = {"Accept-Encoding": "identity", "Connection": "close"}
    sent.update((headers or {}).items())
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=_certificates(), network_backend=backend, max_connections=1) as pool,
            pool.stream(method, url, headers=sent, content=content) as answer,
        ):
            body = b""
            for chunk in answer.iter_stream():
                body += chunk
                if len(body) >= most:
                    break
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            return Answer(answer.status, told, body[:most], int((time.monotonic() - started) * 1000))
    except httpcore2.TimeoutException:
        raise HttpError("timeout") from None
    except httpcore2.ConnectError as error:
        cause = error.__cause__ or error.__context__
        code = "certificate" if isinstance(cause, ssl.SSLError) else "unreachable"
        raise HttpError(code, str(error)[:200]) from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        raise HttpError("broken", str(error)[:200]) from None
