"""Commands for people who look after a running app. They use its HTTP API; backup and restore use its tables."""
