"""Wiring: settings, URLs and the WSGI application."""
