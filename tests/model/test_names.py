"""Names: what SharePoint refuses never comes out, what it takes stays, and twins have one key."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.names import (
    MAX_FILE_NAME,
    MAX_FOLDER_NAME,
    extension,
    file_name,
    folder_name,
    library_name,
    name_key,
    numbered,
    numbered_folder,
)

CHARACTERS = '"*:<>?/\\| .~$_-#%\t\r\n\x00\x7f\u00a0\u200b\u202e\ud83d\ude00\uffff\u0301\u0958ßıİK'
WORDS = (
    "_vti_",
    "CON",
    "nul",
    "com1",
    ".lock",
    "desktop.ini",
    "Forms",
    "~$",
    ".docx",
    "e\u0301",
    "😀",
    "x" * 79,
    "y" * 250,
)
PIECES = st.sampled_from([*CHARACTERS, *WORDS])
TEXT = st.text(st.characters()) | st.lists(PIECES, max_size=8).map("".join)
MAKERS = pytest.mark.parametrize(
    ("make", "limit"), [(folder_name, MAX_FOLDER_NAME), (library_name, MAX_FOLDER_NAME), (file_name, MAX_FILE_NAME)]
)
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?|\.lock|desktop\.ini", re.IGNORECASE)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@MAKERS
@given(name=TEXT)
def test_any_text_becomes_a_name_that_sharepoint_takes(make, limit, name):
    valid = make(name)

    assert 0 < units(valid) <= limit
    assert not re.search(r'["*:<>?/\\|\x00-\x1f\x7f-\x9f]', valid)
    assert valid == valid.strip().rstrip(".")
    assert unicodedata.is_normalized("NFC", valid)
    assert not RESERVED.fullmatch(valid)
    assert "_vti_" not in valid.lower()
    assert not valid.startswith("~$")
    valid.encode()  # would fail on half a surrogate pair


@MAKERS
@given(name=TEXT)
def test_a_valid_name_is_left_alone(make, limit, name):
    valid = make(name)

    assert make(valid) == valid


@given(TEXT)
def test_no_folder_begins_with_a_tilde_or_is_called_forms(name):
    for valid in (folder_name(name), library_name(name)):
        assert not valid.startswith("~")
        assert valid.lower() != "forms"


@given(TEXT)
def test_no_library_begins_with_a_dot_or_an_underscore(name):
    assert library_name(name)[0] not in "._"


@pytest.mark.parametrize(
    "name",
    [
        "Neubau Halle 3",
        "#12 Montage",
        "100 % Einsatz",
        "R&D {core} [x]",
        "Büro Österreich",
        "日本語",
        ".NET",
        "a..b",
        "-",
        "~x~"[1:],
    ],
)
def test_names_that_sharepoint_takes_stay_as_they_are(name):
    assert folder_name(name) == name
    assert file_name(name) == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("A/B: C?", "A-B- C-"),
        ("  Acme Inc.  ", "Acme Inc"),
        ("two\r\nlines\tand tab", "two lines and tab"),
        ("trailing. . .", "trailing"),
        ("e\u0301te\u0301", "été"),
        ("abc\u202etxt", "abctxt"),
        ("CON", "CON_"),
        ("lpt1 .x", "lpt1_ .x"),
        ("Conference", "Conference"),
        (".lock", ".lock_"),
        ("Desktop.ini", "Desktop_.ini"),
        ("a_VTI_b", "a-vti-b"),
        ("Forms", "Forms_"),
        ("~temp", "temp"),
        ("half \ud83d pair", "half - pair"),
        ("", "Unnamed"),
        (" ... ", "Unnamed"),
        ("~", "Unnamed"),
    ],
)
def test_what_sharepoint_refuses_is_replaced_in_a_readable_way(name, expected):
    assert folder_name(name) == expected


def test_files_may_begin_with_a_tilde_and_be_called_forms_but_not_be_owner_files():
    assert file_name("~backup.txt") == "~backup.txt"
    assert file_name("Forms") == "Forms"
    assert file_name("~$report.docx") == "report.docx"
    assert file_name("con.txt") == "con_.txt"


def test_a_library_loses_what_an_address_may_not_begin_with():
    assert library_name("._layouts") == "layouts"
    assert library_name("~_.") == "Unnamed"


def test_a_long_folder_name_is_cut_and_does_not_end_in_a_space():
    assert folder_name("x" * 79 + " yz") == "x" * 79
    assert folder_name("x" * 81) == "x" * 80


def test_a_long_file_name_keeps_its_extension():
    assert file_name("x" * 300 + ".docx") == "x" * 250 + ".docx"


def test_cutting_counts_as_sharepoint_does_and_leaves_no_half_character():
    assert folder_name("😀" * 50) == "😀" * 40
    assert folder_name("x" + "😀" * 50) == "x" + "😀" * 39


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.docx", "report (2).docx"),
        ("archive.tar.gz", "archive.tar (2).gz"),
        ("README", "README (2)"),
        (".env", ".env (2)"),
        ("Version 1.2 final", "Version 1.2 final (2)"),
        ("x" * 250 + ".docx", "x" * 246 + " (2).docx"),
    ],
)
def test_a_numbered_file_keeps_its_extension_and_the_limit(name, expected):
    assert numbered(name, 2) == expected


@given(TEXT, st.integers(2, 999))
def test_a_numbered_name_is_valid_and_another_name(name, n):
    file, folder = numbered(file_name(name), n), numbered_folder(folder_name(name), n)

    assert file_name(file) == file
    assert name_key(file) != name_key(file_name(name))
    assert folder_name(folder) == folder
    assert name_key(folder) != name_key(folder_name(name))


@given(TEXT, st.sets(st.integers(2, 99), min_size=2, max_size=2))
def test_two_numbers_give_two_names(name, numbers):
    first, second = numbers

    assert numbered(file_name(name), first) != numbered(file_name(name), second)


def test_a_folder_has_no_extension_to_keep():
    assert numbered_folder("Release 1.2", 3) == "Release 1.2 (3)"
    assert numbered_folder("x" * 80, 12) == "x" * 75 + " (12)"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.DOCX", "docx"), ("a.tar.gz", "gz"), ("README", ""), (".env", ""), ("a.", ""), ("Dr. Who", ""), ("..x", "")],
)
def test_the_extension_is_what_follows_the_last_dot(name, expected):
    assert extension(name) == expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Report.docx", "REPORT.DOCX"),
        ("é", "E\u0301"),
        ("Straße", "STRASSE"),
        ("İstanbul", "i\u0307stanbul"),
        ("ılık", "ILIK"),
        ("\u212aelvin", "kelvin"),
        ("ΟΔΟΣ", "οδος"),
        ("name.", " name "),
    ],
)
def test_names_that_may_be_one_name_in_sharepoint_have_one_key(first, second):
    assert name_key(first) == name_key(second)


@pytest.mark.parametrize(("first", "second"), [("resume", "résumé"), ("a b", "ab"), ("a-b", "a_b"), ("1", "１")])
def test_names_that_differ_for_sharepoint_have_different_keys(first, second):
    assert name_key(first) != name_key(second)


@given(TEXT)
def test_a_key_does_not_depend_on_case_or_normal_form(name):
    key = name_key(name)

    for variant in (name.lower(), name.upper(), name.casefold(), key, unicodedata.normalize("NFD", name)):
        assert name_key(variant) == key


def test_every_character_has_a_key():
    keys = {name_key(chr(code)) for code in range(0x110000)}

    assert len(keys) > 0xF0000
