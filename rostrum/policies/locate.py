"""On which line of a TOML file each key stands, so that a mistake can be pointed at."""

from __future__ import annotations

import tomllib

Path = tuple[str | int, ...]
_BARE_END = frozenset(",]}#\n\r")


class Locator:
    """Walks a file that tomllib has accepted and notes the line of every table, key and item.

    tomllib keeps no positions and a style-keeping editor library gives none either; this reads only the
    structure (headers, keys, strings, arrays, inline tables) and understands no value.
    """

    def __init__(self, source: str) -> None:
        self._text = source.replace("\r\n", "\n")
        self._at = 0
        self._counts: dict[Path, int] = {}
        self.lines: dict[Path, int] = {(): 1}
        self._document()

    def line(self, path: Path) -> int:
        """The line of that path, or of the nearest table around it where the path itself is absent."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def _here(self) -> int:
        return self._text.count("\n", 0, self._at) + 1

    def _peek(self, text: str) -> bool:
        return self._text.startswith(text, self._at)

    def _blank(self, *, lines: bool) -> None:
        """Passes over spaces; with `lines` over line ends and comments too."""
        while self._at < len(self._text):
            char = self._text[self._at]
            if char in " \t" or (lines and char in "\r\n"):
                self._at += 1
            elif lines and char == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            else:
                return

    def _document(self) -> None:
        table: Path = ()
        while True:
            self._blank(lines=True)
            if self._at >= len(self._text):
                return
            if self._peek("[["):
                table = self._header("[[", "]]", array=True)
            elif self._peek("["):
                table = self._header("[", "]", array=False)
            else:
                self._pair(table)

    def _header(self, opening: str, closing: str, *, array: bool) -> Path:
        line = self._here()
        self._at += len(opening)
        *outer, last = self._key()
        self._at += len(closing)
        path = self._resolve((), tuple(outer))
        path = (*path, last)
        self.lines.setdefault(path, line)
        if array:
            count = self._counts.get(path, 0)
            self._counts[path] = count + 1
            path = (*path, count)
        self.lines.setdefault(path, line)
        return path

    def _resolve(self, path: Path, parts: tuple[str, ...]) -> Path:
        """A header's words as a path: a word that names an array of tables means its latest table."""
        for part in parts:
            path = (*path, part)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return path

    def _key(self) -> list[str]:
        """The dotted key at this place, and past it, spaces included."""
        parts: list[str] = []
        while True:
            self._blank(lines=False)
            if self._text[self._at] in "\"'":
                start = self._at
                self._string()
                parts.append(tomllib.loads(f"k = {self._text[start : self._at]}")["k"])
            else:
                start = self._at
                while self._text[self._at].isalnum() or self._text[self._at] in "-_":
                    self._at += 1
                parts.append(self._text[start : self._at])
            self._blank(lines=False)
            if not self._peek("."):
                return parts
            self._at += 1

    def _pair(self, table: Path) -> None:
        line = self._here()
        path = table
        for part in self._key():
            path = (*path, part)
            self.lines.setdefault(path, line)
        self._at += 1  # the equals sign
        self._blank(lines=False)
        self._value(path)

    def _value(self, path: Path) -> None:
        char = self._text[self._at]
        if char in "\"'":
            self._string()
        elif char == "[":
            self._items(path)
        elif char == "{":
            self._inline(path)
        else:
            while self._at < len(self._text) and self._text[self._at] not in _BARE_END:
                self._at += 1

    def _string(self) -> None:
        quote = self._text[self._at]
        long = self._peek(quote * 3)
        end = quote * 3 if long else quote
        self._at += len(end)
        while not self._peek(end):
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
        self._at += len(end)
        while long and self._peek(quote):  # a text may end in up to two quotes of its own
            self._at += 1

    def _items(self, path: Path) -> None:
        self._at += 1
        count = 0
        while True:
            self._blank(lines=True)
            if self._peek("]"):
                self._at += 1
                return
            if self._peek(","):
                self._at += 1
                continue
            self.lines[(*path, count)] = self._here()
            self._value((*path, count))
            count += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while True:
            self._blank(lines=False)
            if self._peek("}"):
                self._at += 1
                return
            if self._peek(","):
                self._at += 1
                continue
            self._pair(path)
