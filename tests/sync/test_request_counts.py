"""What a file costs in Graph requests and resource units. A number that grows fails here."""

from shared.model.directory import Activity, Links, Project
from tests.world import World

LIBRARY_REQUESTS = 6
"""A further library: create, drive, content types, add ours, remove Document, columns (shared/graph/libraries.py)."""


class Meter:
    """Counts Graph requests since it was made; a fragment goes to the upload URL and is counted apart."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._since = len(world.local.requests())

    def read(self) -> tuple[int, int]:
        calls = [call for call in self._world.local.requests()[self._since :] if call["path"].startswith("/v1.0")]
        return len(calls), sum(call["ru"] for call in calls)


def test_a_small_file_into_a_known_folder_is_one_request_and_two_units(world: World):
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    record = world.upload(links, "second.txt")
    meter = Meter(world)

    world.arrive(record)

    assert meter.read() == (1, 2)


def test_columns_add_one_request_and_two_units(world: World):
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    record = world.upload(links, "second.txt", tags=("urgent", "draft"))
    meter = Meter(world)

    world.arrive(record)

    assert meter.read() == (2, 4)


def test_each_new_folder_adds_one_request(world: World):
    customer = world.customer().id
    world.arrive(world.upload(Links(customer), "first.txt"))
    world.app.directory_changes.put(Project(customer, "p1", "Web"))
    world.app.directory_changes.put(Activity(customer, "p1", "a1", "Design"))
    record = world.upload(Links(customer, "p1"), "second.txt")
    meter = Meter(world)

    world.arrive(record)

    assert meter.read() == (2, 4)


def test_a_new_library_costs_the_same_every_time(world: World):
    world.arrive(world.upload(Links(world.customer().id)))
    costs = []
    for _ in range(2):
        record = world.upload(Links(world.customer().id))
        meter = Meter(world)
        world.arrive(record)
        costs.append(meter.read()[0] - 1)

    assert costs[0] == costs[1] == LIBRARY_REQUESTS


def test_a_large_file_is_one_session_and_its_fragments_once(world: World):
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    content = bytes(1_000_000)
    record = world.upload(links, "film.bin", content)
    since = len(world.local.requests())
    meter = Meter(world)

    world.arrive(record)

    fragments = [call for call in world.local.requests()[since:] if "uploadSession" in call["route"]]
    assert meter.read() == (1, 2)
    assert len(fragments) == 4
    assert sum(call["bytes_in"] for call in fragments) == len(content)


def test_an_office_file_adds_its_reading_back(world: World):
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    record = world.upload(links, "minutes.html", b"<html><head></head><body>Minutes</body></html>")
    meter = Meter(world)

    world.arrive(record)

    assert meter.read() == (2, 3)
