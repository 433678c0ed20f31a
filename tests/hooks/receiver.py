"""The other side of a webhook: a real server on this machine that answers as it is told and keeps what it got."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Got:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers the statuses in `plan` one by one, then 200; keeps every request."""

    plan: list[int] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    text: bytes = b"thank you"
    headers: dict[str, str] = field(default_factory=dict)
    manner: Callable[[Any], None] | None = None
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?from=rostrum"

    def start(self) -> ThreadingHTTPServer:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            """Hands everything to the receiver around it."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.append(Got(self.path, headers, body))
                if receiver.manner is not None:
                    receiver.manner(self)
                    return
                self.send_response(receiver.plan.pop(0) if receiver.plan else 200)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(receiver.text)))
                self.end_headers()
                self.wfile.write(receiver.text)

            def log_message(self, *args: Any) -> None:
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server


def dripping(handler: Any) -> None:
    """Sends the head of an answer byte by byte, so that no single wait is long and the whole never ends."""
    try:
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"z" * 2000:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        pass


def silent(handler: Any) -> None:
    """Takes the message and says nothing for a while."""
    time.sleep(1.5)
