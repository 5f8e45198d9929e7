"""HTTP functions for routes, keys and answers."""

import json
import os
import time

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route("echo/{*rest}", methods=["GET", "POST"])
def echo(req: func.HttpRequest) -> func.HttpResponse:
    answer = {"route": dict(req.route_params), "query": dict(req.params), "headers": dict(req.headers)}
    return func.HttpResponse(json.dumps(answer | {"length": len(req.get_body()), "url": req.url}))


@app.route("items/{item}", methods=["GET"])
def item(req: func.HttpRequest) -> str:
    return req.route_params["item"]


@app.route("with-key", auth_level=func.AuthLevel.FUNCTION)
def with_key(req: func.HttpRequest) -> str:
    return "opened"


@app.route("with-master-key", auth_level=func.AuthLevel.ADMIN)
def with_master_key(req: func.HttpRequest) -> str:
    return "opened"


@app.route("raises")
def raises(req: func.HttpRequest) -> str:
    raise ValueError("a private reason")


@app.route("nothing")
def nothing(req: func.HttpRequest) -> func.HttpResponse:
    return None


@app.route("no-content")
def no_content(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(status_code=204)


@app.route("sleep")
def sleep(req: func.HttpRequest) -> str:
    time.sleep(float(req.params["seconds"]))
    return str(os.getpid())


@app.route("die")
def die(req: func.HttpRequest) -> str:
    os._exit(3)
