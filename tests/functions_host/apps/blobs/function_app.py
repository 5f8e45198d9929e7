"""Polled blob functions with an SDK type."""

import json

import azure.functions as func
import azurefunctions.extensions.bindings.blob as blob

app = func.FunctionApp()


@app.blob_trigger("client", "%CONTAINER%/{customer}/{name}", "AzureWebJobsStorage")
def upload(client: blob.BlobClient) -> None:
    content = client.download_blob().readall().decode()
    print("SEEN " + json.dumps({"name": client.blob_name, "content": content}) + "\n", end="")
    if content == "fail":
        raise ValueError("as told")
