"""Where Communications takes the signed copy of the directory, and where everyone gets the key to check one."""

from __future__ import annotations

from hashlib import sha256

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rostrum.core import clock
from rostrum.core.errors import NotAllowed
from rostrum.directory.export import files, zipped
from rostrum.directory.machines import for_machines, send_made
from rostrum.directory.signing import public_pem
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.rolewords import keeper
from rostrum.registry import directory as register
from rostrum.registry.dated import last_change

# Whoever keeps the tree of units answers for what the public reads of it.
NEEDED = "unit:manage"


@for_machines
def public_key(request: HttpRequest) -> HttpResponseBase:
    """`/directory.pub`: the public key of the signed copies, as openssl reads it."""
    kind = "application/x-pem-file"
    return send_made(request, ("key",), lambda: (public_pem(), ""), kind=kind, name="directory.pub")


@require_safe
@login_required
def offer(request: HttpRequest) -> HttpResponse:
    """What the signed copy is, how to check it, and the button that makes one. For Communications and administrators."""
    _need(request)
    key = public_pem()
    context = {
        "count": register.directory(retired=True).count(), "changed": last_change(), "key": key.decode(),
        "fingerprint": sha256(key).hexdigest(),
    }  # fmt: skip
    return render(request, "directory/offer.html", context)


@require_safe
@login_required
def download(request: HttpRequest) -> HttpResponse:
    """The signed copy as a zip, made at this moment."""
    _need(request)
    response = HttpResponse(zipped(files()), content_type="application/zip")
    name = f"directory-{clock.today().isoformat()}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _need(request: HttpRequest) -> None:
    if not isinstance(request.user, Person) or not may(request.user, NEEDED):
        raise NotAllowed(
            _("Only %(keeper)s or the system administrator takes the signed copy of the directory.")
            % {"keeper": keeper()}
        )
