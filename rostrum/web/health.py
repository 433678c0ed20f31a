"""Two questions of the machine room: does the process live, and can this place do its work?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rostrum.jobs import queries as jobs


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is looked at, so that a slow database restarts nobody."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Whether it can write, is migrated and its queue moves: 200 or 503, with each part's answer."""
    answer = jobs.readiness()
    return JsonResponse(answer, status=200 if answer.get("ready") else 503)
