"""SharePoint through Microsoft Graph."""
