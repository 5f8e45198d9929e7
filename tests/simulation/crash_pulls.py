"""Changes made in SharePoint whose pull is killed: one file is added and tagged, one renamed, one deleted."""

from shared.model.files import FileRecord, FileState
from tests.simulation.crash_cases import PROJECT, Work, drive_of, moved, the_customer
from tests.simulation.crash_rig import CrashRig


def named(rig: CrashRig, customer: str, name: str) -> list[FileRecord]:
    """The live records of this name."""
    return [record for record in rig.world.app.files.live(customer) if record.name == name]


def pull(rig: CrashRig, number: int) -> Work:
    """All three at once, so that one pull meets them."""
    customer = the_customer(rig, "pull")
    drive, added = drive_of(rig, customer), f"{number} theirs.txt"
    before, after = f"{number} before.txt", f"{number} after.txt"
    renamed, deleted = moved(rig, customer, before), moved(rig, customer, f"{number} gone.txt")
    item = _add(rig, drive, added)
    assert renamed.baseline is not None
    assert deleted.baseline is not None
    rig.world.rename_item(drive, renamed.baseline.item_id, after)
    rig.world.delete_item(drive, deleted.baseline.item_id)

    def is_done() -> bool:
        return (
            [record.tags for record in named(rig, customer, added)] == [("red",)]
            and rig.world.read(renamed).name == after
            and rig.world.read(deleted).state is FileState.DELETED
        )

    def check() -> None:
        (record,) = named(rig, customer, added)
        assert record.baseline is not None
        assert (record.baseline.item_id, record.links.project) == (item, PROJECT)
        assert rig.world.stored(record) == added.encode()
        assert [each.id for each in named(rig, customer, after)] == [renamed.id]
        assert named(rig, customer, before) + named(rig, customer, deleted.name) == []
        for each in (record, rig.world.read(renamed)):
            assert (each.state, each.reason, each.place_pending) == (FileState.IN_SHAREPOINT, "", False)
        assert list(rig.world.stores.tree.gone(customer)) == []

    return Work(customer, lambda: rig.stores.pulls.send(f"notified:{drive}"), is_done, check)


def _add(rig: CrashRig, drive: str, name: str) -> str:
    """The id of a new file of somebody, with a tag."""
    item = rig.world.graph("PUT", f"/drives/{drive}/root:/Web/{name}:/content", data=name.encode()).json()["id"]
    fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": ["red"]}
    rig.world.graph("PATCH", f"/drives/{drive}/items/{item}/listItem/fields", json=fields)
    return str(item)
