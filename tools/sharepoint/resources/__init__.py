"""Handlers, one file per Graph resource; ``routes.py`` says which path leads to which."""
