"""Every reason that an address is refused has its own plain sentence."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import rostrum.connectors
from rostrum.connectors import resolve
from rostrum.registry.addresses import codes, explain


@pytest.mark.parametrize(
    ("text", "hint", "said"),
    [
        ("https://x.com/prairie_wren/status/1", None, "Open the account it belongs to"),
        ("prairie-wren", "x", "This cannot be a name on X"),
        ("https://instagrarn.com/wren", None, "Do not sign in there"),
        ("https://plus.google.com/+Wren", None, "Google+ has closed"),
        ("prairie_wren", None, "Say which platform"),
        ("office@example.ca", None, "This is an e-mail address"),
        ("https://www.linkedin.com/in/ines-roy", None, "personal profile"),
        ("https://linktr.ee/wren", None, "page of links"),
        ("", None, "Nothing was pasted"),
        ("x.com/prairie_wren", None, "understood"),
    ],
)
def test_the_sentence_says_what_is_wrong_and_what_to_do(text: str, hint: str | None, said: str) -> None:
    assert said in str(explain(resolve(text, hint)))


def test_sentences_show_the_shape_of_a_right_address() -> None:
    assert "tiktok.com/@name" in str(explain(resolve("https://www.tiktok.com/discover")))


def test_braces_in_what_was_pasted_do_no_harm() -> None:
    assert str(explain(resolve("{0.__class__} {platform}", "x")))


def reasons_in_the_code() -> set[str]:
    """Every literal passed where the connectors give a reason, and every constant that names one."""
    found: set[str] = set()
    folder = Path(rostrum.connectors.__file__).parent
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "reject" and len(node.args) > 1:
                found |= {n.value for n in ast.walk(node.args[1]) if isinstance(n, ast.Constant) and n.value}
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "Reading"
                and len(node.args) > 5
            ):
                found |= {n.value for n in ast.walk(node.args[5]) if isinstance(n, ast.Constant) and n.value}
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                text = node.value.value
                if isinstance(text, str) and " " in text and text[0] not in " <\"'":
                    found.add(text)
    return {text for text in found if isinstance(text, str) and not text.endswith(":")}


def test_every_reason_of_the_connectors_has_a_sentence() -> None:
    assert reasons_in_the_code() <= codes()
