"""Opens the tables of Moment's storage account: as whoever is signed in, or by a connection string."""

import os

from azure.data.tables import TableServiceClient

from shared.settings import STORAGE_CONNECTION
from tools.admin.api import Unusable

__all__ = ["STORAGE_CONNECTION", "service_of"]


def service_of(account: str | None) -> TableServiceClient:
    """The tables of the account of this name, else of the connection string in the environment. Raises Unusable."""
    if account:
        from azure.identity import DefaultAzureCredential

        return TableServiceClient(f"https://{account}.table.core.windows.net", credential=DefaultAzureCredential())
    text = os.environ.get(STORAGE_CONNECTION, "")
    try:
        return TableServiceClient.from_connection_string(text)
    except ValueError as error:
        raise Unusable(
            f"Say which storage account: --account NAME, or a connection string in {STORAGE_CONNECTION}."
        ) from error
