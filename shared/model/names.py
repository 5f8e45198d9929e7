"""Names that SharePoint accepts (placeholder until its owner commits the full rules)."""


def folder_name(name: str) -> str:
    """The valid folder name for a Moment name."""
    return name
