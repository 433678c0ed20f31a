"""Opens a OneRoster folder or zip: which files are there, each as a table; nothing is unpacked that is not read."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from rostrum.intake import faultwords, limits
from rostrum.intake.faults import Fault
from rostrum.intake.tables import Table, read

# Only these are ever opened. Demographics, results and the like are about students.
READ = ("manifest", "academicsessions", "orgs", "users", "roles", "classes", "enrollments")


class Unusable(Exception):
    """The folder or zip cannot be read; carries the fault that says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class RosterFiles:
    """The files of one export, by their name in small letters without `.csv`."""

    def __init__(self, names: dict[str, str], archive: zipfile.ZipFile | None, folder: Path | None) -> None:
        self._names = names
        self._archive = archive
        self._folder = folder

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def called(self, name: str) -> str:
        """The file's name as it stands in the export."""
        return self._names.get(name, name).rsplit("/", 1)[-1]

    @contextmanager
    def table(self, name: str, known: tuple[str, ...]) -> Iterator[Table]:
        """One file as a table, closed afterwards. Raises Unusable for a bomb."""
        if self._folder is not None:
            with (self._folder / self._names[name]).open("rb") as stream:
                yield read(self.called(name), stream, known=known)
            return
        with tempfile.TemporaryFile() as stream:
            self._unpack(self._names[name], stream)
            yield read(self.called(name), stream, known=known)

    def _unpack(self, member: str, stream: BinaryIO) -> None:
        assert self._archive is not None  # noqa: S101 - either a folder or an archive
        info = self._archive.getinfo(member)
        size = 0
        try:
            with self._archive.open(info) as part:
                while chunk := part.read(1 << 18):
                    size += len(chunk)
                    times = size / max(info.compress_size, 1)
                    if size > limits.UNPACKED_BYTES or (
                        size > limits.PACKED_FREE_BYTES and times > limits.PACKED_TIMES
                    ):
                        raise Unusable(faultwords.opened_badly("bomb"))
                    stream.write(chunk)
        except Unusable:
            raise
        except RuntimeError:  # what zipfile raises for a member that needs a password
            raise Unusable(faultwords.opened_badly("password")) from None
        except Exception:  # a broken zip breaks in many ways
            raise Unusable(faultwords.opened_badly("damaged")) from None


def _chosen(names: list[str]) -> dict[str, str]:
    """The files that are read, wherever they lie; of two with one name the one nearest the top."""
    found: dict[str, str] = {}
    for name in sorted(names, key=lambda one: (one.count("/"), one)):
        short = name.rsplit("/", 1)[-1].lower()
        if short.endswith(".csv") and short[:-4] in READ and "__macosx" not in name.lower():
            found.setdefault(short[:-4], name)
    return found


@contextmanager
def open_roster(path: Path | BinaryIO) -> Iterator[RosterFiles]:
    """Opens a folder, or a zip by its path or as a seekable file. Raises Unusable."""
    if isinstance(path, Path) and path.is_dir():
        names = [str(one.relative_to(path)) for one in path.rglob("*.csv") if one.is_file() and not one.is_symlink()]
        names += [str(one.relative_to(path)) for one in path.rglob("*.CSV") if one.is_file() and not one.is_symlink()]
        yield RosterFiles(_chosen([name.replace("\\", "/") for name in names]), None, path)
        return
    try:
        archive = zipfile.ZipFile(path)
    except Exception:
        raise Unusable(faultwords.opened_badly("damaged")) from None
    with archive:
        if len(archive.infolist()) > limits.ZIP_MEMBERS:
            raise Unusable(faultwords.opened_badly("bomb"))
        yield RosterFiles(_chosen(archive.namelist()), archive, None)


def looks_like_roster(path: Path | BinaryIO) -> bool:
    """Whether a folder or zip holds what a OneRoster export has: users and organisations."""
    try:
        with open_roster(path) as files:
            return "users" in files or "orgs" in files or "manifest" in files
    except Unusable:
        return False


def lacks(files: RosterFiles, name: str) -> Fault:
    """A file that an export must have."""
    return Fault(
        "no-file",
        _("The export has no file %(name)s.csv.") % {"name": name},
        _("Export again from your student information system, as OneRoster 1.1 or 1.2 CSV, bulk."),
        weight="file",
    )
