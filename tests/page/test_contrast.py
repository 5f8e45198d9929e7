"""Contrast of the colours in tokens.css, in both themes (WCAG 2.2, 1.4.3 and 1.4.11).

https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

import re

import pytest

from tests.page.sources import MODULES

TOKENS: dict[str, tuple[str, str]] = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", (MODULES / "tokens.css").read_text("utf-8")
    )
}
GROUNDS = ("surface", "canvas", "hover", "selected")
TEXT_PAIRS = [
    *((text, ground) for text in ("text", "text2", "text3", "brand") for ground in GROUNDS),
    *((tone, f"{tone}-bg") for tone in ("info", "ok", "warn", "bad", "neutral")),
    ("on-brand", "brand"),
    ("text", "neutral-bg"),
    ("text2", "neutral-bg"),
    ("info", "surface"),
    ("bad", "surface"),
    ("bad", "hover"),
    ("warn", "surface"),
    ("warn", "hover"),
    ("warn", "selected"),
]
BORDER_PAIRS = [(line, ground) for line in ("border", "brand") for ground in GROUNDS]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_what_the_standard_calls_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_stands_out(text: str, ground: str, theme: int):
    assert contrast(TOKENS[text][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), BORDER_PAIRS)
def test_borders_of_controls_and_the_focus_ring_stand_out(line: str, ground: str, theme: int):
    assert contrast(TOKENS[line][theme], TOKENS[ground][theme]) >= 3
