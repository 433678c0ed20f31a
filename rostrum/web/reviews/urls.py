"""Addresses of the pages for reviews of accounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.reviews import checking, deciding, found, listing, pairs, record, samples

urlpatterns: list[URLPattern] = [
    path("accounts/<str:public_id>/review-it/", deciding.ask, name="review_ask"),
    path("reviews/", listing.listing, name="reviews"),
    path("reviews/agreement/", pairs.overall, name="review_agreement"),
    path("reviews/findings/", found.listing, name="review_findings"),
    path("reviews/findings/<slug:ref>/", found.finding, name="review_finding"),
    path("reviews/findings/<slug:ref>/<slug:move>/", found.move, name="review_finding_move"),
    path("reviews/samples/", samples.samples, name="review_samples"),
    path("reviews/samples/new/", samples.new, name="review_sample_new"),
    path("reviews/samples/new/<str:on>/", samples.new, name="review_sample_new_for"),
    path("reviews/samples/<int:pk>/", samples.sample, name="review_sample"),
    path("reviews/samples/<int:pk>/off/", samples.off, name="review_sample_off"),
    path("reviews/evidence/<int:pk>", record.evidence, name="review_evidence"),
    path("reviews/evidence/<int:pk>/out", record.take_out, name="review_evidence_out"),
    path("reviews/<slug:ref>/", record.review, name="review"),
    path("reviews/<slug:ref>/check/", checking.check, name="review_check"),
    path("reviews/<slug:ref>/end/", checking.end, name="review_end"),
    path("reviews/<slug:ref>/assign/", deciding.assign, name="review_assign"),
    path("reviews/<slug:ref>/second/", deciding.second, name="review_second"),
    path("reviews/<slug:ref>/again/", deciding.again, name="review_again"),
    path("reviews/<slug:ref>/pair/", pairs.pair, name="review_pair"),
    path("reviews/<slug:ref>/<slug:move>/", deciding.move, name="review_move"),
]
