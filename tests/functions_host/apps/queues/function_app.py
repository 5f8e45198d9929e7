"""A queue function that does what its message says."""

import json
import os
import time

import azure.functions as func

app = func.FunctionApp()


@app.queue_trigger("message", "%QUEUE%", "AzureWebJobsStorage")
def work(message: func.QueueMessage) -> None:
    body = message.get_body().decode()
    values = {"body": body, "try": message.dequeue_count, "pid": os.getpid(), "at": time.time()}
    print("SEEN " + json.dumps(values) + "\n", end="")
    if body.startswith("fail"):
        raise ValueError("as told")
    if body.startswith("sleep "):
        time.sleep(float(body.split()[1]))
    print(f"DONE {body}\n", end="")
