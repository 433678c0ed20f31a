"""Addresses of the pages for cases, decisions and appeals."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.cases import appealing, deciding, decision, listing, measures, opening, record

urlpatterns: list[URLPattern] = [
    path("accounts/<str:public_id>/case/", opening.new, name="case_new"),
    path("cases/", listing.cases_list, name="cases"),
    path("cases/measures/", measures.table, name="graduated"),
    path("cases/measures/change/", measures.change, name="graduated_change"),
    path("cases/measures/clear/", measures.clear, name="graduated_clear"),
    path("cases/<int:pk>/", record.case, name="case"),
    path("cases/<int:pk>/evidence/", opening.more, name="case_evidence"),
    path("cases/<int:pk>/evidence/<int:number>", opening.file, name="case_file"),
    path("cases/<int:pk>/assign/", record.assign, name="case_assign"),
    path("cases/<int:pk>/look", record.look, name="case_look"),
    path("cases/<int:pk>/decide/", deciding.decide, name="case_decide"),
    path("cases/<int:pk>/letter/", deciding.letter, name="case_letter"),
    path("cases/<int:pk>/talk/", record.talk, name="talk"),
    path("cases/<int:pk>/<str:move>/", record.move, name="case_move"),
    path("decisions/", listing.decisions_list, name="decisions"),
    path("decisions/<int:pk>/", decision.decision, name="decision"),
    path("decisions/<int:pk>/evidence/<int:number>", decision.file, name="decision_file"),
    path("decisions/<int:pk>/done/", decision.done, name="decision_done"),
    path("decisions/<int:pk>/appeal/", appealing.lodge, name="appeal_new"),
    path("appeals/", listing.appeals_list, name="appeals"),
    path("appeals/<int:pk>/", appealing.appeal, name="appeal"),
    path("appeals/<int:pk>/files/<int:number>", appealing.file, name="appeal_file"),
    path("appeals/<int:pk>/name/", appealing.name, name="appeal_name"),
    path("appeals/<int:pk>/vary/", appealing.vary, name="appeal_vary"),
    path("appeals/<int:pk>/<str:move>/", appealing.move, name="appeal_move"),
]
