"""Addresses of the pages for certification, last posts, quiet accounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.upkeep import certifying, importing, lists, liveness, settling

urlpatterns: list[URLPattern] = [
    path("certify/", certifying.mine_here, name="certify"),
    path("certify/<int:person>/", certifying.mine, name="certify_mine"),
    path("certifications/", lists.certifications, name="certifications"),
    path("certifications/late/<int:person>/", lists.late, name="certifications_of"),
    path("certifications/proposals/", settling.proposals, name="suspension_proposals"),
    path("certifications/proposals/for/<int:person>/", settling.proposals_for, name="suspension_proposals_for"),
    path("certifications/proposals/<int:pk>/<str:move>/", settling.proposal, name="suspension_proposal_move"),
    path("certifications/corrections/<int:pk>/<str:move>/", settling.correction, name="correction_move"),
    path("certifications/<int:pk>/", certifying.record, name="certification"),
    path("certifications/<int:pk>/answer/", certifying.answering, name="certification_answer"),
    path("accounts/<str:public_id>/certification/", certifying.asking, name="certification_ask"),
    path("quiet/", lists.quiet, name="quiet"),
    path("quiet/mine/<int:person>/", lists.quiet_mine, name="quiet_mine"),
    path("quiet/import/", importing.choose, name="post_imports"),
    path("quiet/import/template.csv", importing.template, name="post_template"),
    path("quiet/import/<int:pk>/", importing.show, name="post_list"),
    path("accounts/<str:public_id>/last-post/", liveness.post, name="liveness_post"),
    path("accounts/<str:public_id>/look/", liveness.look, name="liveness_look"),
    path("accounts/<str:public_id>/plan/", liveness.plan, name="liveness_plan"),
    path("accounts/<str:public_id>/pause/", liveness.pause, name="pause_new"),
    path("accounts/<str:public_id>/nudge/", liveness.nudge, name="liveness_nudge"),
    path("accounts/<str:public_id>/forward/", liveness.forward, name="liveness_forward"),
    path("pauses/<int:pk>/end/", liveness.resume, name="pause_end"),
]
