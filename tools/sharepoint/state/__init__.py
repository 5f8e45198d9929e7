"""What the local SharePoint remembers and the rules it holds to; nothing here knows HTTP."""
