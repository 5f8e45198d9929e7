"""The version of the tables' rows, and whether this version of the app may work with them. Pure.

    the tables say        the app does
    --------------------  ------------------------------------------------------------------------------
    nothing               writes its own version: new tables, or those of before versions were written
    a lower minor one     writes its own: it reads what is there, and adds to it
    the same              works
    a higher minor one    works and leaves it: what it does not know it passes over
    another major one     nothing: it would misread rows, or write what the other version misreads

Minor: rows or members were added, which the version before passes over. Major: anything else.
"""

from dataclasses import dataclass

from shared.errors import WrongSchema


@dataclass(frozen=True, slots=True, order=True)
class SchemaVersion:
    """`major.minor`."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


CURRENT = SchemaVersion(1, 0)
"""Of the rows that this version of the app writes. docs/upgrades.md says when it changes."""


def is_to_be_written(stored: SchemaVersion | None, own: SchemaVersion = CURRENT) -> bool:
    """Whether the tables are to say our version from now on. Raises WrongSchema where the app must not work."""
    if stored is None:
        return True
    if stored.major > own.major:
        said = (
            f"The tables were written by a later version of the app: they have schema {stored}, and this version knows "
            f"{own}. Deploy the later version again, or restore a copy of the tables from before (docs/upgrades.md)"
        )
        raise WrongSchema([said])
    if stored.major < own.major:
        said = (
            f"The tables have schema {stored}, and this version of the app needs {own}. Its release notes say how they "
            "are brought there; until then deploy the version before (docs/upgrades.md)"
        )
        raise WrongSchema([said])
    return stored < own
