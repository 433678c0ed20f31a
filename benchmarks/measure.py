"""Measures one database: fills it, then asks each page and its bare twin in turn, in process and over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import cycle
from typing import Any
from urllib.parse import quote, urlencode

from rostrum.connectors import resolve

ROUNDS = 4  # the best one counts: what else the machine does can only add
IN_PROCESS = 100  # requests of each page and of each bare page in a round
WARM = 30
HTTP_SECONDS = 2.0
HTTP_ROUNDS = 2
CONNECTIONS = 4
VARIANTS = 60  # different addresses of each page, asked in turn


def say(text: str) -> None:
    """A line of progress; standard output holds the numbers."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - a command-line tool


def pages() -> dict[str, list[str]]:
    """For each measured page the addresses that are asked, without "/bare" in front."""
    from rostrum.registry.models import Account

    step = max(1, Account.objects.count() // VARIANTS)
    first = Account.objects.order_by("pk").values_list("pk", flat=True)[0]
    sample = list(
        Account.objects.filter(pk__in=range(first, first + step * VARIANTS, step)).select_related(
            "unit", "unit__parent"
        )
    )
    live = [a for a in sample if a.state == "recognised"]
    school = [a.unit.code if a.unit.parent is None or a.unit.kind == "school" else a.unit.parent.code for a in live]
    words = [a.name.split() for a in live]
    kinds = ("classroom", "club", "team", "school", "program", "association")
    others = [a.address.replace(a.handle, f"zq{a.handle[::-1]}"[:15]) for a in live if a.platform != "facebook"]
    return {
        "directory, first page": ["/"],
        "directory, page 30": [f"/?page={n}" for n in range(25, 35)],
        "search, two words": [f"/?{urlencode({'q': f'{w[0]} {w[-1][:4]}'})}" for w in words],
        "search, one common word (5 % match)": [f"/?{urlencode({'q': w[0]})}" for w in words],
        "filtered: kind and platform": [f"/?kind={kinds[n % 6]}&platform={a.platform}" for n, a in enumerate(live)],
        "filtered: school": [f"/?school={code}" for code in school],
        "account page": [f"/accounts/{a.public_id}" for a in sample],
        "verify, official": [f"/verify?url={quote(a.address, safe='')}" for a in live],
        "verify, not ours": [f"/verify?url={quote(address, safe='')}" for address in others],
        "verify, look-alike": [
            f"/verify?url={quote(a.address.replace(a.handle, a.handle[:-1]), safe='')}" for a in live
        ],
    }


def percentile(sorted_values: list[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def summary(seconds: list[float]) -> dict[str, float]:
    """p50 and p95 in milliseconds and requests per second on one core."""
    ordered = sorted(seconds)
    return {
        "p50": percentile(ordered, 0.5) * 1e3, "p95": percentile(ordered, 0.95) * 1e3,
        "rps": len(ordered) / sum(ordered),
    }  # fmt: skip


def best(rounds: list[dict[str, float]]) -> dict[str, float]:
    """The round with the lowest p50."""
    return min(rounds, key=lambda one: one["p50"])


def environ(address: str) -> dict[str, Any]:
    """What a web server hands over for a browser's GET."""
    path, _mark, query = address.partition("?")
    return {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr, "REMOTE_ADDR": "127.0.0.1", "SCRIPT_NAME": "",
        "HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "en-CA", "HTTP_ACCEPT_ENCODING": "gzip, br",
        "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip


def in_process() -> list[dict[str, Any]]:
    """Each page and its bare twin turn by turn through the whole middleware, and how many queries each page makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from benchmarks.wsgi import application

    def ask(address: str) -> tuple[float, int]:
        answered: list[str] = []
        asked = environ(address)
        start = time.perf_counter()
        response = application(asked, lambda status, _headers: answered.append(status))
        size = sum(len(part) for part in response)
        taken = time.perf_counter() - start
        response.close()
        if not answered[0].startswith("200"):
            raise RuntimeError(f"{address} answered {answered[0]}")
        return taken, size

    results = []
    for name, addresses in pages().items():
        ours, bare, sizes = [], [], []
        turn = cycle(addresses)
        for _n in range(WARM):
            address = next(turn)
            ask(address)
            ask(f"/bare{address}")
        for _round in range(ROUNDS):
            mine, plain = [], []
            for _n in range(IN_PROCESS):
                address = next(turn)
                taken, size = ask(address)
                mine.append(taken)
                sizes.append(size)
                plain.append(ask(f"/bare{address}")[0])
            ours.append(summary(mine))
            bare.append(summary(plain))
        counts = set()
        for address in addresses[:20]:
            with CaptureQueriesContext(connection) as queries:
                ask(address)
            counts.add(len(queries))
        results.append({"page": name, "ours": best(ours), "bare": best(bare), "queries": sorted(counts),
                        "bytes": max(sizes), "addresses": addresses})  # fmt: skip
        say(f"  {name}: {results[-1]['ours']['p50']:.2f} ms, bare {results[-1]['bare']['p50']:.2f} ms")
    return results


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server() -> Iterator[int]:
    """granian as `rostrum serve` runs it: two processes."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "2", "--no-ws", "--log-level", "critical",
        "benchmarks.wsgi:application",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=os.environ.copy(), stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        for _try in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise TimeoutError("The server to be measured did not answer within a minute.")
        yield port
    finally:
        process.terminate()
        process.wait(60)


def hammer(port: int, addresses: list[str], seconds: float) -> tuple[list[float], float]:
    """Asks over some connections at once for a while; (time of each answer, elapsed seconds)."""
    taken: list[float] = []
    end = time.perf_counter() + seconds
    headers = {"Accept": "text/html", "Accept-Language": "en-CA", "Accept-Encoding": "gzip"}

    def run(offset: int) -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        turn = cycle(addresses[offset % len(addresses) :] + addresses[: offset % len(addresses)])
        while time.perf_counter() < end:
            start = time.perf_counter()
            link.request("GET", next(turn), headers=headers)
            answer = link.getresponse()
            answer.read()
            taken.append(time.perf_counter() - start)
            if answer.status != 200:
                raise RuntimeError(f"answered {answer.status}")
        link.close()

    threads = [threading.Thread(target=run, args=(n * 7,)) for n in range(CONNECTIONS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, time.perf_counter() - start


def over_http(results: list[dict[str, Any]]) -> None:
    """Adds what a browser would wait, and pages a second of the whole machine, to each result."""
    with server() as port:
        for result in results:
            kept: dict[str, tuple[list[float], float]] = {"ours": ([], 0.0), "bare": ([], 0.0)}
            hammer(port, result["addresses"], 0.4)
            for _round in range(HTTP_ROUNDS):
                for side, prefix in (("ours", ""), ("bare", "/bare")):
                    taken, elapsed = hammer(port, [prefix + a for a in result["addresses"]], HTTP_SECONDS)
                    kept[side] = (kept[side][0] + taken, kept[side][1] + elapsed)
            for side, (taken, elapsed) in kept.items():
                ordered = sorted(taken)
                result[f"http_{side}"] = {
                    "p50": percentile(ordered, 0.5) * 1e3, "p95": percentile(ordered, 0.95) * 1e3,
                    "rps": len(ordered) / elapsed,
                }  # fmt: skip
            say(f"  {result['page']}: {result['http_ours']['rps']:.0f}/s, bare {result['http_bare']['rps']:.0f}/s")


def addresses_read() -> float:
    """How many pasted addresses `resolve` reads in a second on one core, the best of three rounds.

    Every address is new, so that no cache of whole answers could help.
    """
    shuffled = random.Random(7)  # noqa: S311 - addresses to read, not a secret
    rounds = []
    for _round in range(3):
        asked = [f"https://x.com/w{shuffled.randrange(10**9)}?s={n}" for n in range(4000)]
        asked += [f"https://www.facebook.com/wren{n}.{shuffled.randrange(10**6)}/photos" for n in range(4000)]
        asked += [f"https://school{shuffled.randrange(10**9)}.ca/news/{n}" for n in range(2000)]
        start = time.process_time()
        for address in asked:
            resolve(address)
        rounds.append(len(asked) / (time.process_time() - start))
    say(f"  resolve: {max(rounds):,.0f} addresses a second on one core")
    return max(rounds)


def timed(words: str, act: Callable[[], object]) -> None:
    """Does something and says how long it took."""
    start = time.perf_counter()
    act()
    say(f"  {words}: {time.perf_counter() - start:.0f} s")


def main() -> None:
    """Fills the database of the environment, measures, and prints the numbers as JSON."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.dataset import fill
    from rostrum.registry.models import AccountKey

    accounts, units = int(os.environ["BENCH_ACCOUNTS"]), int(os.environ["BENCH_UNITS"])
    timed("tables", lambda: call_command("migrate", verbosity=0, skip_checks=True))
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    timed(f"{accounts:,} accounts in {units:,} units", lambda: fill(accounts, units))
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        version = str(cursor.fetchone()[0]).split()[0]
    keys = AccountKey.objects.count()
    read = addresses_read()
    results = in_process()
    connection.close()
    over_http(results)
    for result in results:
        del result["addresses"]
    json.dump({"vendor": connection.display_name, "version": version, "keys": keys, "resolve": read,
               "results": results}, sys.stdout)  # fmt: skip


if __name__ == "__main__":
    main()
