"""Plays the Azure CLI for tests: answers `az rest` from a state file, as Azure does around a first deployment.

AZ_STATE names the file. `functions` appear once `syncs_needed` syncs were asked for, the key once it was asked for
`keys_needed` times, and a written subscription is `Creating` before it is `Succeeded`, or `Failed` as often as
`handshakes_to_fail` says. `refuse` has every request of these methods answered with that text. `calls` is what was
asked, and `hides` are properties that Azure keeps to itself.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

KEY = "s3cr3t/key=="


def answer(state: dict[str, Any], method: str, path: str, body: Any) -> Any:
    if method == "get" and path.endswith("/functions"):
        return {"value": state["functions"] if state["syncs"] >= state["syncs_needed"] else []}
    if path.endswith("/host/default/sync"):
        state["syncs"] += 1
        return None
    if path.endswith("/host/default/listKeys"):
        state["keys"] += 1
        keys = {"blobs_extension": state["key"]} if state["keys"] >= state["keys_needed"] else {}
        return {"masterKey": "m4st3r", "functionKeys": {}, "systemKeys": keys}
    if path.endswith("/getFullUrl"):
        return {"endpointUrl": state["subscription"]["url"]}
    if "/eventSubscriptions/" in path:
        return subscription(state, method, body)
    raise SystemExit(f"ERROR: Bad Request({path})")


def subscription(state: dict[str, Any], method: str, body: Any) -> Any:
    present = state["subscription"]
    if method == "get" and present is None:
        raise SystemExit("ERROR: Not Found({'error':{'code':'ResourceNotFound'}})")
    if method == "get":
        if present["properties"]["provisioningState"] in {"Creating", "Updating"}:
            state["handshakes_to_fail"] -= 1
            present["properties"]["provisioningState"] = "Failed" if state["handshakes_to_fail"] >= 0 else "Succeeded"
            return {**present, "properties": {**present["properties"], "provisioningState": "Creating"}}
        shown = {key: value for key, value in present["properties"].items() if key not in state["hides"]}
        return {"name": present["name"], "properties": shown}
    if method == "delete":
        state["subscription"] = None
        return None
    if present is not None and state["unchangeable"]:
        raise SystemExit("ERROR: Bad Request(the endpoint of an event subscription can't be changed)")
    properties = json.loads(json.dumps(body["properties"]))
    url = properties["destination"]["properties"].pop("endpointUrl")
    properties["destination"]["properties"]["endpointBaseUrl"] = url.split("?")[0]
    properties |= {"topic": "/SUBSCRIPTIONS/S", "provisioningState": "Creating"}
    state["subscription"] = {"url": url, "name": path_name(body), "properties": properties}
    return {"properties": properties}


def path_name(body: Any) -> str:
    return f"subscription of {body['properties']['filter']['subjectBeginsWith']}"


def main(arguments: list[str]) -> None:
    said = dict(zip(arguments[1::2], arguments[2::2], strict=True))
    file = Path(os.environ["AZ_STATE"])
    state = json.loads(file.read_text("utf-8"))
    method, path = said["--method"], said["--url"].split("?")[0]
    state["calls"].append({"method": method, "url": said["--url"], "arguments": arguments})
    body = json.loads(Path(said["--body"].removeprefix("@")).read_text("utf-8")) if "--body" in said else None
    try:
        if method in state["refuse"]:
            raise SystemExit(state["refuse"][method])
        found = answer(state, method, path, body)
    finally:
        file.write_text(json.dumps(state), "utf-8")
    if found is not None:
        print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
