"""A pull's other stores for a rehearsal: they keep what is written in memory, and nobody hears of it.

With shared/sync/reconcile/watched_files.py a pull runs as always and changes nothing. Each serves one pull, in one
thread.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from shared.model.libraries import LibraryState, TreeFolder
from shared.model.stored import FolderLink
from shared.sync.change_ports import FolderTree, Libraries
from shared.sync.ports import Folders


@dataclass(slots=True)
class RehearsedTree:
    """The folder tree as it would be."""

    tree: FolderTree
    _folders: dict[str, TreeFolder | None] = field(default_factory=dict)
    _gone: set[str] = field(default_factory=set)
    _alive: set[str] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)

    def find(self, customer: str, item_id: str) -> TreeFolder | None:
        """One folder."""
        return self._folders[item_id] if item_id in self._folders else self.tree.find(customer, item_id)

    def put(self, customer: str, folder: TreeFolder) -> bool:
        """Insert or replace; False where it is just so already."""
        is_new = self.find(customer, folder.item_id) != folder
        self._folders[folder.item_id] = folder
        return is_new

    def remove(self, customer: str, item_id: str) -> None:
        """Forget one."""
        self._folders[item_id] = None

    def children(self, customer: str, item_id: str) -> Iterator[TreeFolder]:
        """The folders directly in this one."""
        for folder in self.tree.children(customer, item_id):
            if folder.item_id not in self._folders:
                yield folder
        yield from (each for each in list(self._folders.values()) if each is not None and each.parent_id == item_id)

    def ids(self, customer: str, after: str = "") -> Iterator[str]:
        """All folders, in order."""
        stored = (each for each in self.tree.ids(customer, after) if each not in self._folders)
        here = sorted(id_ for id_, folder in self._folders.items() if folder is not None and id_ > after)
        return heapq.merge(stored, here)

    def mark_gone(self, customer: str, item_ids: Iterable[str]) -> None:
        """Remember for the end."""
        self._gone |= (ids := set(item_ids))
        self._alive -= ids

    def unmark_gone(self, customer: str, item_ids: Iterable[str]) -> None:
        """Alive after all."""
        self._alive |= (ids := set(item_ids))
        self._gone -= ids

    def gone(self, customer: str) -> Iterator[str]:
        """Those marked before, and now."""
        before = {each for each in self.tree.gone(customer) if each not in self._alive}
        return iter(sorted(before | self._gone))

    def mark_seen(self, customer: str, walk_id: str, item_ids: Iterable[str]) -> None:
        """What a walk met."""
        self._seen.update(item_ids)

    def seen(self, customer: str, walk_id: str, after: str = "") -> Iterator[str]:
        """The same, in order."""
        return iter(sorted(each for each in self._seen if each > after))

    def forget_seen(self, customer: str) -> None:
        """The walk is over."""
        self._seen.clear()


@dataclass(slots=True)
class RehearsedLibraries:
    """The libraries' states as they would be; nobody holds a lease here."""

    libraries: Libraries
    _states: dict[str, LibraryState] = field(default_factory=dict)

    def find(self, drive_id: str) -> LibraryState | None:
        """One library."""
        state = self._states.get(drive_id) or self.libraries.find(drive_id)
        return None if state is None else replace(state, lease_until=None, lease_owner="")

    def save(self, before: LibraryState, after: LibraryState) -> LibraryState:
        """Its next state."""
        self._states[after.drive_id] = after
        return after

    def create(self, state: LibraryState) -> LibraryState:
        """A new one."""
        return self.save(state, state)

    def find_by_subscription(self, subscription_id: str) -> LibraryState | None:
        """As stored."""
        return self.libraries.find_by_subscription(subscription_id)

    def all(self) -> Iterable[LibraryState]:
        """As stored."""
        return self.libraries.all()


@dataclass(slots=True)
class RehearsedFolders:
    """Whose folder is which, as it would be."""

    folders: Folders
    _links: dict[tuple[str, str], FolderLink] = field(default_factory=dict)

    def find(self, customer: str, key: str) -> FolderLink | None:
        """One link."""
        return self._links.get((customer, key)) or self.folders.find(customer, key)

    def owner_of(self, customer: str, item_id: str) -> str | None:
        """Whose folder it is."""
        mine = (key for (owner, key), link in self._links.items() if owner == customer and link.item_id == item_id)
        return next(mine, None) or self.folders.owner_of(customer, item_id)

    def list(self, customer: str) -> Iterable[FolderLink]:
        """All links."""
        here = [link for (owner, _), link in self._links.items() if owner == customer]
        return [*(link for link in self.folders.list(customer) if (customer, link.key) not in self._links), *here]

    def save(self, link: FolderLink) -> None:
        """Remember."""
        self._links[link.customer, link.key] = link

    def forget(self, customer: str, key: str) -> None:
        """Nothing is forgotten in a rehearsal."""


class Silence:
    """A queue of keys that nobody takes, and subscriptions that nobody makes."""

    def send(self, key: str, delay_s: float = 0) -> None:
        """Nothing is sent."""

    def ensure(self, state: LibraryState) -> LibraryState:
        """As it is."""
        return state

    heard = ensure

    def went_quiet(self, state: LibraryState) -> None:
        """Nothing changes."""

    def renew(self, drive_id: str) -> None:
        """Nothing is renewed."""
