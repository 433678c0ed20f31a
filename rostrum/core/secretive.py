"""Owns telling a text that seems to hold a secret from one that only says where a secret is kept."""

from __future__ import annotations

import re

HIDDEN = "\u2022" * 8  # what stands in place of a secret that somebody typed

# What announces a secret, in the languages of our staff rooms. "pass" and "code" alone need a sign or digits behind.
_NAMED = (
    r"(?:pass\s*-?\s*(?:word|code|phrase|key)s?|passwd|\bpwd?|\bpw|passwor[dt]|kennwort|\bpin|"
    r"mots?\s*de\s*passe|\bmdp|phrase\s+secr[eè]te|contrase[nñ]a|api[\s_-]*key|cl[eé]\s+api|"
    r"(?:recovery|backup|security|verification|one[- ]time|login)\s+codes?|"
    r"codes?\s+(?:de\s+(?:secours|r[eé]cup[eé]ration|s[eé]curit[eé]|v[eé]rification)|d[’']acc[eè]s))"
)
# Words with which a pointer goes on, after a colon: "Password: see the office vault" tells no secret.
_PLACES = (
    r"(?:in|kept|held|stored|with|at|on|locked|written|see|new|changed|reset|not|unknown|the|"
    r"gard[eé]|conserv[eé]|dans|chez|au|aux|à|sous|voir|chang[eé]|renouvel[eé]|inconnue?|im|bei|siehe)e?s?\b"
)
# After "is" a sentence may also tell what happened to it: "the password was seen by a helper".
_TOLD = (
    r"(?:now|known|safe|strong|our|from|under|where|gone|old|same|different|seen|shared|given|sent|stolen|told|taken|"
    r"found|weak|wrong|missing|public|to|being|no|longer|still|also|for|by|theirs|ours|hers|his|\w{2,12}ed|"
    r"nouveau|connue?|vue?|toujours|encore|pas|\w{2,12}ée?|neu|liegt|bekannt|gestohlen)s?\b"
)
_ANNOUNCED = re.compile(
    rf"{_NAMED}\s*(?:\([^)]{{0,30}}\)\s*)?(?:[:=]\s*(?!{_PLACES})|\b(?:is|was|are|est|était|sont|ist|lautet|es)\b"
    rf"(?:\s*:\s*|\s+(?!{_PLACES}|{_TOLD})))\S",
    re.IGNORECASE,
)
# "pass: kite" and "secret=..." are plain; "a hall pass for room 4" is not meant.
_SIGNED = re.compile(rf"\b(?:pass|secret|token|login|credentials?)\s*[:=]\s*(?!{_PLACES})\S", re.IGNORECASE)
# "PIN 4711", "backup codes 4821 9930", "password kitten77": no sign between, but digits behind.
_FOLLOWED = re.compile(rf"{_NAMED}\s+(?=\S{{0,40}}\d)(?=\S{{4,}})(?:\d[\d-]{{3,}}|[^\W\d]\S*)", re.IGNORECASE)
_CODE = re.compile(r"\bcodes?\s*:?\s*\d(?:[ -]?\d){5,7}\b", re.IGNORECASE)
# What machines give out as keys, and an address that opens a door by itself.
_KEYS = re.compile(
    r"\b(?:sk|pk|rk)_(?:live|test)_\w{8,}|\bgh[oprsu]_\w{16,}|\bgithub_pat_\w{16,}|\bxox[abprs]-[\w-]{8,}|"
    r"\bAKIA[0-9A-Z]{12,}|\bAIza[\w-]{20,}|\bEAA[A-Za-z0-9]{24,}|\bya29\.[\w-]{16,}|\beyJ[\w-]{12,}|otpauth:|"
    r"-----BEGIN|https?://[^\s/:@]+:[^\s/@]+@|"
    r"https?://\S{0,500}[?&#](?:token|key|code|secret|pass|password|pw|sig|signature|reset)=\S"
)
_HEX = re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{20,}\b", re.IGNORECASE)
# The seed of a second factor in groups of four: "jbsw y3dp ehpk 3pxp".
_SEED = re.compile(r"\b(?:[A-Z2-7]{4}[ -]){3,}[A-Z2-7]{4}\b", re.IGNORECASE)
# What mixes kinds of characters and is no secret: addresses, handles, products, days.
_HARMLESS = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}|(?<!\S)@[\w.]{1,30}(?=[\s,.;:!?)]|$)|\bU?1password(?:[78]|\.com)?\b|"
    r"\b(?:office|microsoft|windows|iphone|ipad|ipados|ios|android|galaxy|pixel|macos)[- ]?\d{1,3}(?:pro|max|plus|s)?\b|"
    r"\b\d{1,2}[A-Za-zÀ-ÿ]{3,9}\d{4}\b|\bAP[- ]?\d{3}\S*|https?://\S+",
    re.IGNORECASE,
)
_QUOTES = ",.;()\"'“”«»‘’"
_JOINTS = re.compile(r"[/\-_:#.|>]+")


def looks_secret(value: str) -> bool:
    """Whether a text seems to be, or to hold, a secret rather than a pointer to where one is kept.

    A pointer is made of words, also joined ones ("Office vault, entry 14", "Vault-Entry-14"). A secret is announced as
    one ("password: ..."), has the shape of a key or of a seed, or is one unbroken run of at least eight characters that
    mixes small letters, capitals, digits and signs (three of the four; all four already from six characters on).
    """
    if HIDDEN in value or _KEYS.search(value):
        return True
    text = _HARMLESS.sub(" ", value)
    if any(pattern.search(text) for pattern in (_ANNOUNCED, _SIGNED, _FOLLOWED, _CODE, _HEX)):
        return True
    seed = _SEED.search(text)
    if seed and re.search(r"[2-7]", seed.group()):
        return True
    runs = [run.strip(_QUOTES) for run in text.split()]
    return any(_random_looking(run) for run in runs)


def _random_looking(run: str) -> bool:
    """Whether one run of characters mixes kinds as a password does and a name does not."""
    parts = [part for part in _JOINTS.split(run) if part]
    if any((len(p) >= 8 and _kinds(p) >= 3) or (len(p) >= 6 and _kinds(p) == 4) for p in parts):
        return True
    mixed = [p for p in parts if re.search(r"\d", p) and re.search(r"[^\W\d]", p)]
    return len(mixed) >= 2 and len(run) >= 8 and _kinds("".join(parts)) >= 3


def _kinds(text: str) -> int:
    """How many of small letters, capitals, digits and signs a text holds."""
    return (
        any(c.islower() for c in text)
        + any(c.isupper() for c in text)
        + any(c.isdigit() for c in text)
        + bool(re.search(r"[^\w\s]", text))
    )
