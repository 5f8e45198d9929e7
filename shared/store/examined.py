"""Moment's storage account as the doctor looks at it: each thing is read, and written to where that harms nobody.

    the container  one page of its list; a block that is never committed, so that there is no blob and no event, and
                   which is gone after a week (Put Block, learn.microsoft.com); a signed URL, for which a managed
                   identity asks the service for a key
    a queue        a message that nobody sees before it is deleted again
    a table        a row in a partition that no customer can have, deleted again

Nothing is tried twice and every answer has to come soon: who asks waits for it.
"""

import base64
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.data.tables import TableServiceClient
from azure.storage.blob import ContainerClient
from azure.storage.queue import QueueClient

from shared.store.azure_errors import our_errors, translated
from shared.store.signatures import UrlSigner
from shared.store.tables import BUDGET_TABLE, TABLES

_AT_ONCE: dict[str, Any] = {"retry_total": 0, "connection_timeout": 5, "read_timeout": 10}
_SOON: dict[str, Any] = {"retry_total": 0, "connection_timeout": 2, "read_timeout": 4}
_NAME = "~doctor"
"""A customer's id begins with a letter or a digit."""
_BLOCK_ID = base64.b64encode(_NAME.encode()).decode()
_UNSEEN_S = 59
_MESSAGE = base64.b64encode(b'{"doctor":true}').decode()


class ExaminedStorage:
    """The account. `open_queue` gives the client of any queue. Methods raise NotFound, AccessDenied, Unavailable…"""

    def __init__(
        self,
        container: ContainerClient,
        tables: TableServiceClient,
        open_queue: Callable[[str], QueueClient],
        clock: Callable[[], datetime],
        create: Callable[[], None],
    ) -> None:
        self._container = container
        self._tables = tables
        self._open_queue = open_queue
        self._clock = clock
        self.create = create
        """Makes the tables, the container and the queues that are missing."""

    @property
    def account(self) -> str:
        """The account's name."""
        return str(self._container.account_name)

    @property
    def tables(self) -> Sequence[str]:
        """The names of the tables that there have to be."""
        return TABLES

    def date(self) -> str:
        """The time by the storage's clock, as HTTP writes it, whatever else it answers. Raises Unavailable."""
        seen: list[str] = []

        def note(reply: Any) -> None:
            seen.append(reply.http_response.headers.get("Date", ""))

        try:
            self._container.get_container_properties(raw_response_hook=note, **_AT_ONCE)
        except AzureError as error:
            if not seen:
                raise translated(error, "Asking for the time") from error
        return seen[-1] if seen else ""

    def try_container(self) -> None:
        """Read, write and sign, as the app does."""
        name = self._container.container_name
        with our_errors(f"Reading container '{name}'"):
            pages = self._container.list_blob_names(results_per_page=1, **_AT_ONCE).by_page()
            next(pages, None)
        with our_errors(f"Writing to container '{name}'"):
            self._container.get_blob_client(_NAME).stage_block(_BLOCK_ID, b"doctor", **_AT_ONCE)
        # A signer of its own has no key yet and asks for one.
        UrlSigner(self._container, self._clock).write_url(_NAME, self._clock() + timedelta(minutes=5))

    def try_queue(self, name: str) -> None:
        """Read, and send a message that nobody sees."""
        queue = self._open_queue(name)
        with our_errors(f"Reading queue '{name}'"):
            queue.get_queue_properties(**_AT_ONCE)
        with our_errors(f"Writing to queue '{name}'"):
            sent = queue.send_message(_MESSAGE, visibility_timeout=_UNSEEN_S, time_to_live=_UNSEEN_S + 1, **_AT_ONCE)
            queue.delete_message(sent.id, sent.pop_receipt, **_AT_ONCE)

    def try_table(self, name: str) -> None:
        """Write a row, read it, delete it."""
        table = self._tables.get_table_client(name)
        with our_errors(f"Writing to table '{name}'"):
            table.upsert_entity({"PartitionKey": _NAME, "RowKey": _NAME}, **_AT_ONCE)
        with our_errors(f"Reading table '{name}'"):
            table.get_entity(_NAME, _NAME, **_AT_ONCE)
        with our_errors(f"Writing to table '{name}'"):
            table.delete_entity(_NAME, _NAME, **_AT_ONCE)

    def messages_in(self, queue: str) -> int:
        """About how many messages a queue has; 0 where there is no such queue."""
        with our_errors(f"Reading queue '{queue}'"):
            try:
                return int(self._open_queue(queue).get_queue_properties(**_AT_ONCE).approximate_message_count or 0)
            except ResourceNotFoundError:
                return 0

    def answers(self, queue: str) -> None:
        """One cheap look at each of the three services. Raises what is wrong."""
        with our_errors("Reading the container"):
            self._container.get_container_properties(**_SOON)
        with our_errors(f"Reading queue '{queue}'"):
            self._open_queue(queue).get_queue_properties(**_SOON)
        with our_errors("Reading a table"):
            found = self._tables.get_table_client(BUDGET_TABLE).list_entities(results_per_page=1, **_SOON).by_page()
            next(found, None)
