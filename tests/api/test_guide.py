"""Every line of docs/api.md, run by curl against a server that answers as in real life."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from rostrum.registry.models import AccountRequest
from tests.api.conftest import secret_of
from tests.cast import build_cast, official, submitted

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
LINES = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.S) for line in block.splitlines()]


@pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")
@pytest.mark.django_db(transaction=True)
def test_every_line_of_the_guide_runs(live_server: Any) -> None:
    cast = build_cast()
    official(cast)
    request = submitted(cast)
    AccountRequest.objects.filter(pk=request.pk).update(ref="2026-0193")
    place = {**os.environ, "SITE": live_server.url, "TOKEN": secret_of(cast.principal), "NO_PROXY": "*",
             "SCIM_TOKEN": secret_of(cast.sysadmin, "scim")}  # fmt: skip
    assert len(LINES) >= 10
    for line in LINES:
        done = subprocess.run(
            ["sh", "-c", line], env=place, capture_output=True, text=True, timeout=60, check=True
        )  # the guide's own words
        answer = json.loads(done.stdout)
        wrong = answer.get("status") if isinstance(answer.get("status"), int) else None
        assert wrong == (404 if "ZZZZ" in line else None), (line, answer)
        if "items" in answer:
            assert answer["items"], line
    request.refresh_from_db()
    assert request.state == "endorsed"
    assert AccountRequest.objects.filter(requester=cast.principal).count() == 1
