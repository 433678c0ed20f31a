"""Addresses of everything that needs a sign-in, area by area."""

from __future__ import annotations

from rostrum.web.accounts.urls import urlpatterns as accounts
from rostrum.web.changes.urls import urlpatterns as changes
from rostrum.web.desk.urls import urlpatterns as desk
from rostrum.web.hooks.urls import urlpatterns as hooks
from rostrum.web.imports.urls import urlpatterns as imports
from rostrum.web.known.urls import urlpatterns as known
from rostrum.web.lists.urls import urlpatterns as lists
from rostrum.web.log.urls import urlpatterns as log
from rostrum.web.people.urls import urlpatterns as people
from rostrum.web.procedure.urls import urlpatterns as procedure
from rostrum.web.requests.urls import urlpatterns as requests
from rostrum.web.tokens.urls import urlpatterns as tokens

app_name = "web"
urlpatterns = [*desk, *requests, *changes, *accounts, *known, *lists, *people, *imports, *procedure, *log, *tokens, *hooks]
