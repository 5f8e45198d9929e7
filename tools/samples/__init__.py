"""Sample companies and their files, made the same every time."""
