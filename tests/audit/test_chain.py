"""The log's chain: every tampering is found and named, redaction keeps it whole, rewriting is refused."""

from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils.translation import gettext_lazy, override

from rostrum.audit import chain, queries
from rostrum.audit.actions import plain, record, redact
from rostrum.audit.models import Event, EventPayload
from rostrum.audit.words import register_words, sentence
from rostrum.people.actions import add_person
from rostrum.people.models import Person
from tests.guards import lifted


@pytest.fixture
def person(db: None) -> Person:
    """One person, whose arrival is the first entry of the log."""
    return add_person(email="r.okafor@lpsd.ca", name="Rosa Okafor", by=None)


def speak(person: Person, count: int, **more: Any) -> list[Event]:
    """So many entries about one person."""
    return [
        record(person, "person:change", person, note=f"Word {n}", citations=["ap-193@2015-09#1.6"], **more)
        for n in range(count)
    ]


def exported() -> list[dict[str, Any]]:
    """The log as an auditor receives it: through JSON and back."""
    return [json.loads(json.dumps(entry)) for entry in queries.entries()]


def test_a_record_says_who_did_what_to_what_under_which_clause(person: Person) -> None:
    event = record(
        person, "person:change", person, role="principal", note="Moved", citations=["ap-193@2015-09#1.6"],
        before={"on": date(2026, 9, 1)}, after={"at": datetime(2026, 11, 12, 15, 40, tzinfo=UTC)},
    )  # fmt: skip
    last = queries.history(person)[-1]
    assert (last.seq, last.who, last.role, last.label) == (
        event.seq,
        "Rosa Okafor",
        "principal",
        "Rosa Okafor",
    )
    assert last.citations == ("ap-193@2015-09#1.6",)
    assert (last.before, last.after) == ({"on": "2026-09-01"}, {"at": "2026-11-12T15:40:00.000000Z"})
    assert not last.redacted


def test_entries_are_numbered_without_gaps_and_each_names_the_one_before(person: Person) -> None:
    speak(person, 4)
    rows = list(Event.objects.order_by("seq").values_list("seq", "prev", "hash"))
    assert [seq for seq, _prev, _hash in rows] == [1, 2, 3, 4, 5]
    assert [prev for _seq, prev, _hash in rows] == [chain.GENESIS, *(one for _seq, _prev, one in rows[:-1])]
    assert chain.verify(exported()).as_dict()["ok"]


def test_a_rolled_back_act_leaves_no_entry_and_no_gap(person: Person) -> None:
    with transaction.atomic():
        record(person, "person:change", person)
        transaction.set_rollback(True)
    speak(person, 1)
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record(None, "person:change", None, subject=("person", 1))
    assert not Event.objects.exists()


CHANGES: dict[str, Any] = {
    "seq": 30, "at": "2020-01-01T00:00:00.000000Z", "actor_id": 99, "act": "person:leave",
    "subject_type": "unit", "subject_id": 77, "request_id": "other",
    "commit": "0" * 64, "prev": "1" * 64, "hash": "2" * 64,
}  # fmt: skip


@pytest.mark.parametrize("field", [*chain.HEADER, "hash"])
def test_a_change_of_any_header_field_is_found_at_its_entry(person: Person, field: str) -> None:
    speak(person, 6)
    entries = exported()
    entries[3][field] = CHANGES[field]
    fault = chain.verify(entries).fault
    assert fault is not None
    assert fault.seq == 4


@pytest.mark.parametrize(
    "field", ["actor_name", "role", "subject_label", "citations", "before", "after", "note", "added"]
)
def test_a_change_of_any_word_of_the_payload_is_found(person: Person, field: str) -> None:
    speak(person, 6)
    entries = exported()
    entries[2]["payload"][field] = "forged"
    fault = chain.verify(entries).fault
    assert fault == chain.Fault(3, "its payload was changed")


def test_a_forger_who_mends_the_hash_of_one_entry_is_found_at_the_next(person: Person) -> None:
    speak(person, 4)
    entries = exported()
    entries[1]["act"] = "person:leave"
    entries[1]["hash"] = chain.link(entries[1])
    assert chain.verify(entries).fault == chain.Fault(3, "it does not follow the entry before it")


def test_removed_swapped_and_doubled_entries_are_found(person: Person) -> None:
    speak(person, 5)
    whole = exported()
    for broken, seq in (
        (whole[:2] + whole[3:], 3),
        (whole[1:], 1),
        ([whole[0], whole[2], whole[1], *whole[3:]], 2),
        ([*whole[:2], whole[1], *whole[2:]], 3),
    ):
        fault = chain.verify(broken).fault
        assert fault is not None
        assert fault.seq == seq


def test_a_log_cut_at_its_end_is_found_by_a_checkpoint_only(person: Person) -> None:
    speak(person, 5)
    whole = exported()
    signed = chain.Checkpoint("x/audit", 6, whole[5]["hash"])
    assert chain.verify(whole[:4]).fault is None
    fault = chain.verify(whole[:4], [signed]).fault
    assert fault is not None
    assert (fault.seq, "cut short" in fault.what) == (5, True)
    assert chain.verify(whole, [signed]).fault is None


def test_a_log_rewritten_as_a_whole_is_found_by_a_checkpoint(person: Person) -> None:
    speak(person, 3)
    entries = exported()
    signed = chain.Checkpoint("x/audit", 3, entries[2]["hash"])
    entries[1]["act"] = "person:leave"
    prev = entries[0]["hash"]
    for entry in entries[1:]:
        entry["prev"] = prev
        entry["hash"] = prev = chain.link(entry)
    assert chain.verify(entries).fault is None
    assert chain.verify(entries, [signed]).fault == chain.Fault(
        3, "a signed checkpoint names another entry here"
    )


