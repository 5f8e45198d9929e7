"""An app whose calls take their time."""

import time

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route("slow")
def slow(req: func.HttpRequest) -> str:
    print("STARTED")
    time.sleep(float(req.params["seconds"]))
    return "finished"
