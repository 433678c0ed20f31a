"""AP 193 1.6: an account is bound to a work mailbox; a personal or forged one is refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.registry.mailbox import check_mailbox

BOTH = ("lpsd.ca", ".lpsd.ca")


@pytest.mark.parametrize(
    "address",
    [
        *(
            "r.okafor@lpsd.ca",
            "R.Okafor@LPSD.CA",
            "r.okafor+instagram@lpsd.ca",
            " web@lpsd.ca ",
            "o'neil@lpsd.ca",
        ),
        *("office@rendellpark.lpsd.ca", "x@a.b.lpsd.ca"),
    ],
)
def test_ap193_1_6_work_mailboxes_pass(address: str) -> None:
    assert check_mailbox(address, domains=BOTH) is None


@pytest.mark.parametrize(
    ("address", "code"),
    [
        *(
            (f"a@{domain}", "personal")
            for domain in ("gmail.com", "outlook.com", "hotmail.ca", "yahoo.co.uk")
        ),
        *((f"a@{domain}", "personal") for domain in ("icloud.com", "sasktel.net", "telus.net", "live.ca")),
        ("a@lpsd.ca.evil.com", "imitates"),
        ("a@evil-lpsd.ca", "imitates"),
        ("a@evillpsd.ca", "imitates"),
        ("a@1psd.ca", "imitates"),
        ("a@lpsd.co", "imitates"),
        ("a@lpsd-ca.com", "imitates"),
        ("a@l\u0440sd.ca", "confusable"),
        ("a@ｌpsd.ca", "confusable"),
        ("a@xn--lsd-dmc.ca", "international"),
        ("a@école.ca", "international"),
        ("a@example.ca", "outside"),
        *(
            (text, "syntax")
            for text in ("", "a", "a@", "@lpsd.ca", "a b@lpsd.ca", "a..b@lpsd.ca", ".a@lpsd.ca")
        ),
        *(
            (text, "syntax")
            for text in ("A <a@lpsd.ca>", "a@lpsd.ca.", "a@.lpsd.ca", "a@b@lpsd.ca", '"a"@lpsd.ca')
        ),
        *(
            (text, "syntax")
            for text in ("a@[192.0.2.1]", "a@lpsd.ca\n", "a@lpsd.ca\nbcc:b@example.ca", "é@lpsd.ca")
        ),
        ("a" * 65 + "@lpsd.ca", "syntax"),
        ("a@" + "b" * 260 + ".lpsd.ca", "syntax"),
    ],
)
def test_ap193_1_6_other_mailboxes_are_refused_with_a_reason(address: str, code: str) -> None:
    found = check_mailbox(address, domains=BOTH)
    assert found is not None
    assert found.code == code
    assert "lpsd.ca" in str(found.message)


def code_of(address: str, *domains: str) -> str:
    found = check_mailbox(address, domains=domains)
    return found.code if found else ""


def test_ap193_1_6_a_domain_is_exact_and_a_dot_means_under_it() -> None:
    assert code_of("a@students.lpsd.ca", "lpsd.ca") == "outside"
    assert code_of("a@lpsd.ca", ".lpsd.ca") == "outside"
    assert check_mailbox("a@students.lpsd.ca", domains=[".lpsd.ca"]) is None


def test_ap193_1_6_without_domains_only_personal_mailboxes_are_refused() -> None:
    assert check_mailbox("a@example.ca", domains=[]) is None
    assert code_of("a@gmail.com") == "personal"


@given(st.text(max_size=60))
def test_ap193_1_6_any_text_gets_an_answer(text: str) -> None:
    found = check_mailbox(text, domains=BOTH)
    if found is None:
        assert text.strip().lower().endswith("lpsd.ca")
    else:
        assert str(found.message)


@given(st.from_regex(r"[a-z]{1,12}(\.[a-z]{1,8}){1,3}", fullmatch=True))
def test_ap193_1_6_no_other_domain_slips_through(domain: str) -> None:
    if domain != "lpsd.ca" and not domain.endswith(".lpsd.ca"):
        assert check_mailbox(f"a@{domain}", domains=BOTH) is not None
