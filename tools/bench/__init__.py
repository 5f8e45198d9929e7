"""The benchmark: this app and rclone do the same work on the same local SharePoint and the same Azurite."""
