"""A small process tree: start, watch, restart with back-off, stop in order, leave nothing behind."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType

from rostrum.management.out import CommandRefused, say, warn

POLL = 0.2  # seconds between looks at the children
PATIENCE = 30.0  # seconds that a child gets to stop by itself; a job in progress may finish
LONGEST_PAUSE = 60.0  # seconds between restarts of a child that keeps failing
SUPERVISED = "ROSTRUM_SUPERVISED"


def port_is_free(host: str, port: int) -> None:
    """Raises CommandRefused when another program listens there already: its answers would look like ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandRefused(
                f"Rostrum cannot listen on {host}:{port}: {error.strerror}. Choose another with --port.",
                code="port",
            ) from error


def reachable(host: str) -> str:
    """The address under which this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def follow_parent() -> None:
    """On Linux, a supervised child is told to stop when its supervisor dies without a chance to say so."""
    if os.environ.get(SUPERVISED) and sys.platform == "linux":
        import ctypes

        pr_set_pdeathsig = 1
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGTERM)


@dataclass
class Child:
    """One process and how to keep it."""

    name: str
    command: Sequence[str]
    restart: bool
    process: subprocess.Popen[bytes]
    started: float
    failures: int = 0
    again_at: float | None = None


class Tree:
    """The supervisor. Each child leads its own process group, so that a signal reaches a whole cluster."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = {**env, SUPERVISED: "1"}
        self.children: dict[str, Child] = {}
        self.waiting: list[tuple[str, Sequence[str]]] = []
        self.stopping = False

    def _spawn(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=self.env, start_new_session=True)

    def call(self, command: Sequence[str]) -> int:
        """Runs a command to its end, in the foreground; its exit code."""
        return subprocess.run(command, env=self.env, check=False).returncode

    def start(self, name: str, command: Sequence[str], *, restart: bool = False) -> None:
        """Starts a child."""
        self.children[name] = Child(name, command, restart, self._spawn(command), time.monotonic())

    def start_later(self, name: str, command: Sequence[str]) -> None:
        """Starts a child, and again whenever it ends, once the main one answers: pages come first."""
        self.waiting.append((name, command))

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def run(self, *, until: str, answers_at: tuple[str, int], announce: Sequence[str] | None = None) -> int:
        """Watches until the child `until` ends or a signal comes; returns the exit code for the whole tree.

        Says where Rostrum answers as soon as it does, and runs `announce` once after that.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        main = self.children[until]
        silent = True
        while not self.stopping and main.process.poll() is None:
            if silent and _answers(*answers_at):
                silent = False
                for name, command in self.waiting:
                    self.start(name, command, restart=True)
                if announce:
                    self.call(announce)
                say(f"Rostrum runs at {self.env.get('ROSTRUM_SITE_URL', '')}")
                say("Stop it with Ctrl-C.")
                sys.stdout.flush()
            for child in self.children.values():
                if child is not main:
                    self._tend(child)
            time.sleep(POLL)
        code = 0 if self.stopping else main.process.returncode
        self._stop_all()
        return code if code >= 0 else 1

    def _tend(self, child: Child) -> None:
        """Starts a child again after it ended.

        At once after a long life, later and later when it keeps failing.
        """
        now = time.monotonic()
        if child.process.poll() is None or not child.restart:
            return
        if child.again_at is None:
            child.failures = 1 if now - child.started > LONGEST_PAUSE else child.failures + 1
            pause = min(2.0 ** (child.failures - 1), LONGEST_PAUSE)
            code = child.process.returncode
            warn(f"The {child.name} ended with code {code}; it starts again in {pause:.0f} s.")
            _signal_group(child.process, signal.SIGKILL)  # what it may have left behind
            child.again_at = now + pause
        elif now >= child.again_at:
            child.process, child.started, child.again_at = self._spawn(child.command), now, None

    def _stop_all(self) -> None:
        """Asks every child to stop, waits, then ends whatever is left of each group."""
        for child in self.children.values():
            if child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for child in self.children.values():
            try:
                child.process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                warn(f"The {child.name} did not stop in time and was ended.")
            _signal_group(child.process, signal.SIGKILL)
            child.process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return  # the whole group is gone already


def _answers(host: str, port: int) -> bool:
    """Whether anything that speaks HTTP answers there; what it answers does not matter here."""
    connection = http.client.HTTPConnection(reachable(host), port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
