"""Telling a text that seems to hold a secret from one that says where a secret is kept."""

from __future__ import annotations

import time

import pytest

from rostrum.core.secretive import HIDDEN, looks_secret

SECRETS = [
    "pw: Winter2026!", "Winter2026!", "Winter2026", "Été2026!", "xK9$mq", "password: kite", "Password = otter",
    "Password (new): otter", "the password is kite", "the password is: kite7", "pwd Kite2020", "pass: kite", "pw=kite",
    "password kitten77", "PIN 4711", "pin: 4711", "mot de passe : tempête", "Mot de passe (nouveau): loup", "mdp: chien",
    "le mot de passe est tempête", "Passwort: Sonne", "Passwort lautet Sonne", "Kennwort: Sonne", "contraseña: sol",
    "passphrase: correct horse battery staple", "api key: abc", "API-Key=abc", "secret: kite",
    "login: rendell / kite", "backup codes 4821 9930", "recovery code: 4821-9930", "code 482913", "code: 482 913",
    "code de secours 4821 9930", "code d’accès : 4711", "sk_live_abcdefgh1234", "AKIAIOSFODNN7EXAMPLE",
    "ghp_0123456789abcdefghij", "EAABsbCS1iHgBAKZCrandomlookingtoken0123", "eyJhbGciOiJIUzI1NiJ9.abc",
    "otpauth://totp/Rendell?x=1", "-----BEGIN PRIVATE KEY-----", "jbsw y3dp ehpk 3pxp", "JBSW-Y3DP-EHPK-3PXP",
    "deadbeefdeadbeef12345678", "https://bob:kite@x.com/", "https://x.com/r?token=abc", "https://x.com/#reset=abc",
    "We changed it on Friday, pw: Winter2026!, tell Owen", f"Office vault {HIDDEN}",
]  # fmt: skip
PLAIN = [
    "", "Office vault, entry 14", "1Password vault Rendell Park", "1Password 8, vault Winston", "KeePass, group Owls",
    "Vault-Entry-14", "Bitwarden, collection RPS-2024", "LastPass: shared folder Owls", "Passwords are in 1Password",
    "Dashlane, groupe École Lafrance 2026-2027", "Coffre du bureau, fiche 12", "Keeper record Rendell_Park_Instagram",
    "Entry 3f2b8c1e-9d1a-4c2b-8f00-0123456789ab", "password manager of the office, entry 3", "Password vault Owls",
    "the password is kept in the safe", "Password: see the office vault", "le mot de passe est gardé dans le coffre",
    "Passwort im Safe", "Passwort: im Safe", "The PIN is in the safe", "New password since Tuesday",
    "Password changed on 12Nov2026", "The password was seen by a student helper", "password was changed",
    "The password is unknown to us", "Somebody guessed the password.", "Clicked a link about the password",
    "No second factor on this platform", "Does not apply: the page has no password of its own",
    "Asked @RendellPark2024 about it", "A message came from r.Okafor2@lpsd.ca", "Lost iPhone15Pro on the bus",
    "The Office365 group has it", "AP-193/3.4", "Bus pass for room 4", "2026-11-28 at 14:05",
    "https://vault.lpsd.ca/items/RendellPark2026", "Two-step codes go to the office phone", "Room code of the year",
    "Pass it on to Owen: he has the phone", "He is our new second manager since 2026",
]  # fmt: skip


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_recognised(text: str) -> None:
    assert looks_secret(text)


@pytest.mark.parametrize("text", PLAIN)
def test_a_pointer_or_plain_sentence_passes(text: str) -> None:
    assert not looks_secret(text)


@pytest.mark.parametrize("piece", ["a1 ", "pass ", "code 1 ", "abcd ", "1-", "password (", "https://x", "(((", "p w "])
def test_a_long_text_is_read_in_no_time(piece: str) -> None:
    start = time.perf_counter()
    looks_secret(piece * (20_000 // len(piece)))
    assert time.perf_counter() - start < 1
