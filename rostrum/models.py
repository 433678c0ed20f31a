"""The list of every table: one app, so that one word names one model everywhere."""

from __future__ import annotations

from rostrum.api.models import Provisioned, Reply
from rostrum.audit.models import Event, EventPayload
from rostrum.hooks.models import HookDelivery, HookEndpoint, HookPosition
from rostrum.intake.accounts_models import AccountList, AccountRow
from rostrum.intake.models import ImportRun, SourceRecord
from rostrum.jobs.models import JobRun
from rostrum.notices.models import Delivery, Notice
from rostrum.people.list_models import ChosenColumns, SavedFilter
from rostrum.people.models import Appointment, Person, StandIn, Unit
from rostrum.policies.models import Clause, Edition, Procedure, SettingValue
from rostrum.registry.change_models import AccountChange, FormerDetails
from rostrum.registry.known_models import KnownAccount, NoOthers
from rostrum.registry.models import (
    AccessHolder,
    Account,
    AccountKey,
    AccountRequest,
    AccountStanding,
    Designation,
    Endorsement,
    Registration,
)
from rostrum.schoolyear.models import NamedDays, Reminder, SchoolYear
from rostrum.tokens.models import Token
from rostrum.workflow.models import Submission

__all__ = [
    "AccessHolder", "Account", "AccountChange", "AccountKey", "AccountList", "AccountRequest",
    "AccountRow", "AccountStanding", "Appointment", "ChosenColumns", "Clause", "Delivery", "Designation",
    "Edition", "Endorsement", "Event", "EventPayload", "FormerDetails", "HookDelivery", "HookEndpoint",
    "HookPosition", "ImportRun", "JobRun", "KnownAccount", "NamedDays", "NoOthers", "Notice", "Person",
    "Procedure", "Provisioned", "Registration", "Reminder", "Reply", "SavedFilter", "SchoolYear",
    "SettingValue", "SourceRecord", "StandIn", "Submission", "Token", "Unit",
]  # fmt: skip

