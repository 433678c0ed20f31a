"""Any pasted address or handle is read offline, without an exception, and reads back to itself."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.connectors import PLATFORMS, Resolved, platform_key, resolve

with (Path(__file__).parent / "cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))

FIELDS = ("status", "platform", "kind", "canonical_id", "canonical_url", "reason", "handle")
HINTS = [None, *PLATFORMS, "twitter", "", "no such platform"]


def assert_sound(found: Resolved) -> None:
    """What holds for every answer."""
    if found.status == "reject":
        assert found.reason
        assert found.canonical_url == found.canonical_id == ""
        return
    assert found.kind
    assert found.canonical_id
    again = resolve(found.canonical_url)
    assert (again.status, again.platform, again.kind) == (found.status, found.platform, found.kind)
    assert (again.canonical_id, again.canonical_url) == (found.canonical_id, found.canonical_url)


@pytest.mark.parametrize("case", CASES, ids=[f"{c['input']}|{c['hint']}" for c in CASES])
def test_case(case: dict[str, str]) -> None:
    found = resolve(case["input"], case["hint"] or None)
    assert {field: getattr(found, field) for field in FIELDS} == {field: case[field] for field in FIELDS}
    assert_sound(found)


def test_cases_are_many_and_cover_every_platform() -> None:
    assert len(CASES) >= 150
    assert {case["platform"] for case in CASES if case["platform"]} == set(PLATFORMS)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \u200b ", "empty"),
        ("https://x.com/wren\x07", "control character"),
        ("https://x.com/\u202ewren", "control character"),
        ("https://x.com/wren%00", "control character"),
        ("x" * 3000, "too long"),
        ("<>", "not an address or a handle"),
        ("ok\ud800", "control character"),
        ("https://\u0444\u0430\u0441\u0435book.com/wren", "non-ASCII host"),
        ("https://f\u0430cebook.com/wren", "look-alike host"),
        ("https://xn--fcebook-hwa.com/wren", "look-alike host"),
        ("http://2130706433/", "IP address"),
    ],
)
def test_unreadable_text(text: str, reason: str) -> None:
    assert (resolve(text).status, resolve(text).reason) == ("reject", reason)


def test_invisible_marks_and_sentence_marks_are_forgiven() -> None:
    for text in ("\u200bhttps://x.com/prairie\u200b_wren", "(x.com/prairie_wren).", "“x.com/prairie_wren”"):
        assert resolve(text).canonical_url == "https://x.com/prairie_wren"


def test_as_dict_has_the_promised_keys_in_order() -> None:
    assert list(resolve("x.com/a").as_dict()) == [
        *("input", "status", "platform", "kind", "canonical_id", "canonical_url", "reason")
    ]


@pytest.mark.parametrize("name", ["x", "Twitter", " X ", "fb", "Google+", "WordPress", "YouTube"])
def test_platforms_are_found_by_the_names_people_use(name: str) -> None:
    assert platform_key(name) in PLATFORMS


def test_profile_url_and_check_handle() -> None:
    assert PLATFORMS["x"].profile_url("@Prairie_Wren") == "https://x.com/prairie_wren"
    assert PLATFORMS["x"].check_handle("@Prairie_Wren") is None
    assert PLATFORMS["x"].check_handle("prairie-wren") == "invalid handle"
    assert PLATFORMS["x"].check_handle("home") == "reserved path"
    assert PLATFORMS["x"].profile_url("prairie-wren") == ""
    assert PLATFORMS["mastodon"].check_handle("wren") == "missing server"
    assert PLATFORMS["blog"].profile_url("wren.example.ca") == "https://wren.example.ca/"
    assert PLATFORMS["googleplus"].retired
    assert [key for key, platform in PLATFORMS.items() if platform.retired] == ["googleplus"]


@pytest.mark.parametrize("case", [c for c in CASES if c["handle"] and c["kind"] in {"account", "company"}])
def test_profile_url_agrees_with_resolve(case: dict[str, str]) -> None:
    platform = PLATFORMS[case["platform"]]
    assert platform.check_handle(case["handle"]) is None
    assert platform.profile_url(case["handle"]) == case["canonical_url"]


@given(st.text(max_size=80), st.sampled_from(HINTS))
def test_any_text_gets_an_answer(text: str, hint: str | None) -> None:
    assert_sound(resolve(text, hint))


@given(st.data())
def test_mutated_addresses_get_a_sound_answer(data: st.DataObject) -> None:
    text = list(data.draw(st.sampled_from(CASES))["input"])
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(text)))
        if text and data.draw(st.booleans()):
            del text[at - 1]
        else:
            text[at:at] = data.draw(
                st.sampled_from(
                    ["@", "/", ".", ":", "?", "#", "%", "%20", "%2F", "\\", " ", "é", "ſ", "K", "[", "//"]
                )
                | st.characters()
            )
    assert_sound(resolve("".join(text), data.draw(st.sampled_from(HINTS))))
