"""Addresses of the pages for who holds an account and can get in."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.custody import account, keeping, leaving, listing, managers, rounds, tonight, touched

urlpatterns: list[URLPattern] = [
    path("accounts/<str:public_id>/people/", account.people, name="custody_account"),
    path("accounts/<str:public_id>/people/name/", managers.name, name="custody_name"),
    path("accounts/<str:public_id>/people/access/", keeping.add_access, name="custody_access_add"),
    path("accounts/<str:public_id>/people/part/", keeping.add_tie, name="custody_tie_add"),
    path("accounts/<str:public_id>/people/helpers/", keeping.add_helpers, name="custody_helpers_add"),
    path("accounts/<str:public_id>/people/mailbox/", keeping.mailbox, name="custody_mailbox"),
    path("access/<int:pk>/change/", keeping.change_access, name="custody_access_change"),
    path("access/<int:pk>/end/", keeping.end_access, name="custody_access_end"),
    path("parts/<int:pk>/end/", keeping.end_tie, name="custody_tie_end"),
    path("helpers/<int:pk>/", keeping.change_helpers, name="custody_helpers_change"),
    path("helpers/<int:pk>/end/", keeping.end_helpers, name="custody_helpers_end"),
    path("managers/<int:pk>/answer/", managers.respond, name="custody_answer"),
    path("managers/<int:pk>/release/", managers.release, name="custody_release"),
    path("managers/<int:pk>/first/", managers.first, name="custody_first"),
    path("managers/<int:pk>/hand-over/", managers.hand_over, name="custody_hand_over"),
    path("hand-overs/<int:pk>/withdraw/", managers.withdraw, name="custody_withdraw"),
    path("hand-overs/", rounds.listing, name="handover_campaigns"),
    path("hand-overs/new/", rounds.new, name="handover_campaign_new"),
    path("hand-overs/campaigns/<int:pk>/", rounds.campaign, name="handover_campaign"),
    path("hand-overs/campaigns/<int:pk>/end/", rounds.end, name="handover_campaign_end"),
    path("hand-overs/accounts/<int:pk>/", rounds.line, name="handover_line"),
    path("departures/", leaving.listing, name="departures"),
    path("departures/<int:pk>/", leaving.departure, name="departure"),
    path("departures/<int:pk>/cancel/", leaving.cancel, name="departure_cancel"),
    path("departures/accounts/<int:pk>/confirm/", leaving.confirm, name="departure_confirm"),
    path("people/<int:pk>/last-day/", leaving.plan, name="departure_plan"),
    path("people/<int:pk>/touched/", touched.of_person, name="custody_person"),
    path("hands/", listing.hands, name="custody_list"),
    path("tonight/", tonight.tonight, name="custody_tonight"),
    path("touched/", touched.mine, name="custody_mine"),
]
