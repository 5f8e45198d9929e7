"""With which tables a version of the app works."""

import pytest

from shared.errors import WrongSchema
from shared.model.schema import SchemaVersion, is_to_be_written

OWN = SchemaVersion(2, 3)


@pytest.mark.parametrize(
    ("stored", "writes"),
    [
        (None, True),
        (SchemaVersion(2, 0), True),
        (SchemaVersion(2, 3), False),
        (SchemaVersion(2, 4), False),
        (SchemaVersion(2, 12), False),
    ],
)
def test_tables_of_the_same_major_version_are_worked_with_and_never_made_older(
    stored: SchemaVersion | None, writes: bool
):
    assert is_to_be_written(stored, OWN) is writes


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (SchemaVersion(3, 0), "later version of the app: they have schema 3.0, and this version knows 2.3"),
        (SchemaVersion(1, 9), "have schema 1.9, and this version of the app needs 2.3"),
    ],
)
def test_another_major_version_is_refused_with_both_versions_named(stored: SchemaVersion, said: str):
    with pytest.raises(WrongSchema) as refused:
        is_to_be_written(stored, OWN)
    assert said in str(refused.value)
