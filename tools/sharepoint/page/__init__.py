"""The page for people at ``/sites/…``: libraries as somebody sees them in SharePoint, drawn on the server."""
