"""The local stack: Azurite, the local SharePoint and the Functions host, started and fed together by one command."""
