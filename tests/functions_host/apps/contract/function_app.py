"""One function of each trigger kind, printing all that it was given."""

import json
import logging

import azure.functions as func
import azurefunctions.extensions.bindings.blob as blob

app = func.FunctionApp()
STORAGE = "AzureWebJobsStorage"


def seen(function: str, **values: object) -> None:
    print("SEEN " + json.dumps({"function": function, **values}, default=str) + "\n", end="")


@app.route("contract/{place}", methods=["POST"])
def http(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    answer = {
        "method": req.method,
        "url": req.url,
        "place": req.route_params["place"],
        "query": dict(req.params),
        "header": req.headers.get("x-some"),
        "body": req.get_body().decode(),
        "function": context.function_name,
    }
    response = func.HttpResponse(json.dumps(answer), status_code=201, mimetype="application/json")
    response.headers.add("Set-Cookie", "one=1; Path=/; HttpOnly; SameSite=Lax; Expires=Wed, 21 Oct 2037 07:28:00 GMT")
    response.headers.add("Set-Cookie", "two=2")
    return response


@app.route("async", auth_level=func.AuthLevel.ANONYMOUS)
async def asynchronous(req: func.HttpRequest) -> str:
    logging.getLogger(__name__).info("from an async function")
    return "async"


@app.queue_trigger("message", "%QUEUE%", STORAGE)
@app.queue_output("out", "%QUEUE%-out", STORAGE)
def queue(message: func.QueueMessage, out: func.Out[str]) -> None:
    logging.getLogger(__name__).info("from a sync function")
    seen(
        "queue",
        id=message.id,
        body=message.get_body().decode(),
        dequeue_count=message.dequeue_count,
        pop_receipt=message.pop_receipt,
        inserted=message.insertion_time,
    )
    out.set(json.dumps([{"first": 1}, "second"]))


@app.blob_trigger("client", "%CONTAINER%/sdk/{name}", STORAGE)
def blob_sdk(client: blob.BlobClient) -> None:
    seen("blob_sdk", name=client.blob_name, content=client.download_blob().readall().decode())


@app.blob_trigger("stream", "%CONTAINER%/binary/{name}", STORAGE, data_type=func.DataType.BINARY)
@app.blob_output("copy", "%CONTAINER%/copies/{name}", STORAGE)
def blob_binary(stream: func.InputStream, copy: func.Out[bytes]) -> None:
    content = stream.read()
    seen("blob_binary", name=stream.name, uri=stream.uri, length=stream.length, hex=content.hex())
    copy.set(content)


@app.blob_trigger("stream", "%CONTAINER%/text/{name}", STORAGE)
def blob_text(stream: func.InputStream) -> None:
    seen("blob_text", hex=stream.read().hex(), metadata=stream.metadata)


@app.timer_trigger("timer", "%SCHEDULE%", use_monitor=False)
def timer(timer: func.TimerRequest) -> None:
    seen("timer", past_due=timer.past_due, schedule=timer.schedule, status=timer.schedule_status)
