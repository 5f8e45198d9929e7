"""The host of tests/functions, once for this folder's tests."""

from tests.functions.conftest import api, host, host_sharepoint, host_storage  # noqa: F401 - fixtures
