"""Tables are copied and put back as they were, against a real Azurite."""

import gzip
import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from azure.data.tables import EdmType, EntityProperty, TableServiceClient

from shared.model.directory import Links
from shared.store.tables import TABLES
from tests.admin.running import run_admin
from tests.conftest import moments_storage
from tests.world import World, environ_for
from tools.admin.tables import from_line, to_line, transactions
from tools.functions_host.azurite import Azurite
from tools.sharepoint.running import LocalSharePoint


def rows_of(azurite: Azurite) -> dict[str, list[dict]]:
    with TableServiceClient.from_connection_string(azurite.connection_string) as service:
        return {name: [dict(each) for each in service.get_table_client(name).list_entities()] for name in TABLES}


def run(azurite: Azurite, *arguments: str):
    return run_admin(*arguments, MOMENT_STORAGE=azurite.connection_string)


def test_what_was_saved_is_put_into_an_empty_account_and_the_app_goes_on_with_it(
    sharepoint: LocalSharePoint, tmp_path: Path
):
    copy = tmp_path / "copy"
    with moments_storage() as old:
        before = World.start(environ_for(old.connection_string, sharepoint), sharepoint)
        record = before.arrive(before.upload(Links(before.customer().id), "brønn.txt", tags=("én", "to")))
        before.settle()
        record = before.read(record)
        saved = run(old, "backup", str(copy), "--json")
        assert saved.returncode == 0, saved.stderr
        rows = rows_of(old)
    with moments_storage() as new:
        restored = run(new, "restore", str(copy), "--json")
        assert restored.returncode == 0, restored.stderr
        after = World.start(environ_for(new.connection_string, sharepoint), sharepoint)

        assert rows_of(new) == rows
        assert json.loads(saved.stdout) == json.loads(restored.stdout)
        assert json.loads(saved.stdout)["rows"]["files"] > 0
        found = after.read(record)
        assert (found.name, found.tags, found.baseline) == (record.name, record.tags, record.baseline)
        after.edit(found, name="renamed.txt")
        assert after.children(str(found.baseline.drive_id), "root") == ["renamed.txt"]  # type: ignore[union-attr]


def test_a_restore_goes_into_empty_tables_only_unless_it_goes_on(tmp_path: Path):
    copy = tmp_path / "copy"
    with moments_storage() as azurite, TableServiceClient.from_connection_string(azurite.connection_string) as service:
        table = service.get_table_client("folders")
        table.upsert_entity({"PartitionKey": "c1", "RowKey": "key~library", "list": "kept"})
        assert run(azurite, "backup", str(copy)).returncode == 0
        table.upsert_entity({"PartitionKey": "c1", "RowKey": "key~library", "list": "newer"})

        refused = run(azurite, "restore", str(copy))
        went_on = run(azurite, "restore", str(copy), "--go-on")

        assert (refused.returncode, "not empty" in refused.stderr) == (1, True)
        assert went_on.returncode == 0
        assert table.get_entity("c1", "key~library")["list"] == "kept"


def test_a_copy_is_for_its_owner_alone_and_never_written_over_another(tmp_path: Path):
    copy = tmp_path / "copy"
    with moments_storage() as azurite:
        run(azurite, "backup", str(copy))
        again = run(azurite, "backup", str(copy))

    assert (again.returncode, "not empty" in again.stderr) == (1, True)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in copy.glob("*.gz")}
    assert (modes, stat.S_IMODE(copy.stat().st_mode)) == ({0o600}, 0o700)


def test_a_copy_that_is_not_whole_and_an_account_that_is_none_are_said(tmp_path: Path):
    for command in ("backup", "restore"):
        done = run_admin(command, str(tmp_path / "copy"))
        assert (done.returncode, "--account NAME" in done.stderr) == (3, True)
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole/done.json").write_text("{}")
    unreachable = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;TableEndpoint=http://127.0.0.1:9/a;"
    assert "no whole copy" in run_admin("restore", str(tmp_path), MOMENT_STORAGE=unreachable).stderr
    for command in (["restore", str(tmp_path / "whole")], ["backup", str(tmp_path / "new")], ["forget-customer", "c1"]):
        done = run_admin(*command, MOMENT_STORAGE=unreachable)
        assert (done.returncode, "The tables can't be used" in done.stderr) == (3, True), done.stderr
        assert "Traceback" not in done.stderr


VALUES = {
    "PartitionKey": "c1",
    "RowKey": "r",
    "text": 'brønn "én"\n\u2028',
    "empty": "",
    "flag": True,
    "small": 7,
    "large": EntityProperty(2**40, EdmType.INT64),
    "at": datetime(2026, 11, 23, 9, 30, 0, 123_456, UTC),
}


def test_every_type_that_the_app_writes_comes_back():
    assert "\n" not in to_line(VALUES)
    assert from_line(to_line(VALUES)) == VALUES
    with pytest.raises(ValueError, match="float"):
        to_line({"x": 1.5})


def test_transactions_are_of_one_partition_and_bounded():
    lines = [to_line({"PartitionKey": f"c{number // 150}", "RowKey": str(number)}) for number in range(300)]
    large = [to_line({"PartitionKey": "d", "RowKey": str(number), "x": "y" * 900_000}) for number in range(5)]

    sizes = [(len(some), len({row["PartitionKey"] for row in some})) for some in transactions([*lines, *large])]

    assert sizes == [(100, 1), (50, 1), (100, 1), (50, 1), (3, 1), (2, 1)]


def test_the_files_are_lines_of_json(tmp_path: Path):
    with moments_storage() as azurite, TableServiceClient.from_connection_string(azurite.connection_string) as service:
        service.get_table_client("unplaced").upsert_entity({"PartitionKey": "p", "RowKey": "r", "n": 7})
        run(azurite, "backup", str(tmp_path / "copy"))

    with gzip.open(tmp_path / "copy/unplaced.jsonl.gz", "rt") as file:
        assert json.loads(file.read()) == {"PartitionKey": "p", "RowKey": "r", "n": {"int32": 7}}
