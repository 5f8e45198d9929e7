"""The Graph adapter against the local SharePoint and small real servers."""
