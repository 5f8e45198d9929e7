"""Changes of customers, projects, activities and tasks, held against the eTag that the caller saw."""

from dataclasses import replace

import pytest

from shared.errors import Changed
from shared.model.directory import Project, StorageLocation
from shared.model.editable import directory_etag
from tests.sync.test_races import Interruption, app_with
from tests.world import World


def a_project(world: World) -> Project:
    project = Project(world.customer().id, "p1", "Annual report", "12")
    world.app.directory_changes.put(project)
    return project


def stored(world: World, project: Project) -> Project | None:
    return world.app.directory.find_project(project.customer, project.id)


def test_a_change_with_the_etag_that_is_there_is_made(world: World):
    project = a_project(world)
    renamed = replace(project, name="Annual account")

    assert world.app.directory_changes.put(renamed, if_match=directory_etag(project)) is False

    assert stored(world, project) == renamed


def test_a_change_of_what_somebody_else_changed_is_refused_with_the_object_as_it_is(world: World):
    project = a_project(world)
    olas = replace(project, storage=StorageLocation.MOMENT)
    world.app.directory_changes.put(olas)

    with pytest.raises(Changed) as refused:
        world.app.directory_changes.put(replace(project, name="Mine"), if_match=directory_etag(project))

    assert refused.value.current == olas
    assert stored(world, project) == olas


def test_a_change_that_comes_between_look_and_save_is_not_lost(world: World):
    project = a_project(world)
    olas = replace(project, name="Olas")
    met = 0
    for moment in range(20):
        world.app.directory_changes.put(project)
        ola = Interruption(moment, lambda: world.app.directory_changes.put(olas))
        app = app_with(world, ola)
        try:
            app.directory_changes.put(replace(project, name="Mine"), if_match=directory_etag(project))
        except Changed:
            met += 1
            assert stored(world, project) == olas
        if not ola.happened:
            break

    assert met


def test_what_is_stored_so_already_counts_as_done(world: World):
    project = a_project(world)
    renamed = replace(project, name="Annual account")
    world.app.directory_changes.put(renamed)

    assert world.app.directory_changes.put(renamed, if_match=directory_etag(project)) is False


def test_an_object_that_is_only_to_be_created_is_not_replaced(world: World):
    project = a_project(world)

    with pytest.raises(Changed) as refused:
        world.app.directory_changes.put(replace(project, name="Mine"), only_create=True)

    assert refused.value.current == project
    assert world.app.directory_changes.put(replace(project, id="p2", name="Mine"), only_create=True) is True


def test_an_object_that_is_gone_can_not_be_changed(world: World):
    project = Project(world.customer().id, "p1", "Annual report")

    with pytest.raises(Changed) as refused:
        world.app.directory_changes.put(project, if_match=directory_etag(project))

    assert refused.value.current is None
    assert stored(world, project) is None


def test_an_object_that_was_changed_is_not_deleted(world: World):
    project = a_project(world)
    renamed = replace(project, name="Olas")
    world.app.directory_changes.put(renamed)

    with pytest.raises(Changed):
        world.app.directory_changes.remove(project, if_match=directory_etag(project))
    assert stored(world, project) == renamed

    world.app.directory_changes.remove(renamed, if_match=directory_etag(renamed))
    assert stored(world, project) is None
