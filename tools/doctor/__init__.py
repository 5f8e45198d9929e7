"""The doctor's command: docs/doctor.md."""
