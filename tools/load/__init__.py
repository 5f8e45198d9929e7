"""Loads the whole app on this machine and prints what it took: one module for each row of docs/load.md."""
