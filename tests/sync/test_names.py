"""The objects behind many links: each asked for once, remembered for half a minute, and only so many of them."""

from datetime import timedelta
from typing import Any

import pytest

from shared.model.directory import Activity, Customer, Links, Project, Task
from shared.sync.names import NamedPlace, Names
from tests.builders import AT


class Known:
    """A directory in memory that counts what it is asked."""

    def __init__(self) -> None:
        self.customer: Customer | None = Customer("c", "Fjordtek")
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} is not needed")

    def find_customer(self, customer: str) -> Customer | None:
        self.asked.append(customer)
        return self.customer if customer == "c" else None

    def find_project(self, customer: str, project: str) -> Project | None:
        self.asked.append(f"{customer}/{project}")
        return Project(customer, project, "Lager", "104") if project == "p" else None

    def find_activity(self, customer: str, project: str, activity: str) -> Activity | None:
        self.asked.append(f"{customer}/{project}/{activity}")
        return Activity(customer, project, activity, "Prosjektering")

    def find_task(self, customer: str, project: str, task: str) -> Task | None:
        self.asked.append(f"{customer}/{project}//{task}")
        return Task(customer, project, task, "42", "Brannkonsept", "a") if task == "t" else None


class Clock:
    def __init__(self) -> None:
        self.now = AT

    def __call__(self):
        return self.now


@pytest.fixture
def known() -> Known:
    return Known()


def test_a_files_objects_are_named_and_a_task_brings_its_activity(known: Known):
    place = Names(known, Clock()).of(Links("c", "p", None, "t"))

    names = (place.customer, place.project, place.activity, place.task)
    assert [each and each.name for each in names] == ["Fjordtek", "Lager", "Prosjektering", "Brannkonsept"]
    assert Names(known, Clock()).of(Links("c")) == NamedPlace(known.customer)


def test_what_is_gone_has_no_name(known: Known):
    names = Names(known, Clock())

    assert names.of(Links("gone")) == NamedPlace()
    assert names.of(Links("c", "gone", None, "gone")) == NamedPlace(known.customer)


def test_each_object_is_asked_for_once_also_one_that_is_gone(known: Known):
    names = Names(known, Clock())
    for _ in range(50):
        names.of(Links("c", "p", "a"))
        names.of(Links("c", "p", None, "t"))
        names.of(Links("c", "gone"))

    assert sorted(known.asked) == ["c", "c/gone", "c/p", "c/p//t", "c/p/a"]


def test_a_changed_name_is_shown_after_half_a_minute(known: Known):
    clock = Clock()
    names = Names(known, clock)
    names.of(Links("c"))
    known.customer = Customer("c", "Fjordtek AS")

    clock.now += timedelta(seconds=29)
    assert names.of(Links("c")).customer == Customer("c", "Fjordtek")
    clock.now += timedelta(seconds=1)
    assert names.of(Links("c")).customer == known.customer


def test_no_more_than_so_many_are_remembered_and_the_oldest_go_first(known: Known):
    names = Names(known, Clock(), most_remembered=3)
    for activity in ("a1", "a2", "a3", "a4"):
        names.of(Links("c", "p", activity))
    known.asked.clear()

    names.of(Links("c", "p", "a4"))
    assert "c/p/a4" not in known.asked
    names.of(Links("c", "p", "a1"))
    assert "c/p/a1" in known.asked
