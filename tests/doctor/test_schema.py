"""An app whose tables were written by a later version: it refuses to work, says why, and goes on once they fit."""

from shared.model.schema import CURRENT, SchemaVersion
from shared.settings import StorageSettings
from shared.store.connect import open_schema
from tests.conftest import moments_storage
from tests.functions.conftest import ROOT, Api, host_settings
from tests.functions.test_directory_api import problem_of
from tests.functions.test_files_api import wait_for
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint

LATER = SchemaVersion(CURRENT.major + 1, 0)


def test_an_app_with_tables_of_a_later_version_refuses_says_why_and_goes_on_when_they_fit(sharepoint: LocalSharePoint):
    with moments_storage() as storage:
        schema = open_schema(StorageSettings(connection_string=storage.connection_string))
        schema.write(LATER)
        settings = host_settings(storage, sharepoint) | {"BLOB_TRIGGER_SOURCE": "EventGrid"}
        with LocalHost(app=ROOT, settings=settings) as host:
            api = Api(host.url)

            health = problem_of(api.call("GET", "health"))
            refused = problem_of(api.call("GET", "customers"))
            line = _doctors_line(api)

            assert health["status"] == 503
            assert (refused["status"], refused["title"]) == (500, "The app is not configured")
            assert api.call("GET", "me").status_code == 200
            assert line["outcome"] == "fail"
            assert str(LATER) in line["why"]
            assert schema.read() == LATER

            schema.write(CURRENT)
            wait_for(lambda: api.call("GET", "health").status_code == 200, "the health")
            assert api.call("GET", "customers").status_code == 200
            assert _doctors_line(api)["outcome"] == "pass"


def _doctors_line(api: Api) -> dict:
    answer = api.call("POST", "health/checks", json={"only": ["schema"], "waitS": 0})
    assert answer.status_code == 200, answer.text
    return next(each for each in answer.json()["checks"] if each["check"] == "schema")
