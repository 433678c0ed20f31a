"""The application that the web server runs while it is measured."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from rostrum.config.steady import settle

application = get_wsgi_application()
settle()  # as the real one does
