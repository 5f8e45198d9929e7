"""shared/model/search_terms.py: what is the same word, and which beginnings find it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.search_terms import BEGINNINGS, fold, has_words, kind_of, person_term, tag_term, term_of, terms, words

texts = st.text(max_size=60)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Årsrapport_2025 (endelig).DOCX", ("arsrapport", "2025", "endelig", "docx")),
        ("Smørbrød & æbler – Łódź", ("smorbrod", "aebler", "lodz")),
        ("STRASSE straße", ("strasse",)),
        ("résumé re\u0301sume\u0301", ("resume",)),
        ("報告書 2026", ("報告書", "2026")),
        ("-- . --", ()),
    ],
)
def test_words_are_runs_of_letters_and_digits_without_case_and_accents(text: str, found: tuple[str, ...]) -> None:
    assert words(text) == found


@given(texts)
def test_folding_knows_no_case_no_composition_and_is_done_after_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == fold(text)


@given(texts, st.data())
def test_every_beginning_of_every_word_finds_the_name(name: str, data: st.DataObject) -> None:
    for word in words(name):
        beginning = word[: data.draw(st.integers(1, len(word)))]

        assert has_words(name, words(beginning))
        term = term_of(beginning)
        assert term in terms(name) if len(beginning) >= min(BEGINNINGS) else term is None


@given(texts)
def test_no_term_holds_what_a_table_key_cannot(name: str) -> None:
    assert all(term.isalnum() for term in terms(name))


def test_all_words_must_be_there_and_only_their_beginnings_count() -> None:
    assert has_words("Annual report 2026.pdf", words("rep ANN"))
    assert not has_words("Annual report 2026.pdf", words("report 2025"))
    assert not has_words("Annual report 2026.pdf", words("port"))


def test_tags_and_people_are_told_apart_as_they_should() -> None:
    assert tag_term("Urgent/1?") == tag_term("URGENT/1?") != tag_term("urgent/2?")
    assert tag_term("ärger") != tag_term("arger")
    assert person_term("Åse Ødegård") == person_term("ase odegard ")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.DOCX", "document"),
        ("b.xlsx", "spreadsheet"),
        ("c.tar.gz", "archive"),
        ("README", "other"),
        (".env", "other"),
    ],
)
def test_a_kind_is_told_by_the_extension(name: str, kind: str) -> None:
    assert kind_of(name) == kind
