"""The invented people of the demonstration, their roles, and those who may sign in with one click."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rostrum.demo.mark import is_demonstration

MAIL = "lpsd.ca"


@dataclass(frozen=True)
class Who:
    """One invented person: `key` is what stands before the @, `home` the code of their unit."""

    key: str
    name: str
    title: str
    home: str
    kind: str = "employee"
    language: str = "en-ca"
    rhythm: str = ""

    @property
    def email(self) -> str:
        """The work e-mail."""
        return f"{self.key}@{MAIL}"


PEOPLE: tuple[Who, ...] = (
    Who("d.whitford", "Dana Whitford", "Director of Education", "lpsd", rhythm="digest"),
    Who("r.okafor", "Ruth Okafor", "Superintendent of Schools", "lpsd"),
    Who("m.laurent", "Marc Laurent", "Office and Communications Manager", "lpsd"),
    Who("j.gagnon", "Julie Gagnon", "Communications Assistant", "lpsd", language="fr-ca"),
    Who("p.nair", "Priya Nair", "Access and Privacy Officer", "lpsd"),
    Who("h.singh", "Harpreet Singh", "Internal Auditor", "lpsd", rhythm="in_app"),
    Who("t.boyko", "Taras Boyko", "Systems Administrator", "technology"),
    Who("i.santos", "Imelda Santos", "Manager of Technology Services", "technology"),
    Who("l.whitestone", "Leona Whitestone", "Indigenous Education Lead", "indigenous"),
    Who("w.hofer", "Wendy Hofer", "Manager of Student Services", "student-services"),
    Who("c.mckay", "Colleen McKay", "Manager of Human Resources", "hr"),
    Who("b.melnyk", "Bohdan Melnyk", "Transportation Supervisor", "transportation"),
    # Rendell Park
    Who("a.petrova", "Ana Petrova", "Principal", "rendell"),
    Who("s.nguyen", "Sofia Nguyen", "Grade 4 teacher", "rendell"),
    Who("o.clarke", "Owen Clarke", "Teacher-librarian", "rendell"),
    Who("k.moyah", "Kelly-Ann Moyah", "School community council", "rendell", kind="volunteer"),
    # Winston Churchill
    Who("c.dubois", "Charlie Dubois", "Principal", "winston"),
    Who("h.friesen", "Hannah Friesen", "Grade 2 teacher", "winston"),
    Who("k.boateng", "Kwame Boateng", "Music teacher", "winston", rhythm="digest"),
    # Barr Colony
    Who("n.haddad", "Noor Haddad", "Principal", "barr"),
    Who("a.desjarlais", "Amber Desjarlais", "Grade 6 teacher", "barr"),
    Who("p.vandyk", "Pieter van Dyk", "Grade 1 teacher", "barr"),
    # Jack Kemp
    Who("l.cardinal", "Lorraine Cardinal", "Principal", "kemp"),
    Who("b.okemow", "Ben Okemow", "Vice-principal", "kemp"),
    Who("t.moosomin", "Tyler Moosomin", "Grade 1 teacher", "kemp"),
    # Queen Elizabeth: the principal's chair is empty since the summer
    Who("e.hargreaves", "Ellen Hargreaves", "Principal", "queen"),
    Who("j.gill", "Jasleen Gill", "Grade 3 teacher", "queen"),
    Who("m.reyes", "Maria Reyes", "Kindergarten teacher", "queen"),
    # College Park: French immersion
    Who("m.thibault", "Mireille Thibault", "Directrice d’école", "college", language="fr-ca"),
    Who("e.fontaine", "Émilie Fontaine", "Enseignante, 5e année", "college", language="fr-ca"),
    Who("m.ouellette", "Marcel Ouellette", "Enseignant, 2e année", "college", language="fr-ca"),
    # Bishop Lloyd
    Who("o.hrynkiw", "Oksana Hrynkiw", "Principal", "bishop"),
    Who("f.yusuf", "Fatima Yusuf", "Grade 8 teacher", "bishop"),
    Who("j.laboucane", "Joel Laboucane", "Band teacher", "bishop"),
    # E.S. Laird
    Who("r.villanueva", "Ramon Villanueva", "Principal", "laird"),
    Who("r.bautista", "Rosalie Bautista", "Grade 7 teacher", "laird"),
    Who("a.patel", "Arjun Patel", "Science teacher", "laird"),
    # Lloydminster Comprehensive
    Who("g.dhaliwal", "Gurpreet Dhaliwal", "Principal", "lchs"),
    Who("d.kovalenko", "Danylo Kovalenko", "Physics teacher, robotics coach", "lchs"),
    Who("g.kim", "Grace Kim", "Drama teacher", "lchs"),
    Who("n.shevchenko", "Nadia Shevchenko", "Career counsellor", "lchs"),
    Who("c.beaulieu", "Chantal Beaulieu", "Volleyball coach", "lchs"),
    Who("d.hutchings", "Dale Hutchings", "Curling coach", "lchs", kind="volunteer"),
    Who("s.littlechief", "Samantha Littlechief", "Art teacher", "lchs"),
    Who("l.oreilly", "Liam O’Reilly", "Athletics coordinator", "lchs"),
    Who("b.zaleski", "Brenda Zaleski", "Alumni association", "lchs", kind="volunteer"),
)

# (person, role, unit): who holds which role from the first day on.
ROLES: tuple[tuple[str, str, str], ...] = (
    ("r.okafor", "supervisor", "lpsd"),
    ("m.laurent", "communications", "lpsd"),
    ("j.gagnon", "communications", "lpsd"),
    ("p.nair", "privacy", "lpsd"),
    ("h.singh", "auditor", "lpsd"),
    ("d.whitford", "director", "lpsd"),
    ("i.santos", "supervisor", "technology"),
    ("l.whitestone", "supervisor", "indigenous"),
    ("w.hofer", "supervisor", "student-services"),
    ("c.mckay", "supervisor", "hr"),
    ("b.melnyk", "supervisor", "transportation"),
    ("a.petrova", "administrator", "rendell"),
    ("c.dubois", "administrator", "winston"),
    ("n.haddad", "administrator", "barr"),
    ("l.cardinal", "administrator", "kemp"),
    ("e.hargreaves", "administrator", "queen"),
    ("m.thibault", "administrator", "college"),
    ("o.hrynkiw", "administrator", "bishop"),
    ("r.villanueva", "administrator", "laird"),
    ("g.dhaliwal", "administrator", "lchs"),
)


@dataclass(frozen=True)
class DemoRole:
    """One button of the sign-in page: who, in which role, and what to look at first."""

    key: str
    name: str
    email: str
    role: Promise | str
    words: Promise | str


_DOORS: tuple[tuple[str, Promise | str, Promise | str], ...] = (
    ("s.nguyen", _("Teacher"),
     _("Teacher, Rendell Park School. Ask for a Grade 4 classroom blog; the library waits for your yes.")),
    ("d.kovalenko", _("Coach"),
     _("Robotics coach. Read why your X request came back, then register the approved video channel.")),
    ("a.petrova", _("Principal"),
     _("Principal, Rendell Park School. Endorse what waits for you, oldest first.")),
    ("r.okafor", _("Superintendent"),
     _("Superintendent. Decide for the school without a principal, and on a principal’s own request.")),
    ("m.laurent", _("Communications"),
     _("Communications. Approve, confirm a registration, and see who has not registered yet.")),
    ("p.nair", _("Privacy officer"),
     _("Privacy officer. Finish your draft, then read what the log says about a review.")),
    ("d.whitford", _("Director of Education"),
     _("Director of Education. Decide on the Superintendent’s own request.")),
    ("h.singh", _("Auditor"),
     _("Auditor. Read the log and every record; nothing here can be changed by you.")),
    ("t.boyko", _("System administrator"),
     _("System administrator. Keep units and people, and look at the letter that never arrived.")),
)  # fmt: skip


def roles() -> list[DemoRole]:
    """Who may sign in with one click, in the order of the sign-in page.

    Nobody where the database was not seeded by the demonstration: a real person may have the same address.
    """
    if not is_demonstration():
        return []
    known = {who.key: who for who in PEOPLE}
    return [DemoRole(key, known[key].name, known[key].email, role, words) for key, role, words in _DOORS]
