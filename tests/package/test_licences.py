"""Others' work that is deployed has a licence that allows it, and docs/licences.md names it."""

import pytest

from tools.package.licences import DOCUMENT, UNKNOWN, Licensed, document, licences


def test_every_licence_is_allowed():
    assert [each for each in licences() if not each.is_allowed] == []


def test_the_document_is_current():
    assert DOCUMENT.read_text("utf-8") == document(licences()), "run python -m tools.package licences"


def test_what_the_page_brings_along_is_listed():
    assert Licensed("lit-html (in the page)", "BSD-3-Clause") in licences()


@pytest.mark.parametrize(
    ("licence", "is_allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND PSF-2.0", True),
        ("MIT AND GPL-3.0-only", False),
        ("LGPL-3.0-only", False),
        (UNKNOWN, False),
        ("", False),
    ],
)
def test_a_choice_is_enough_and_a_sum_has_to_be_allowed_in_all_its_parts(licence: str, is_allowed: bool):
    assert Licensed("x", licence).is_allowed == is_allowed
