"""The WSGI application that the web server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from rostrum.config.steady import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.config.settings")
application = get_wsgi_application()
settle()
