"""The HTTP client: names are resolved in time, once, and one private address refuses them all."""

from __future__ import annotations

import socket
import time
from typing import Any

import httpcore2
import pytest

from rostrum.core import http

FENCE = http.Fence(https_only=False)


def answering(*answers: list[str]) -> Any:
    """A resolver that gives other addresses each time it is asked, as a rebinding name server would."""
    left = list(answers)

    def ask(host: str, port: int, **_more: Any) -> list[Any]:
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    return ask


def test_a_resolver_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: time.sleep(5) or [])
    start = time.monotonic()
    with pytest.raises(http.HttpError) as refused:
        http.resolve("slow.example.ca", 443, 0.05)
    assert refused.value.code == "timeout"
    assert time.monotonic() - start < 4


def test_a_name_that_nobody_has_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_a: Any, **_k: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(http.HttpError) as refused:
        http.resolve("nowhere.example.ca", 443)
    assert refused.value.code == "unknown"


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["93.184.215.14", "10.0.0.5"], ["169.254.169.254"], ["0.0.0.0"], ["192.168.1.1", "8.8.8.8"]],  # noqa: S104 - as an answer of a name server
)
def test_one_private_address_refuses_them_all(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering(addresses))
    with pytest.raises(http.HttpError) as refused:
        http.send("GET", "http://hooks.example.ca/in", fence=FENCE)
    assert refused.value.code == "inside"


def test_a_name_is_asked_for_once_so_that_it_cannot_be_bound_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """First public, then private (DNS rebinding): the connection goes to the address that was checked."""
    tried: list[str] = []

    def connect(_self: Any, host: str, *_a: Any, **_k: Any) -> Any:
        tried.append(host)
        raise httpcore2.ConnectError("refused in this test")

    monkeypatch.setattr(socket, "getaddrinfo", answering(["93.184.215.14"], ["127.0.0.1"]))
    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", connect)
    with pytest.raises(http.HttpError) as refused:
        http.send("GET", "http://hooks.example.ca/in", fence=FENCE)
    assert refused.value.code == "unreachable"
    assert tried == ["93.184.215.14"]
