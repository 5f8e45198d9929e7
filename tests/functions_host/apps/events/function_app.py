"""A blob function fed by Event Grid."""

import json

import azure.functions as func
import azurefunctions.extensions.bindings.blob as blob

app = func.FunctionApp()


@app.blob_trigger("client", "%CONTAINER%/{name}", "AzureWebJobsStorage", source=func.BlobSource.EVENT_GRID)
def upload(client: blob.BlobClient) -> None:
    print(
        "SEEN " + json.dumps({"name": client.blob_name, "content": client.download_blob().readall().decode()}) + "\n",
        end="",
    )
