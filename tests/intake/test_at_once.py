"""Two people confirm at the same moment: one import is applied, the other is told; nobody comes twice."""

from __future__ import annotations

import io
import threading

import pytest
from django.db import connection

from rostrum.core.errors import Overtaken, Refusal, WrongState
from rostrum.intake import actions
from rostrum.intake.models import ImportRun, ImportState
from rostrum.people.models import Person
from tests.cast import build_cast

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = b"Name,E-mail,School,Role\nWren Delorme,w.delorme@lpsd.ca,Rendell Park School,principal\n"


def at_once(runs: list[ImportRun], people: list[Person]) -> list[str]:
    """Confirm each run in a thread of its own, all at the same moment; what each was told."""
    start, told = threading.Barrier(len(runs)), [""] * len(runs)

    def go(n: int) -> None:
        try:
            start.wait()
            run = ImportRun.objects.get(pk=runs[n].pk)
            told[n] = actions.confirm(run, by=people[n], digest=run.digest, ends=[]).state
        except Refusal as refusal:
            told[n] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(n,)) for n in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_two_files_with_one_person() -> None:
    cast = build_cast()
    people = [cast.sysadmin, cast.sysadmin]
    runs = [actions.stage(io.BytesIO(ROWS), name=f"{n}.csv", by=cast.sysadmin) for n in range(2)]
    assert sorted(at_once(runs, people)) == [ImportState.APPLIED, ImportState.READY]
    assert Person.objects.filter(email="w.delorme@lpsd.ca").count() == 1


def test_one_file_confirmed_twice() -> None:
    cast = build_cast()
    run = actions.stage(io.BytesIO(ROWS), name="x.csv", by=cast.sysadmin)
    told = at_once([run, run], [cast.sysadmin, cast.communications])
    assert told.count(ImportState.APPLIED) == 1
    assert {Overtaken.code, WrongState.code} & set(told)
    assert Person.objects.filter(email="w.delorme@lpsd.ca").count() == 1
