"""A person in front of the page: opens addresses, fills in the forms that are there, presses their buttons."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests

from tests.sharepoint.graph_client import Graph

MOMENT_COLUMNS = [
    {"name": "momentActivity", "displayName": "Moment activity", "text": {}},
    {"name": "momentYear", "displayName": "Moment year", "text": {}},
    {"name": "momentPeriod", "displayName": "Moment period", "text": {}},
    {
        "name": "momentTags",
        "displayName": "Moment tags",
        "choice": {"allowTextEntry": True, "choices": [], "displayAs": "checkBoxes"},
    },
]


class Person(requests.Session):
    """A browser without scripts. ``library`` is the address of the library that ``graph`` works with."""

    def __init__(self, graph: Graph):
        super().__init__()
        self.graph = graph
        self.site = f"{graph.sharepoint.url}{graph.site_path}"
        self.library = graph.get(f"/drives/{graph.drive}").json()["webUrl"]
        self.headers["Origin"] = graph.sharepoint.url

    def open_item(self, item: dict[str, Any]) -> "Page":
        """Open an item's details beside its folder."""
        folder = self.graph.get(f"/drives/{self.graph.drive}/items/{item['parentReference']['id']}").json()
        return self.page(f"{folder['webUrl']}?item={item['id']}")

    def page(self, url: str) -> "Page":
        answer = self.get(url, timeout=9)
        assert answer.status_code == 200, answer.text
        return Page(self, answer)


class Page(HTMLParser):
    """A page that was received: its forms, links and text."""

    def __init__(self, person: Person, answer: requests.Response):
        super().__init__()
        self.person, self.answer, self.status = person, answer, answer.status_code
        self.forms: dict[str, dict[str, Any]] = {}
        self.links: dict[str, str] = {}
        self.words: list[str] = []
        self.said = ""
        self._form: dict[str, Any] | None = None
        self._field = self._href = self._role = ""
        self.feed(answer.text)

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def submit(self, action: str, files: Any = None, **filled: Any) -> "Page":
        """Press the button of the form whose address ends in ``?do=action``."""
        form = self.forms[action]
        fields = form["fields"] | filled
        answer = self.person.post(urljoin(self.answer.url, form["action"]), data=fields, files=files, timeout=9)
        return Page(self.person, answer)

    def follow(self, text: str) -> "Page":
        return self.person.page(urljoin(self.answer.url, self.links[text]))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._role = given.get("role", "")
        if tag == "form":
            self._form = {"action": given["action"], "fields": {}}
            self.forms[given["action"].rpartition("=")[2]] = self._form
        elif tag == "a":
            self._href = given["href"]
            self.links[given.get("aria-label", "")] = given["href"]
        elif self._form is not None and tag in ("input", "textarea") and given.get("type") != "file":
            self._form["fields"][given["name"]] = given.get("value", "")
            self._field = given["name"] if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        self._field = "" if tag == "textarea" else self._field
        self._href = "" if tag == "a" else self._href
        self._form = None if tag == "form" else self._form

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._field and self._form is not None:
            self._form["fields"][self._field] += data.removeprefix("\n")
        if self._href:
            self.links[data] = self._href
        if self._role in ("alert", "status"):
            self.said += data
