"""The units of the demonstration: nine schools, and what lies within and beside them."""

from __future__ import annotations

from dataclasses import dataclass

DIVISION = "lpsd"
TOWN = "Lloydminster"


@dataclass(frozen=True)
class Place:
    """One unit: its code, kind and name, the code of the unit above it, and its public contact."""

    code: str
    kind: str
    name: str
    above: str = DIVISION
    phone: str = ""
    email: str = ""
    town: str = ""
    street: str = ""


def _school(code: str, name: str, n: int) -> Place:
    phone, email = f"780-555-01{n:02d}", f"office.{code}@lpsd.ca"
    street = f"{4300 + 97 * (n - 9)} {41 + 3 * (n - 9)} Street"  # invented, in the way of the town's grid
    return Place(code, "school", name, phone=phone, email=email, town=TOWN, street=street)


def _department(code: str, name: str, n: int) -> Place:
    return Place(code, "department", name, phone=f"780-555-01{n:02d}", email=f"{code}@lpsd.ca")


NAME = "Lloydminster Public School Division"
ROOT = Place(DIVISION, "division", NAME, "", "780-555-0100", "office@lpsd.ca", TOWN)

# Parents first.
PLACES: tuple[Place, ...] = (
    _school("rendell", "Rendell Park School", 10),
    _school("winston", "Winston Churchill School", 11),
    _school("barr", "Barr Colony School", 12),
    _school("kemp", "Jack Kemp Community School", 13),
    _school("queen", "Queen Elizabeth School", 14),
    _school("college", "College Park School", 15),
    _school("bishop", "Bishop Lloyd School", 16),
    _school("laird", "E.S. Laird School", 17),
    _school("lchs", "Lloydminster Comprehensive High School", 18),
    _department("student-services", "Student Services", 31),
    _department("indigenous", "Indigenous Education", 32),
    _department("technology", "Technology Services", 33),
    _department("hr", "Human Resources", 34),
    _department("transportation", "Transportation", 35),
    Place("early-learning", "program", "Early Learning Program", "student-services"),
    Place("cree", "program", "Nêhiyawêwin Language Program", "indigenous"),
    Place("immersion", "program", "Immersion française de College Park", "college"),
    Place("work-experience", "program", "Work Experience Program", "lchs"),
    Place("barr-outdoor", "program", "Barr Colony Outdoor Learning", "barr"),
    Place("lchs-robotics", "club", "Comprehensive Robotics Club", "lchs"),
    Place("lchs-drama", "club", "Comprehensive Drama Club", "lchs"),
    Place("laird-garden", "club", "E.S. Laird Garden Club", "laird"),
    Place("bishop-band", "club", "Bishop Lloyd Band", "bishop"),
    Place("winston-choir", "club", "Winston Churchill Choir", "winston"),
    Place("kemp-drum", "club", "Jack Kemp Drum Group", "kemp"),
    Place("lchs-volleyball", "team", "Comprehensive Volleyball", "lchs"),
    Place("lchs-curling", "team", "Comprehensive Curling", "lchs"),
    Place("laird-basketball", "team", "E.S. Laird Basketball", "laird"),
    Place("rendell-council", "association", "Rendell Park School Community Council", "rendell"),
    Place("barr-parents", "association", "Barr Colony Parent Association", "barr"),
    Place("lchs-alumni", "association", "Comprehensive High Alumni Association", "lchs"),
    Place("rendell-gr4", "classroom", "Grade 4", "rendell"),
    Place("rendell-library", "program", "Rendell Park Library", "rendell"),
    Place("winston-gr2", "classroom", "Grade 2", "winston"),
    Place("barr-gr1", "classroom", "Grade 1", "barr"),
    Place("barr-gr6", "classroom", "Grade 6", "barr"),
    Place("kemp-gr1", "classroom", "Grade 1", "kemp"),
    Place("queen-gr3", "classroom", "Grade 3", "queen"),
    Place("queen-k", "classroom", "Kindergarten", "queen"),
    Place("college-gr2", "classroom", "2e année", "college"),
    Place("college-gr5", "classroom", "5e année", "college"),
    Place("bishop-gr8", "classroom", "Grade 8", "bishop"),
    Place("laird-gr7", "classroom", "Grade 7", "laird"),
)
