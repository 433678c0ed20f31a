"""`rostrum serve`, `web` and `worker`: the processes of one place, in one tree or apart."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import rostrum
from rostrum.management.out import DONE, start_django
from rostrum.management.tree import Tree, follow_parent, port_is_free, reachable

HOST, PORT = "127.0.0.1", 8193


def declare(commands: Any) -> None:
    """Adds `serve`, `web` and `worker`."""
    for name, body, words in (
        ("serve", serve, "web, worker and schedule in one process tree"),
        ("web", web, "the web server alone (run setup first)"),
    ):
        command = commands.add_parser(name, help=words)
        command.add_argument("--host", default=HOST, help=f"the address to listen on ({HOST})")
        command.add_argument("--port", type=int, default=PORT, help=f"the port to listen on ({PORT})")
        command.set_defaults(run=body)
    commands.add_parser("worker", help="job worker and schedule alone").set_defaults(run=worker)


def environment(host: str, port: int) -> dict[str, str]:
    """The children's environment: they find this code from any folder, and links lead to where we listen."""
    env = dict(os.environ)
    root = str(Path(rostrum.__file__).resolve().parents[1])
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [root, env.get("PYTHONPATH", "")]))
    env.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.config.settings")
    if env.get("ROSTRUM_MODE", "production") != "production":
        env.setdefault("ROSTRUM_SITE_URL", f"http://{reachable(host)}:{port}")
    return env


def serve(args: argparse.Namespace) -> int:
    """Sets up what changed, then runs web and worker until the web ends or someone says stop.

    This process holds neither Django nor a database connection: it only watches, restarts the worker with
    back-off, and forwards SIGTERM and SIGINT.
    """
    port_is_free(args.host, args.port)
    me = [sys.executable, "-m", "rostrum"]
    tree = Tree(environment(args.host, args.port))
    if code := tree.call([*me, "setup", "--quiet"]):
        return code
    tree.start("web", [*me, "web", "--host", args.host, "--port", str(args.port)])
    tree.start_later("worker", [*me, "worker"])
    announce = [*me, "demo", "--people"] if os.environ.get("ROSTRUM_MODE") == "demo" else None
    return tree.run(until="web", answers_at=(args.host, args.port), announce=announce)


def web(args: argparse.Namespace) -> int:
    """Becomes the web server.

    WSGI with few threads: more of them only lengthen the tail.
    """
    follow_parent()
    env = environment(args.host, args.port)
    os.environ.update(env)
    from django.conf import settings

    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", args.host, "--port", str(args.port),
        "--workers", str(settings.WEB_WORKERS), "--blocking-threads", "2", "--respawn-failed-workers",
        "--workers-kill-timeout", "10", "--no-ws", "--log-level", "warning",
        "rostrum.config.wsgi:application",
    ]  # fmt: skip
    sys.stdout.flush()
    os.execve(sys.executable, command, env)  # noqa: S606 - our own interpreter, no shell


def worker(args: argparse.Namespace) -> int:
    """Becomes a job cluster: brings the schedule up to date, then works until told to stop."""
    follow_parent()
    start_django()
    from django.core.management import call_command
    from django.db import connections

    from rostrum.jobs.actions import sync_schedules

    sync_schedules()
    connections.close_all()  # the cluster forks: no process may inherit an open connection
    call_command("qcluster", verbosity=0)
    return DONE
