"""Addresses of captured posts: the list, one post, keeping another, its screenshot, that it is gone."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.archive import keeping, posts

urlpatterns: list[URLPattern] = [
    path("accounts/<str:public_id>/posts/new/", keeping.keep, name="post_new"),
    path("posts/", posts.listing, name="posts"),
    path("posts/<int:pk>/", posts.post, name="post"),
    path("posts/<int:pk>/screenshots/<int:number>", posts.screenshot, name="post_screenshot"),
    path("posts/<int:pk>/gone/", keeping.gone, name="post_gone"),
    path("posts/<int:pk>/back/", keeping.back, name="post_back"),
]
