"""Signing keys at rest and at work: made, sealed to their row, opened for one signature (Standard Webhooks)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MARK = "whsec_"
KEY_BYTES = 32
_NONCE = 12


class CannotOpen(Exception):
    """A sealed key cannot be opened: the installation's secret is another one, or the row was tampered with."""


def make_key() -> str:
    """A new signing key as people copy it: 256 random bits behind the mark that the scheme asks for."""
    return MARK + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _cipher(root: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=b"rostrum hooks signing keys 1").derive(root.encode()))


def _row(ref: str) -> bytes:
    return f"hooks_endpoint:key:{ref}".encode()


def seal(key: str, ref: str) -> str:
    """A signing key as it is kept. It opens only for the row of this `ref`: moved to another row it is worth nothing."""
    nonce = secrets.token_bytes(_NONCE)
    shut = _cipher(settings.SECRET_KEY).encrypt(nonce, key.encode(), _row(ref))
    return base64.urlsafe_b64encode(nonce + shut).decode()


def unseal(sealed: str, ref: str) -> str:
    """The signing key of a row; also when the installation's secret was changed and the old one is a fallback.

    Raises CannotOpen.
    """
    try:
        raw = base64.urlsafe_b64decode(sealed.encode())
    except ValueError:
        raise CannotOpen(ref) from None
    for root in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _cipher(root).decrypt(raw[:_NONCE], raw[_NONCE:], _row(ref)).decode()
        except (InvalidTag, ValueError):
            continue
    raise CannotOpen(ref)


def signatures(keys: Iterable[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`: one `v1,…` per key, HMAC-SHA-256 of "id.timestamp.body".

    Source: Standard Webhooks, symmetric signatures. While a key is being replaced, the message carries one of each.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    made = (hmac.new(base64.b64decode(key.removeprefix(MARK)), signed, hashlib.sha256).digest() for key in keys)
    return " ".join("v1," + base64.b64encode(one).decode() for one in made)
