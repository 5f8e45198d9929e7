"""Moment SharePoint integration: the Azure Functions app. Start reading at functions/transfers.py."""

import azure.functions as func

from functions import (
    api_docs,
    approvals,
    changes,
    directory,
    files,
    given_up,
    health,
    indexing,
    journals,
    page,
    poison,
    searching,
    syncs,
    transfers,
)
from shared.bootstrap.exporting import start_exporting

start_exporting()

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
app.register_functions(transfers.blueprint)
app.register_functions(changes.blueprint)
app.register_functions(syncs.blueprint)
app.register_functions(approvals.blueprint)
app.register_functions(poison.blueprint)
app.register_functions(files.blueprint)
app.register_functions(searching.blueprint)
app.register_functions(directory.blueprint)
app.register_functions(given_up.blueprint)
app.register_functions(journals.blueprint)
app.register_functions(health.blueprint)
app.register_functions(page.blueprint)
app.register_functions(indexing.blueprint)
app.register_functions(api_docs.blueprint)
