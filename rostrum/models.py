"""The list of every table: one app, so that one word names one model everywhere."""

from __future__ import annotations

from rostrum.api.models import Provisioned, Reply
from rostrum.archive.models import Post, PostVersion
from rostrum.audit.models import Event, EventPayload
from rostrum.cases.appeal_models import Appeal, AppealFile
from rostrum.cases.decision_models import Decision, Strike
from rostrum.cases.models import Case, CaseEvidence, DecisionDraft, TalkNote
from rostrum.custody.campaign_models import HandOverAnswer, HandOverCampaign, HandOverLine
from rostrum.custody.departure_models import Departure, DepartureItem
from rostrum.custody.models import AccountTie, HandOver, HelperGroup, Shortage
from rostrum.guidance.models import Acknowledgement
from rostrum.hooks.models import HookDelivery, HookEndpoint, HookPosition
from rostrum.intake.accounts_models import AccountList, AccountRow
from rostrum.intake.models import ImportRun, SourceRecord
from rostrum.intake.post_models import PostList
from rostrum.jobs.models import JobRun
from rostrum.keys.models import CampaignAccount, Reset, ResetCall, ResetCampaign
from rostrum.monitoring.models import CheckRound, Finding, OwnRule, RuleChoice
from rostrum.notices.models import Delivery, Notice
from rostrum.orders.hold_models import CrisisHold, HoldTold
from rostrum.orders.models import AccountOrder
from rostrum.people.list_models import ChosenColumns, SavedFilter
from rostrum.people.models import Appointment, Person, StandIn, Unit
from rostrum.policies.models import Clause, Edition, Procedure, SettingValue
from rostrum.registry.change_models import AccountChange, AccountSplit, FormerDetails
from rostrum.registry.closing_models import Closing, ClosingAnswer, ParkedHandle
from rostrum.registry.hold_models import AccountHold
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
from rostrum.upkeep.liveness_models import Liveness, Pause
from rostrum.upkeep.models import Certification, Correction, SuspensionProposal
from rostrum.workflow.models import Submission

__all__ = [
    "AccessHolder", "Account", "AccountChange", "AccountHold", "AccountKey", "AccountList", "AccountOrder",
    "AccountRequest", "AccountRow", "AccountSplit", "AccountStanding", "AccountTie", "Acknowledgement", "Appeal",
    "AppealFile", "Appointment", "CampaignAccount", "Case", "CaseEvidence", "Certification", "CheckRound",
    "ChosenColumns", "Clause", "Closing", "ClosingAnswer", "Correction", "CrisisHold", "Decision",
    "DecisionDraft", "Delivery", "Departure", "DepartureItem", "Designation", "Edition", "Endorsement",
    "Event", "EventPayload", "Finding", "FormerDetails", "HandOver", "HandOverAnswer", "HandOverCampaign",
    "HandOverLine", "HelperGroup", "HoldTold", "HookDelivery", "HookEndpoint", "HookPosition", "ImportRun",
    "JobRun", "KnownAccount", "Liveness", "NamedDays", "NoOthers", "Notice", "OwnRule", "ParkedHandle",
    "Pause", "Person", "Post", "PostList", "PostVersion", "Procedure", "Provisioned", "Registration",
    "Reminder", "Reply", "Reset", "ResetCall", "ResetCampaign", "RuleChoice", "SavedFilter", "SchoolYear",
    "SettingValue", "Shortage", "SourceRecord", "StandIn", "Strike", "Submission", "SuspensionProposal",
    "TalkNote", "Token", "Unit",
]  # fmt: skip
