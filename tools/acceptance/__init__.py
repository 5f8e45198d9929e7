"""Asks a SharePoint site what the documentation leaves open, and compares it with what the app was built on."""
