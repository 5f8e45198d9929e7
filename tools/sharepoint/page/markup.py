"""HTML that cannot be put together without escaping: what is not :class:`Markup` already is text."""

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"br", "input", "link", "meta"})


class Markup(str):
    """A piece of HTML; only :func:`element` and :func:`join` make it."""

    __slots__ = ()


type Child = str | Iterable["Child"] | None
type Value = str | int | bool | None


def element(tag: str, /, *children: Child, **attributes: Value) -> Markup:
    """Return an element. ``class_`` is class, ``aria_label`` is aria-label; None and False leave an attribute out."""
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _VOID:
        return Markup(f"<{tag}{written}>")
    return Markup(f"<{tag}{written}>{join(*children)}</{tag}>")


def join(*children: Child) -> Markup:
    """Return children one after the other, text among them escaped."""
    return Markup("".join(_child(each) for each in children))


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    return escape(child) if isinstance(child, str) else join(*child)


def _attribute(name: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
