"""The journal as CSV, over HTTP and as a command."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.admin.running import run_admin
from tests.functions.conftest import Api
from tests.functions.test_directory_api import problem_of
from tests.functions.test_files_api import announce


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def customer(host) -> str:
    """With two files, one of which was renamed twice, by people whose names are like formulas."""
    api = Api(host.url)
    customer = api.customer(storage="moment")
    announce(api, customer, name="plain.txt")
    renamed = announce(api, customer, name="plan.txt")["id"]
    for name, who in (("brønn og ås.txt", "@Åse"), ("c.txt", "=cmd|' /C calc'!A0")):
        api.call("PATCH", f"customers/{customer}/files/{renamed}", json={"name": name, "changedBy": who})
    return customer


def test_pages_one_behind_the_other_are_one_csv(api: Api, customer: str):
    whole = api.call("GET", f"customers/{customer}/journal.csv")
    parts, path = [], f"customers/{customer}/journal.csv?limit=1"
    while path:
        answer = api.call("GET", path)
        parts.append(answer.content)
        path = answer.links.get("next", {}).get("url", "").removeprefix("/api/")

    assert b"".join(parts) == whole.content
    assert len(parts) == 4
    assert whole.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="journal-{customer}.csv"' in whole.headers["Content-Disposition"]
    found = rows(whole.content.decode())
    assert {each["customer"] for each in found} == {customer}
    assert {"'=cmd|' /C calc'!A0", "'@Åse"} < {each["who"] for each in found}
    assert any("brønn og ås.txt" in each["event"] for each in found)


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("limit=0", 400, "limit"),
        ("limit=5001", 400, "limit"),
        ("file=a/b", 400, "file"),
        ("file=nobody", 404, "file"),
        ("from=yesterday", 400, "from"),
        ("to=2026-13-01", 400, "to"),
        ("from=2026-11-23&to=2026-11-22", 400, "to"),
        ("page=abc", 400, "page"),
        ("since=2026-11-23", 400, "since"),
    ],
)
def test_what_can_not_be_is_refused_by_field(api: Api, customer: str, query: str, status: int, field: str):
    problem = problem_of(api.call("GET", f"customers/{customer}/journal.csv?{query}"))

    assert (problem["status"], problem["field"]) == (status, field)


def test_a_customer_that_is_none_has_no_journal(api: Api):
    assert problem_of(api.call("GET", "customers/nobody/journal.csv"))["status"] == 404


def test_a_file_is_written_whole_with_one_header_and_replaced_when_it_is_written_again(
    api: Api, customer: str, tmp_path: Path
):
    other = api.customer(storage="moment")
    announce(api, other, name="other.txt")
    out = tmp_path / "journal.csv"
    command = ["export-journal", f"--customer={customer}", f"--customer={other}", f"--out={out}", f"--url={api.url}"]

    first = run_admin(*command, "--json")
    content = out.read_bytes()
    again = run_admin(*command)

    assert first.returncode == again.returncode == 0, first.stderr + again.stderr
    assert json.loads(first.stdout)["done"] == [{"customer": customer, "lines": 4}, {"customer": other, "lines": 1}]
    assert [each["customer"] for each in rows(content.decode())] == [customer] * 4 + [other]
    assert out.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["journal.csv"]
    assert f"{customer}: 4 lines" in again.stderr


def test_one_file_and_a_time_go_to_stdout(api: Api, customer: str):
    file_id = rows(api.call("GET", f"customers/{customer}/journal.csv").content.decode())[0]["file"]

    of_file = run_admin("export-journal", f"--customer={customer}", f"--file={file_id}", f"--url={api.url}")
    long_ago = run_admin("export-journal", "--all", "--to", "2020-01-01", f"--url={api.url}")

    assert {each["file"] for each in rows(of_file.stdout)} == {file_id}
    assert (long_ago.returncode, rows(long_ago.stdout)) == (0, [])


def test_a_customer_that_is_refused_does_not_keep_the_others_from_being_written(
    api: Api, customer: str, tmp_path: Path
):
    out = tmp_path / "journal.csv"

    done = run_admin(
        "export-journal", "--customer=nobody", f"--customer={customer}", f"--out={out}", f"--url={api.url}"
    )

    assert done.returncode == 1
    assert "nobody" in done.stderr
    assert len(rows(out.read_text("utf-8"))) == 4


@pytest.mark.parametrize(
    "arguments", [[], ["--all", "--customer=a"], ["--all", "--file=f"], ["--all", "--json"], ["--customer"]]
)
def test_wrong_arguments_end_with_exit_code_2(arguments: list[str]):
    assert run_admin("export-journal", *arguments).returncode == 2
