"""Invented posts and students from a seed, for measuring speed anywhere: a third of the posts hold something to find."""

from __future__ import annotations

import random
from typing import Any

FIRST = (
    "Emma", "Noah", "Liam", "Olivia", "Ava", "Mason", "Zoé", "Siobhán", "Kîhew", "Aiden", "Nevaeh", "Ji-ho", "Harpreet",
    "Mohammed", "Grace", "Hunter", "Chloé", "Anaïs", "Wapun", "Maria-José", "Tyler", "Kaitlyn", "River", "Summer", "Daniel",
)  # fmt: skip
HEAD = (
    "Lar", "Mus", "Petry", "Desjar", "Gla", "White", "Fern", "Tremb", "Villa", "Cardi", "Nguy", "O'Bri", "Kowal", "Okaf",
    "Ahm", "Pound", "St-Pier", "Hil", "Sto", "Weck",
)  # fmt: skip
MIDDLE = ("", "an", "el", "ik", "or", "un", "ast", "emb", "ill", "ov")
TAIL = (
    "sson", "kwa", "shyn", "lais", "due", "calf", "andez", "lay", "nueva", "nal", "en", "chuk", "or", "maker", "re", "ton",
    "ler", "ers", "ski", "enko", "berg", "ford", "ley", "mont",
)  # fmt: skip
CLEAN = (
    "The Grade 5 class planted 150 trees by the river.", "Final score: Wildcats 78-65 over the Raiders, what a game!",
    "Tickets are $12.50 at the door, doors open at 6:30 pm.", "Bus 12 is running 20 minutes late because of the storm.",
    "Track results: 100m 12.45, 200m 25.90, 4x100 relay 49.02.", "Parent-teacher interviews are on Jan. 14 in room 204.",
    "Our book of the month is ISBN 978-0-14-312854-0.", "Chapter 3, pages 112-118 for tomorrow.",
    "Call the school office at 780-555-0110 to report an absence.", "Email info@lpsd.example.ca with questions.",
    "We learned about Louis Riel and the Métis.", "Merci à toutes les familles qui sont venues!", "Go Barons go!",
    "Thank you Mrs. Hartwell for 25 years of service.", "#LPSDproud #community", "Our Terry Fox Run raised $4,310.25.",
    "It takes a community to build a school.", "More photos are on our website soon.", "Pancake lunch is on Friday.",
)  # fmt: skip
CHAT = (
    "lol that was so good", "cant wait for friday", "who else is up late", "this shit is wild", "rt if you agree",
    "shut up, you are such a loser", "good morning everyone", "my mom makes the best soup", "what the hell was that",
    "so tired of this weather", "birds are back!!", "you are all idiots", "best day ever :)", "no school tomorrow??",
)  # fmt: skip


def students(count: int, seed: int = 8) -> list[dict[str, Any]]:
    """Rows of a roster; half of the students have consent."""
    draw = random.Random(seed)  # noqa: S311 - invented posts
    return [
        {"id": str(100_000 + n), "first": draw.choice(FIRST), "consent": draw.random() < 0.5,
         "last": draw.choice(HEAD) + draw.choice(MIDDLE) + draw.choice(TAIL)}
        for n in range(count)
    ]  # fmt: skip


def _private(draw: random.Random, names: list[dict[str, Any]]) -> str:
    who = draw.choice(names)
    area, sign = draw.choice((306, 639, 780, 587)), draw.choice((" ", "-", ".", ""))
    ten = f"{area}{sign}{draw.randint(200, 999)}-{draw.randint(1000, 9999)}"
    return draw.choice((
        f"Congratulations to {who['first']} {who['last']} on making the team!",
        f"Sign-up sheet: {who['last']}, {who['first']} and the rest of us.",
        f"My cell is {ten}, anytime after 5.",
        f"Write to {who['first'].lower()}s.mom{draw.randint(1, 99)}@gmail.com by Friday.",
        f"Drop off bottles at {draw.randint(1000, 9999)} - {draw.randint(30, 75)} Avenue any evening.",
        f"HSN: {draw.randint(100, 999)} {draw.randint(100, 999)} {draw.randint(100, 999)} for the trip.",
        f"Born {draw.randint(2007, 2019)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02} and already a star.",
        f"ASN {draw.randint(1000, 9999)}-{draw.randint(1000, 9999)}-{draw.randint(0, 9)} was registered today.",
        f"Plate {draw.choice(('BWX', 'KRT', 'HNN'))} {draw.randint(1000, 9999)} is in the bus lane.",
    ))  # fmt: skip


def posts(count: int, kind: str, seed: int = 7) -> list[str]:
    """`school`: posts of about 175 characters; `chat`: short messages, many of them rude."""
    draw = random.Random(f"{seed}{kind}")  # noqa: S311 - invented posts
    names = students(800, seed)
    made = []
    for _ in range(count):
        if kind == "chat":
            made.append(", ".join(draw.sample(CHAT, draw.randint(2, 4))))
            continue
        parts = draw.sample(CLEAN, 3)
        if draw.random() < 0.36:
            parts.insert(draw.randint(0, 3), _private(draw, names))
        text = " ".join(parts)
        while len(text) < 160:
            text += " " + draw.choice(CLEAN)
        made.append(text)
    return made
