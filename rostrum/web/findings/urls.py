"""Addresses of findings: the queue, one finding with its acts, several at once, how exact each rule is, rounds."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.findings import acts, batch, queue, record, rounds, tuning

urlpatterns: list[URLPattern] = [
    path("findings/", queue.listing, name="findings"),
    path("findings/dismiss/", batch.dismiss, name="findings_dismiss"),
    path("findings/rules/", tuning.rules, name="finding_rules"),
    path("findings/rules/<str:rule_id>/", tuning.rule, name="finding_rule"),
    path("findings/rounds/", rounds.ask, name="check_rounds"),
    path("findings/rounds/<int:pk>/", rounds.progress, name="check_round"),
    path("findings/<int:pk>/", record.finding, name="finding"),
    path("findings/<int:pk>/look", acts.look, name="finding_look"),
    path("findings/<int:pk>/proof", record.proof, name="finding_proof"),
    path("findings/<int:pk>/assign/", acts.assign, name="finding_assign"),
    path("findings/<int:pk>/<str:move>/", acts.move, name="finding_move"),
]
