"""App settings, host.json and blob paths."""

import json
from pathlib import Path

import pytest

from tools.functions_host.paths import BlobPath, fill
from tools.functions_host.settings import SettingsError, host_id, load_host_json, load_settings, resolve, timespan_s


def _file(folder: Path, **content: object) -> Path:
    file = folder / "local.settings.json"
    file.write_text(json.dumps(content))
    return file


def test_set_wins_over_the_environment_and_the_environment_over_the_file(tmp_path: Path) -> None:
    file = _file(tmp_path, Values={"A": "file", "B": "file", "C": "file", "N": 1, "T": True})
    settings = load_settings({"B": "env", "C": "env"}, file, required=True, overrides=["C=set=x"])

    assert settings == {"A": "file", "B": "env", "C": "set=x", "N": "1", "T": "true"}


def test_missing_settings_file_matters_only_when_it_was_named(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path / "no.json", required=False) == {}
    with pytest.raises(SettingsError, match=r"no\.json does not exist"):
        load_settings({}, tmp_path / "no.json", required=True)


@pytest.mark.parametrize("content", [{"IsEncrypted": True}, {"Values": {"A": {}}}, {"Values": 1}])
def test_settings_file_that_cannot_be_used_is_refused(tmp_path: Path, content: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        load_settings({}, _file(tmp_path, **content), required=True)


def test_percent_names_are_resolved_and_a_missing_one_is_named() -> None:
    assert resolve("a-%X%-%Y%", {"X": "1", "Y": "2"}) == "a-1-2"
    with pytest.raises(SettingsError, match="app setting Z"):
        resolve("%Z%", {})


def test_host_json_is_read_with_the_platform_defaults(tmp_path: Path) -> None:
    options = load_host_json(tmp_path, {})

    assert (options.route_prefix, options.queues.batch_size, options.queues.new_batch_threshold) == ("api", 16, 8)
    assert (options.queues.max_dequeue_count, options.blobs.poison_blob_threshold) == (5, 5)
    assert options.function_timeout_s == 1800


def test_settings_override_host_json(tmp_path: Path) -> None:
    queues = {"batchSize": 4, "visibilityTimeout": "00:00:30", "messageEncoding": "none"}
    (tmp_path / "host.json").write_text(json.dumps({"extensions": {"queues": queues, "http": {"routePrefix": ""}}}))
    options = load_host_json(tmp_path, {"AzureFunctionsJobHost__extensions__queues__batchSize": "8"})

    assert (options.queues.batch_size, options.queues.new_batch_threshold) == (8, 4)
    assert (options.queues.visibility_timeout_s, options.queues.base64, options.route_prefix) == (30, False, "")


@pytest.mark.parametrize("queues", [{"batchSize": 33}, {"maxPollingInterval": "00:00:00.01"}, {"messageEncoding": "x"}])
def test_host_json_out_of_bounds_is_refused(tmp_path: Path, queues: dict[str, object]) -> None:
    (tmp_path / "host.json").write_text(json.dumps({"extensions": {"queues": queues}}))
    with pytest.raises(SettingsError, match=r"host\.json"):
        load_host_json(tmp_path, {})


def test_time_spans_are_those_of_dotnet() -> None:
    assert [timespan_s(text) for text in ("00:00:30", "1.02:03:04", "00:00:00.5")] == [30, 93784, 0.5]


def test_host_id_belongs_to_the_folder_unless_it_is_set(tmp_path: Path) -> None:
    assert host_id(tmp_path, {}) == host_id(tmp_path, {}) != host_id(tmp_path / "other", {})
    assert host_id(tmp_path, {"AzureFunctionsWebHost__hostid": "mine"}) == "mine"


@pytest.mark.parametrize(
    ("path", "blob", "expected"),
    [
        ("c/{name}", "a/b.txt", {"name": "a/b.txt"}),
        ("c/{customer}/{file}/{name}", "acme/f1/x/y.pdf", {"customer": "acme/f1", "file": "x", "name": "y.pdf"}),
        ("c/{customer}/{file}/{name}", "acme/y.pdf", None),
        ("c/in/{name}.{ext}", "in/a.b.txt", {"name": "a.b", "ext": "txt"}),
        ("c/in/{name}", "out/a", None),
        ("c/{{x}}/{name}", "{x}/a", {"name": "a"}),
        ("c", "any/thing", {"name": "any/thing"}),
    ],
)
def test_blob_path_captures_greedily(path: str, blob: str, expected: dict[str, str] | None) -> None:
    assert BlobPath(path).match(blob) == expected


def test_blob_path_knows_the_literal_beginning_of_its_names() -> None:
    assert [BlobPath(path).prefix for path in ("c/in/x-{name}", "c/{name}", "c/{{a}}/{n}/b")] == ["in/x-", "", "{a}/"]


def test_container_cannot_be_a_capture_and_a_path_needs_its_values() -> None:
    with pytest.raises(SettingsError, match="container"):
        BlobPath("{c}/a")
    assert fill("c/{a}/{{b}}", {"a": "1"}) == "c/1/{b}"
    with pytest.raises(SettingsError, match=r"\{z\}"):
        fill("c/{z}", {})