def test_redaction_removes_the_words_and_keeps_the_chain(person: Person) -> None:
    speak(person, 3)
    other = add_person(email="m.laurent@lpsd.ca", name="Marc Laurent", by=None)
    assert redact("person", person.pk, by=other, reason="Retention period over") == 4
    report = chain.verify(exported())
    assert (report.fault, report.redacted, report.entries) == (None, 4, 6)
    told = queries.history(person)
    assert [entry.redacted for entry in told] == [True] * 4 + [False]
    assert not any(entry.who or entry.note or entry.label for entry in told[:4])
    assert "Okafor" not in json.dumps(exported())
    assert told[-1].act == "event:redact"
    assert told[-1].note == "Retention period over"
    assert queries.history(other)[0].who == "Rostrum"


def test_redacting_nothing_records_nothing(person: Person) -> None:
    assert redact("person", 999, by=None, reason="None such") == 0
    assert Event.objects.count() == 1


def test_a_payload_that_vanished_without_a_redaction_is_found(person: Person) -> None:
    speak(person, 3)
    EventPayload.objects.filter(event_id=3).delete()
    assert chain.verify(exported()).fault == chain.Fault(3, chain.UNEXPLAINED)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET act = 'person:leave' WHERE seq = 1",
        "DELETE FROM audit_event WHERE seq = 1",
        "UPDATE audit_payload SET payload = '{}' WHERE event_seq = 1",
    ],
)
def test_the_database_refuses_to_rewrite_the_log(person: Person, statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"never|append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert chain.verify(exported()).fault is None


def test_postgresql_refuses_to_truncate_the_log(person: Person) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE; its DELETE is refused")
    for table in ("audit_payload", "audit_event"):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(f"TRUNCATE {table} CASCADE")


def test_two_entries_cannot_follow_the_same_one(person: Person) -> None:
    first = Event.objects.get(seq=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.create(seq=2, at=first.at, act="a:b", prev=first.prev, hash="3" * 64, commit="4" * 64)


@pytest.mark.django_db(transaction=True)
def test_racing_writers_make_one_chain() -> None:
    writers, each = 6, 8
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for n in range(each):
                with transaction.atomic():
                    record(None, "unit:change", None, subject=("unit", number), note=str(n))
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        writers = 1  # threads cannot share a database in memory; PostgreSQL and a file can race
    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    if writers == 1:
        write(0)
    else:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not failures
    report = chain.verify(exported())
    assert (report.fault, report.entries) == (None, writers * each)


@pytest.mark.django_db(transaction=True)
def test_a_change_behind_the_databases_back_is_named(person: Person) -> None:
    with transaction.atomic():
        speak(person, 5)
    with lifted():
        Event.objects.filter(seq=4).update(actor_id=999)
    assert chain.verify(queries.entries()).fault == chain.Fault(4, "its contents do not match its hash")


def test_hostile_text_never_stops_a_record(person: Person) -> None:
    record(person, "person:change", person, note="nul \x00 and half \ud83d of a pair", after={1: {"b", "a"}})
    assert chain.verify(exported()).fault is None
    assert queries.history(person)[-1].after == {"1": ["a", "b"]}


def test_floats_and_bytes_are_refused() -> None:
    for value in (0.5, b"x", {"deep": [1.5]}):
        with pytest.raises(TypeError):
            plain(value)


def test_a_very_large_number_is_kept_as_text() -> None:
    assert plain([2**53 - 1, 2**53, -(2**70), True]) == [2**53 - 1, str(2**53), str(-(2**70)), True]


def test_history_reads_as_sentences_in_the_readers_language(person: Person) -> None:
    register_words({"test:wave": gettext_lazy("{who}, {role}, waved at {subject}.")})
    record(person, "test:wave", person, role="principal")
    record(None, "test:wave", person)
    with override("en-ca"):
        assert queries.history(person)[1].words == "Rosa Okafor, principal, waved at Rosa Okafor."
        assert queries.history(person)[2].words == "Rostrum waved at Rosa Okafor."
    assert sentence("test:unheard") == "test:unheard"


def test_an_act_cannot_get_two_sentences() -> None:
    register_words({"test:nod": "{who} nodded."})
    register_words({"test:nod": "{who} nodded."})
    with pytest.raises(ValueError, match="test:nod"):
        register_words({"test:nod": "{who} slept."})


def test_the_log_screen_searches_and_pages_by_number(person: Person) -> None:
    other = add_person(email="m.laurent@lpsd.ca", name="Marc Laurent", by=None)
    speak(person, 7)
    record(other, "unit:change", other, note="A new telephone")
    page = queries.search(size=4)
    assert [entry.seq for entry in page.entries] == [10, 9, 8, 7]
    assert page.older == 7
    rest = queries.search(size=10, before=page.older)
    assert [entry.seq for entry in rest.entries] == [6, 5, 4, 3, 2, 1]
    assert rest.older is None
    assert [entry.seq for entry in queries.search("TELEPHONE").entries] == [10]
    assert [entry.seq for entry in queries.search("laurent", act="unit:").entries] == [10]
    assert len(queries.search(actor_id=person.pk).entries) == 7
    assert queries.search(until=Event.objects.get(seq=1).at).entries == []


def test_an_export_is_checked_without_a_database(person: Person, tmp_path: Path) -> None:
    speak(person, 3)
    export = tmp_path / "log.jsonl"
    export.write_text("".join(json.dumps(entry) + "\n" for entry in exported()))
    assert chain.verify(chain.read_export(export)).entries == 4
    export.write_text("not json\n")
    with pytest.raises(chain.BadNote, match="Line 1"):
        chain.verify(chain.read_export(export))
