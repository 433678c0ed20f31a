"""The list of every table: one app, so that one word names one model everywhere."""

from __future__ import annotations

from rostrum.audit.models import Event, EventPayload
from rostrum.jobs.models import JobRun
from rostrum.notices.models import Delivery, Notice
from rostrum.people.models import Appointment, Person, StandIn, Unit
from rostrum.policies.models import Clause, Edition, Procedure, SettingValue
from rostrum.registry.models import (
    AccessHolder,
    Account,
    AccountKey,
    AccountRequest,
    AccountStanding,
    Designation,
    Registration,
)
from rostrum.workflow.models import Submission

__all__ = [
    "AccessHolder", "Account", "AccountKey", "AccountRequest", "AccountStanding", "Appointment", "Clause", "Delivery",
    "Designation", "Edition", "Event", "EventPayload", "JobRun", "Notice", "Person", "Procedure", "Registration",
    "SettingValue", "StandIn", "Submission", "Unit",
]
