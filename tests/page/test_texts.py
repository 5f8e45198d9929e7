"""Every word of the page is there in both languages, and no word stands in the code."""

import re

from tests.page.sources import sources


def forms(text: str | dict[str, str]) -> dict[str, str]:
    return text if isinstance(text, dict) else {"other": text}


def parameters(text: str | dict[str, str]) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", " ".join(forms(text).values())))


def test_every_text_is_there_in_english_and_in_norwegian():
    english, norwegian = sources()["texts"]["en"], sources()["texts"]["nb"]

    assert english.keys() == norwegian.keys()
    assert sources()["doubles"] == []


def test_both_languages_take_the_same_parameters():
    english, norwegian = sources()["texts"]["en"], sources()["texts"]["nb"]

    different = [key for key, text in english.items() if parameters(text) != parameters(norwegian[key])]
    assert different == []


def test_no_text_is_empty_or_left_in_the_other_language():
    english, norwegian = sources()["texts"]["en"], sources()["texts"]["nb"]
    same = {key for key, text in english.items() if text == norwegian[key]}

    assert all(form.strip() for text in (english | norwegian).values() for form in forms(text).values())
    assert not {key for key in same if re.search(r"[a-z]{2,} [a-z]{2,}", str(forms(english[key])))}


def test_norwegian_is_written_as_norwegians_write():
    for key, text in sources()["texts"]["nb"].items():
        for form in forms(text).values():
            assert "“" not in form, key
            assert not re.search(r"\w…", form), key
            assert not re.search(r"\d%", form), key


def test_every_text_is_used():
    found = sources()
    strings, patterns = set(found["strings"]), [re.compile(each) for each in found["patterns"]]
    patterns = [each for each in patterns if re.match(r"\w+\\\.", each.pattern)]

    unused = [
        key for key in found["texts"]["en"] if key not in strings and not any(each.fullmatch(key) for each in patterns)
    ]
    assert unused == []


def test_no_word_stands_in_the_code():
    assert sources()["words"] == []
