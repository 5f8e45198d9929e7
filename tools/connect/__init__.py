"""Connects an app in Azure with SharePoint, once: docs/connect.md."""
