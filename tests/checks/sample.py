"""Invented students and an invented division for the examples of the rules and for the posts in posts.txt."""

from __future__ import annotations

from rostrum.checks import Division, Engine, Student
from rostrum.checks.roster import ALL_CONSENTS

STUDENTS = (
    Student("1", "Emma", "Larsson"),
    Student("2", "Noah", "Larsson", consents=ALL_CONSENTS),
    Student("3", "Kîhew", "Larsson"),
    Student("4", "Siobhán", "O'Brien"),
    Student("5", "Zoé", "St-Pierre"),
    Student("6", "Elizabeth", "Muskwa"),
    Student("7", "Ji-ho", "Nguyễn"),
    Student("8", "Liam", "Fernandez-Reyes"),
    Student("9", "Hope", "Hill"),
    Student("10", "Terry", "Fox"),
    Student("11", "Grace", "Park", consents=ALL_CONSENTS),
    Student("12", "Wei", "Ng"),
    Student("13", "Olivia", "Smith", number="5190-3342-7"),
    Student("14", "Read", "Richard"),
    Student("15", "Winston", "Churchill"),
    Student("16", "Maria-José", "Whitecalf"),
    Student("17", "Tyler", "Cardinal", preferred="Ty"),
    Student("18", "Ahmed", "Hassan"),
    Student("19", "Léa", "Tremblay", number="804417"),
    Student("20", "Mason", "McKay", consents=ALL_CONSENTS),
)
DIVISION = Division(
    public_phones=["780-555-0110", "(306) 555-0111"],
    domains=["lpsd.example.ca"],
    addresses=["5017 46 Street, Lloydminster SK S9V 0E1", "3103 52 Avenue, Lloydminster AB T9V 1N8"],
    schools=["Winston Churchill School", "Bishop Lloyd School", "Rendell Park School"],
    staff=["Trent Wilmer", "Lorraine Achter"],
)


def engine() -> Engine:
    """The engine over the sample."""
    return Engine(STUDENTS, DIVISION)
