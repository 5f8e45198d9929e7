"""Looks at what is deployed: the files, what importing them costs, and what of others' work comes along."""
