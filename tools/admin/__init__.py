"""Commands for people who look after a running app. They use its HTTP API; three use its tables."""
