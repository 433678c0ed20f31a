"""How a file of evidence is handed to somebody who may see it: never run, never kept around, never guessed at."""

from __future__ import annotations

from django.http import FileResponse, Http404

from rostrum.core import evidence


def evidence_file(digest: str, kind: str, name: str) -> FileResponse:
    """A file of evidence under a name of our own. The caller has asked whether the reader may see the row that names it.

    Nothing is at this address (404) where the row names no file, or the file is gone.
    """
    if not digest:
        raise Http404
    place = evidence.path_of(digest, kind)
    if not place.is_file():
        raise Http404
    response = FileResponse(place.open("rb"), content_type=evidence.TYPES[kind])
    response["Content-Disposition"] = f'inline; filename="{name}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=0, no-store"
    return response
