"""What queue functions read from a message, with and without the mark of bulk work."""

import json

import azure.functions as func
import pytest

from functions.messages import opened
from shared.model.urgency import is_bulk


def message(**members) -> func.QueueMessage:
    return func.QueueMessage(body=json.dumps(members).encode())


@pytest.mark.parametrize(
    ("members", "expected"), [({}, False), ({"bulk": True}, True), ({"bulk": False}, False), ({"bulk": "yes"}, False)]
)
def test_what_a_message_leads_to_is_bulk_work_where_it_says_so(members, expected):
    with opened(message(key="k", **members), "changes") as told:
        assert (told["key"], is_bulk()) == ("k", expected)
    assert not is_bulk()
