"""Moment SharePoint integration: the Azure Functions app. Start reading at functions/transfers.py."""

import azure.functions as func

from functions import approvals, changes, directory, files, given_up, poison, searching, syncs, transfers

app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)
app.register_functions(transfers.blueprint)
app.register_functions(changes.blueprint)
app.register_functions(syncs.blueprint)
app.register_functions(approvals.blueprint)
app.register_functions(poison.blueprint)
app.register_functions(files.blueprint)
app.register_functions(searching.blueprint)
app.register_functions(directory.blueprint)
app.register_functions(given_up.blueprint)
