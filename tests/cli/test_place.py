"""A real place in its own folder: set up, serve, work, stop; several processes writing one log."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rostrum.management import tree
from rostrum.management.out import CommandRefused

ROOT = Path(__file__).resolve().parents[2]
RACE = """
import django; django.setup()
from django.db import transaction
from rostrum.audit.actions import record
for n in range(25):
    with transaction.atomic():
        record(None, "unit:change", None, subject=("unit", n), note=str(n))
"""


def environment(data: Path) -> dict[str, str]:
    """A child's environment: this code, a folder and an SQLite database of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROSTRUM_")}
    kept.pop("DATABASE_URL", None)
    return {
        **kept, "ROSTRUM_MODE": "test", "ROSTRUM_DATA_DIR": str(data), "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "rostrum.config.settings",
    }  # fmt: skip


def rostrum(data: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    """Runs one command from a foreign working folder."""
    return subprocess.run(
        [sys.executable, "-m", "rostrum", *argv],
        env=environment(data), cwd=data.parent, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str) -> tuple[int, bytes]:
    """Status and body of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def children_of(parent: int) -> list[int]:
    """Ids of a process's own children (Linux)."""
    return [int(one) for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def members(session: int) -> list[int]:
    """Ids of living processes whose session is led by one of ours (Linux)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(") ")[2].split()
        except OSError:
            continue  # it ended while we looked
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place that has just been set up."""
    data = tmp_path_factory.mktemp("place") / "data"
    done = rostrum(data, "setup")
    assert done.returncode == 0, done.stderr
    assert "migrations applied" in done.stdout
    assert "ap-193 2015-09 is published" in done.stdout
    return data


def test_a_second_set_up_finds_everything_in_place(place: Path) -> None:
    done = rostrum(place, "setup")
    assert (done.returncode, done.stdout) == (0, "Everything is in place.\n")
    assert rostrum(place, "setup", "--quiet").stdout == ""


def test_set_up_notices_that_its_database_is_another_one(place: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    rostrum(data, "setup")
    (data / "rostrum.sqlite3").rename(tmp_path / "old")
    (data / "rostrum.sqlite3").touch()
    assert "migrations applied" in rostrum(data, "setup").stdout


def test_processes_that_write_at_once_make_one_chain(place: Path) -> None:
    before = json.loads(rostrum(place, "audit", "verify", "--json").stdout)["entries"]
    race = [subprocess.Popen([sys.executable, "-c", RACE], env=environment(place)) for _n in range(4)]
    assert [one.wait(60) for one in race] == [0] * 4
    report = json.loads(rostrum(place, "audit", "verify", "--json").stdout)
    assert (report["ok"], report["entries"]) == (True, before + 100)


def test_output_into_a_closed_pipe_is_no_failure(place: Path) -> None:
    command = f"{sys.executable} -m rostrum resolve " + " ".join(["https://x.com/a1"] * 5000) + " | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env=environment(place),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_environment_that_is_unsafe_is_refused_in_one_line(tmp_path: Path) -> None:
    env = {**environment(tmp_path), "ROSTRUM_MODE": "production"}
    done = subprocess.run(
        [sys.executable, "-m", "rostrum", "audit", "verify"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert "ROSTRUM_SECRET_KEY" in done.stderr


def test_a_port_in_use_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandRefused, match="Choose another"):
            tree.port_is_free("127.0.0.1", taken.getsockname()[1])
    tree.port_is_free("127.0.0.1", free_port())


@pytest.fixture
def serving(place: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`rostrum serve` on a free port; whatever a test leaves behind is ended."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "rostrum", "serve", "--port", str(port)],
        env=environment(place), cwd=place.parent, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process, port
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def wait_for(what: str, check: object, seconds: float = 40) -> None:
    """Waits until `check()` is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if callable(check) and check():
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.2)
    raise AssertionError(f"waited in vain for {what}")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_serve_answers_works_restarts_its_worker_and_leaves_nothing(
    serving: tuple[subprocess.Popen[str], int], place: Path
) -> None:
    process, port = serving
    wait_for("the web", lambda: get(port, "/healthz")[0] == 200)
    wait_for("the queue", lambda: json.loads(get(port, "/readyz")[1])["ready"])
    children = children_of(process.pid)
    assert len(children) == 2  # web and worker, each leading its own group
    # The queue says "ready" as soon as its supervisor beats, which may be before it has forked.
    wait_for("each part's own processes", lambda: all(len(members(one)) > 1 for one in children))
    [worker] = [
        one for one in children if b"worker" in Path(f"/proc/{one}/cmdline").read_bytes().split(b"\0")
    ]
    os.kill(worker, signal.SIGKILL)
    wait_for("the old cluster's end", lambda: not members(worker))

    def restarted() -> bool:
        now = children_of(process.pid)
        return len(now) == 2 and worker not in now

    wait_for("a new worker", restarted)
    children = children_of(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(40) == 0
    assert not [one for child in children for one in members(child)]
    assert process.stdout is not None
    told = process.stdout.read()
    assert f"Rostrum runs at http://127.0.0.1:{port}" in told
    assert "The worker ended with code -9; it starts again in 1 s." in told
