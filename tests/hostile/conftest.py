"""What hostile tests share: the host of tests/functions, and a SharePoint whose answers a test rewrites."""

from tests.functions.conftest import api, host, host_sharepoint, host_storage  # noqa: F401 - fixtures
