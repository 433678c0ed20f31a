"""What must be in order about an account, rule by rule: managers, name, mailbox, keys, certification, life."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from rostrum.checks.rule import Words
from rostrum.monitoring.flags import Flag, Plain


@dataclass(frozen=True)
class AccountFacts:
    """What is known of one account on a day. None means that it is not known, or that nobody asked for it.

    `managers` counts those who accepted, stand and have not left; `warn_below` is the division's own number. A last
    post on `quiet_before` or earlier is too long ago by the division's own number. `reset_due` and
    `certification_due` are days that have been set; `drift` names what a manager said is not right any more. `unread`
    counts managers who have not acknowledged the edition in force, where the division asks for it.
    """

    managers: int
    warn_below: int | None = None
    generic_name: bool = False
    mailbox_code: str = ""
    last_post: date | None = None
    alive_since: date | None = None
    quiet_before: date | None = None
    paused: bool = False
    reset_due: date | None = None
    certification_due: date | None = None
    drift: tuple[str, ...] = ()
    notice_link: bool | None = None
    privacy_attested: bool | None = None
    unread: int = 0


Found = Iterator[tuple[str, Mapping[str, Plain]]]


@dataclass(frozen=True)
class AccountRule:
    """One rule: its clauses, how serious it is, its words, its check, and facts that hit, come near, and must not hit."""

    id: str
    clauses: tuple[str, ...]
    severity: str
    title: Words
    message: Words
    advice: Words
    check: Callable[[AccountFacts, date], Found]
    hits: tuple[AccountFacts, ...] = field(default=())
    misses: tuple[AccountFacts, ...] = field(default=())
    traps: tuple[AccountFacts, ...] = field(default=())


FINE: Final = AccountFacts(managers=2, warn_below=2, notice_link=True, privacy_attested=True)
EXAMPLE_DAY: Final = date(2026, 11, 27)


def _with(**changes: object) -> AccountFacts:
    return AccountFacts(**{**vars(FINE), **changes})


def _no_manager(facts: AccountFacts, today: date) -> Found:
    if facts.managers == 0:
        yield "none", {}


def _few_managers(facts: AccountFacts, today: date) -> Found:
    if facts.warn_below is not None and 0 < facts.managers < facts.warn_below:
        yield f"{facts.managers}", {"managers": facts.managers, "wanted": facts.warn_below}


def _generic_name(facts: AccountFacts, today: date) -> Found:
    if facts.generic_name:
        yield "name", {}


def _personal_mailbox(facts: AccountFacts, today: date) -> Found:
    if facts.mailbox_code:
        yield facts.mailbox_code, {"code": facts.mailbox_code}


def _quiet(facts: AccountFacts, today: date) -> Found:
    last = facts.last_post or facts.alive_since
    if facts.quiet_before is not None and last is not None and not facts.paused and last <= facts.quiet_before:
        # Not how many days that is: every night would have all of them to write again.
        yield last.isoformat(), {"since": last.isoformat()}


def _reset_due(facts: AccountFacts, today: date) -> Found:
    if facts.reset_due is not None and facts.reset_due < today:
        yield facts.reset_due.isoformat(), {"due": facts.reset_due.isoformat()}


def _certification_overdue(facts: AccountFacts, today: date) -> Found:
    if facts.certification_due is not None and facts.certification_due < today:
        yield facts.certification_due.isoformat(), {"due": facts.certification_due.isoformat()}


def _profile_drift(facts: AccountFacts, today: date) -> Found:
    if facts.drift:
        yield "|".join(sorted(facts.drift)), {"parts": len(facts.drift)}


def _notice_link(facts: AccountFacts, today: date) -> Found:
    if facts.notice_link is False:
        yield "link", {}


def _privacy_settings(facts: AccountFacts, today: date) -> Found:
    if facts.privacy_attested is False:
        yield "privacy", {}


def _unread(facts: AccountFacts, today: date) -> Found:
    if facts.unread > 0:
        yield f"{facts.unread}", {"unread": facts.unread}


RULES: Final[tuple[AccountRule, ...]] = (
    AccountRule(
        "account.no_manager", ("1.7", "3.4"), "block",
        Words("Nobody looks after it", "Personne ne s’en occupe"),
        Words("No content manager stands who has accepted and still works here.",
              "Aucune personne gestionnaire n’a accepté tout en travaillant encore ici."),
        Words("Name a content manager today, or suspend the account until there is one.",
              "Nommez une personne gestionnaire dès aujourd’hui, ou suspendez le compte jusque-là."),
        _no_manager, hits=(_with(managers=0),), misses=(_with(managers=1),), traps=(FINE,),
    ),
    AccountRule(
        "account.one_manager", ("1.7",), "review",
        Words("Too few managers", "Trop peu de gestionnaires"),
        Words("Fewer content managers stand than the division wants.",
              "Il y a moins de gestionnaires de contenu que la division n’en souhaite."),
        Words("Name a second one, so that nobody is the only one with the keys.",
              "Nommez une deuxième personne, pour que les accès ne dépendent pas d’une seule."),
        _few_managers, hits=(_with(managers=1),), misses=(_with(managers=2),),
        traps=(_with(managers=1, warn_below=None), _with(managers=0)),
    ),
    AccountRule(
        "account.generic_name", ("1.3",), "review",
        Words("The name speaks for the whole division", "Le nom parle au nom de toute la division"),
        Words("The name uses the division’s initials or name and names no school, program or club.",
              "Le nom emploie le nom ou le sigle de la division sans nommer d’école, de programme ou de club."),
        Words("Propose a name that says whom the account speaks for.",
              "Proposez un nom qui dit au nom de qui le compte parle."),
        _generic_name, hits=(_with(generic_name=True),), misses=(FINE,), traps=(_with(managers=0),),
    ),
    AccountRule(
        "account.personal_mailbox", ("1.6",), "block",
        Words("Not a work mailbox", "Ce n’est pas une boîte de travail"),
        Words("The account is bound to a mailbox that is not one of the division’s.",
              "Le compte est lié à une boîte qui n’est pas une de celles de la division."),
        Words("Bind it to a work mailbox and have that noted.", "Liez-le à une boîte de travail et faites-le noter."),
        _personal_mailbox, hits=(_with(mailbox_code="personal"), _with(mailbox_code="foreign")), misses=(FINE,),
        traps=(_with(mailbox_code=""),),
    ),
    AccountRule(
        "account.quiet", ("1.7",), "note",
        Words("Quiet", "Silencieux"),
        Words("Nothing was posted for longer than the division’s own number of days.",
              "Rien n’a été publié depuis plus longtemps que le délai choisi par la division."),
        Words("Ask its managers: post again, pause it, merge it or close it.",
              "Demandez aux gestionnaires : publier de nouveau, mettre en pause, fusionner ou fermer."),
        _quiet,
        hits=(_with(last_post=date(2026, 9, 28), quiet_before=date(2026, 9, 28)),
              _with(alive_since=date(2026, 8, 1), quiet_before=date(2026, 9, 28))),
        misses=(_with(last_post=date(2026, 9, 29), quiet_before=date(2026, 9, 28)),),
        traps=(_with(last_post=date(2020, 1, 1)), _with(quiet_before=date(2026, 9, 28)),
               _with(last_post=date(2026, 8, 1), quiet_before=date(2026, 9, 28), paused=True)),
    ),
    AccountRule(
        "account.reset_due", ("3.4",), "review",
        Words("Reset overdue", "Réinitialisation en retard"),
        Words("A reset of the account’s access was asked for and its day has passed.",
              "Une réinitialisation des accès a été demandée et son échéance est passée."),
        Words("Have two people reset it and say so.", "Faites réinitialiser les accès par deux personnes, qui le confirment."),
        _reset_due, hits=(_with(reset_due=date(2026, 11, 26)),), misses=(_with(reset_due=EXAMPLE_DAY),), traps=(FINE,),
    ),
    AccountRule(
        "account.certification_overdue", ("1.7", "1.10"), "review",
        Words("Certification overdue", "Attestation en retard"),
        Words("Its managers have not said in time that the account is still theirs and still right.",
              "Les gestionnaires n’ont pas confirmé à temps que le compte est toujours le leur et toujours exact."),
        Words("Ask them; it takes two minutes.", "Demandez-le-leur; cela prend deux minutes."),
        _certification_overdue, hits=(_with(certification_due=date(2026, 11, 26)),),
        misses=(_with(certification_due=EXAMPLE_DAY),), traps=(FINE,),
    ),
    AccountRule(
        "account.profile_drift", ("1.3", "3.2"), "review",
        Words("The profile is not what was approved", "Le profil n’est plus celui qui a été approuvé"),
        Words("A manager said that something on the profile is no longer as the register has it.",
              "Une personne gestionnaire a indiqué qu’un élément du profil n’est plus tel que le registre l’indique."),
        Words("Change the profile back, or propose the change.", "Rétablissez le profil, ou proposez la modification."),
        _profile_drift, hits=(_with(drift=("name",)),), misses=(FINE,), traps=(_with(drift=()),),
    ),
    AccountRule(
        "account.no_notice_link", ("1.2",), "note",
        Words("The profile does not link to the directory", "Le profil ne renvoie pas au répertoire"),
        Words("The Registration Form says that the profile has no link to its page in the directory.",
              "Le formulaire d’inscription indique que le profil ne renvoie pas à sa page du répertoire."),
        Words("Put the line from the account’s page into the profile.", "Ajoutez au profil la ligne de la page du compte."),
        _notice_link, hits=(_with(notice_link=False),), misses=(_with(notice_link=True),), traps=(_with(notice_link=None),),
    ),
    AccountRule(
        "account.privacy_not_attested", ("1.8",), "note",
        Words("Nobody looked at the privacy settings", "Personne n’a vérifié la confidentialité"),
        Words("Nobody said who can read the account and who can comment.",
              "Personne n’a indiqué qui peut lire le compte ni qui peut commenter."),
        Words("Look at the platform’s privacy settings and say what they are.",
              "Consultez les paramètres de confidentialité de la plateforme et indiquez-les."),
        _privacy_settings, hits=(_with(privacy_attested=False),), misses=(_with(privacy_attested=True),),
        traps=(_with(privacy_attested=None),),
    ),
    AccountRule(
        "account.acknowledgement_lapsed", ("1.7", "1.8"), "note",
        Words("A manager has not read the edition in force", "Une personne gestionnaire n’a pas lu la version en vigueur"),
        Words("The division asks managers to acknowledge the procedure, and not all of this account’s have.",
              "La division demande aux gestionnaires de confirmer leur lecture; ce n’est pas fait pour ce compte."),
        Words("Ask them to read it and say so; it takes ten minutes.",
              "Demandez-leur de la lire et de le confirmer; dix minutes suffisent."),
        _unread, hits=(_with(unread=1),), misses=(_with(unread=0),), traps=(FINE,),
    ),
)  # fmt: skip


def check_account(facts: AccountFacts, today: date) -> list[Flag]:
    """What the rules say of one account on a day, in their order. Nothing is decided by it."""
    return [
        Flag(rule.id, evidence, rule.clauses, rule.severity, facts=said)
        for rule in RULES
        for evidence, said in rule.check(facts, today)
    ]
