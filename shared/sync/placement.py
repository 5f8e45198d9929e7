"""Reads the objects behind a file's links, afresh."""

from shared.errors import InvalidInput, UnknownObject
from shared.model.directory import Activity, Customer, Links, Placement, Project, StorageLocation, Task
from shared.sync.ports import Directory


class Placements:
    """Turns links into the objects they name."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def of(self, links: Links) -> Placement:
        """The objects; a task's own activity counts, also where the links name one that it was moved from since.

        Raises UnknownObject that names what is missing.
        """
        customer = self._customer(links.customer)
        if links.project is None:
            if links.activity or links.task:
                raise InvalidInput("An activity or a task needs its project too.", "project")
            return Placement(customer)
        project = self._project(links.customer, links.project)
        task = self._task(links.customer, links.project, links.task) if links.task else None
        activity_id = task.activity if task else links.activity
        activity = self._activity(links.customer, links.project, activity_id) if activity_id else None
        return Placement(customer, project, activity, task)

    def given(self, links: Links) -> Placement:
        """The objects that a caller names just now. Raises InvalidInput, too, where the task is in another activity."""
        placement = self.of(links)
        task = placement.task
        if task and links.activity and links.activity != task.activity:
            raise InvalidInput(f"Task {task.id!r} is not in activity {links.activity!r}.", "activity")
        return placement

    def storage(self, customer: str, project: str | None) -> StorageLocation:
        """Where a customer's or a project's files belong; the customer's location where the project is gone."""
        own = self._directory.find_project(customer, project) if project else None
        return own.storage if own is not None and own.storage is not None else self._customer(customer).storage

    def _customer(self, customer: str) -> Customer:
        found = self._directory.find_customer(customer)
        if found is None:
            raise UnknownObject(f"There is no customer {customer!r}.", "customer")
        return found

    def _project(self, customer: str, project: str) -> Project:
        found = self._directory.find_project(customer, project)
        if found is None:
            raise UnknownObject(f"Customer {customer!r} has no project {project!r}.", "project")
        return found

    def _activity(self, customer: str, project: str, activity: str) -> Activity:
        found = self._directory.find_activity(customer, project, activity)
        if found is None:
            raise UnknownObject(f"Project {project!r} has no activity {activity!r}.", "activity")
        return found

    def _task(self, customer: str, project: str, task: str) -> Task:
        found = self._directory.find_task(customer, project, task)
        if found is None:
            raise UnknownObject(f"Project {project!r} has no task {task!r}.", "task")
        return found
