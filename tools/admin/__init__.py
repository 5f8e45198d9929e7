"""Commands for people who look after a running app. They use its HTTP API and nothing else."""
