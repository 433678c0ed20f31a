"""Addresses of everything that needs a sign-in, area by area."""

from __future__ import annotations

from rostrum.web.accounts.urls import urlpatterns as accounts
from rostrum.web.archive.urls import urlpatterns as archive
from rostrum.web.calendar.urls import urlpatterns as calendar
from rostrum.web.cases.urls import urlpatterns as cases
from rostrum.web.changes.urls import urlpatterns as changes
from rostrum.web.checks.urls import urlpatterns as checks
from rostrum.web.closing.urls import urlpatterns as closing
from rostrum.web.custody.urls import urlpatterns as custody
from rostrum.web.desk.urls import urlpatterns as desk
from rostrum.web.dossier.urls import urlpatterns as dossier
from rostrum.web.findings.urls import urlpatterns as findings
from rostrum.web.guidance.urls import urlpatterns as guidance
from rostrum.web.hooks.urls import urlpatterns as hooks
from rostrum.web.imports.urls import urlpatterns as imports
from rostrum.web.keys.urls import urlpatterns as keys
from rostrum.web.known.urls import urlpatterns as known
from rostrum.web.lists.urls import urlpatterns as lists
from rostrum.web.log.urls import urlpatterns as log
from rostrum.web.orders.urls import urlpatterns as orders
from rostrum.web.oversight.urls import urlpatterns as oversight
from rostrum.web.people.urls import urlpatterns as people
from rostrum.web.procedure.urls import urlpatterns as procedure
from rostrum.web.requests.urls import urlpatterns as requests
from rostrum.web.reviews.urls import urlpatterns as reviews
from rostrum.web.tokens.urls import urlpatterns as tokens
from rostrum.web.upkeep.urls import urlpatterns as upkeep

app_name = "web"
# What is more exact stands before accounts, whose last address takes any word after an account's id.
urlpatterns = [
    *desk, *oversight, *requests, *changes, *guidance, *custody, *keys, *calendar, *upkeep, *reviews, *orders, *closing,
    *cases, *checks, *archive, *findings, *dossier, *accounts, *known, *lists, *people, *imports, *procedure, *log,
    *tokens, *hooks,
]  # fmt: skip
