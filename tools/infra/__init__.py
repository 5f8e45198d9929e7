"""Looks after infra/: checks the Bicep files without Azure, and has blob events sent to a deployed app."""
