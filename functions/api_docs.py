"""HTTP: the API's own description, for programs and for people."""

import html
import json
import re
from functools import cache
from typing import Any

import azure.functions as func

from functions.openapi import Json, description
from functions.operation import OPERATIONS, Answer, Call, operation
from functions.page import release

blueprint = func.Blueprint()
_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@operation(blueprint, "GET", "openapi.json", None)
def openapi(call: Call) -> Answer:
    """This description, in OpenAPI 3.1."""
    return Answer(_described(), headers={"Cache-Control": "public, max-age=300"})


@operation(blueprint, "GET", "docs", None)
def docs(call: Call) -> func.HttpResponse:
    """This description, to read."""
    headers = {
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "public, max-age=300",
    }
    return func.HttpResponse(_page(), headers=headers, mimetype="text/html", charset="utf-8")


@cache
def _described() -> Json:
    return description(OPERATIONS)


@cache
def _page() -> str:
    document = _described()
    by_tag: dict[str, list[str]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            by_tag.setdefault(said["tags"][0], []).append(_operation(path, method, said))
    parts = [
        f'<section><h2 id="{_text(tag)}">{_text(tag)}</h2>{"".join(each)}</section>' for tag, each in by_tag.items()
    ]
    menu = "".join(f'<li><a href="#{_text(tag)}">{_text(tag)}</a></li>' for tag in by_tag)
    about = "".join(f"<p>{_prose(part)}</p>" for part in document["info"]["description"].split("\n\n"))
    shapes = "".join(_shape(name, schema) for name, schema in document["components"]["schemas"].items())
    base = f"/static/{release()}"
    return _FRAME.format(base=base, menu=menu, about=about, operations="".join(parts), shapes=shapes)


def _operation(path: str, method: str, said: Json) -> str:
    rows = [
        (each["name"], each["in"], _type(each["schema"]), each.get("description", ""))
        for each in said.get("parameters", [])
    ]
    body = said.get("requestBody", {}).get("content", {})
    rows += [("body", "body", _type(content["schema"]), "") for content in body.values()]
    shown = "".join(
        f"<p>{_text(name)}</p><pre><code>{_text(json.dumps(each['value'], indent=2, ensure_ascii=False))}</code></pre>"
        for content in body.values()
        for name, each in content.get("examples", {}).items()
    )
    answers = "".join(
        f"<li><code>{status}</code> {_prose(answer['description'])} "
        f"{' '.join(_type(each['schema']) for each in answer.get('content', {}).values())}</li>"
        for status, answer in sorted(said["responses"].items())
    )
    table = "".join(
        f"<tr><th scope=row><code>{_text(name)}</code></th><td>{where}</td><td>{kind}</td><td>{_prose(about)}</td></tr>"
        for name, where, kind, about in rows
    )
    head = "<thead><tr><th>Name</th><th>In</th><th>Type</th><th>Meaning</th></tr></thead>"
    return (
        f'<article id="{_text(said["operationId"])}"><h3><code>{method.upper()} {_text(path)}</code></h3>'
        f"<p>{_prose(said['summary'])}</p><p>{_prose(said['description'])}</p>"
        + (f"<table>{head}<tbody>{table}</tbody></table>" if rows else "")
        + f"{shown}<ul>{answers}</ul></article>"
    )


def _shape(name: str, schema: Json) -> str:
    rows = "".join(
        f"<tr><th scope=row><code>{_text(each)}</code></th><td>{_type(own)}</td>"
        f"<td>{_prose(own.get('description', ''))}</td></tr>"
        for each, own in schema.get("properties", {}).items()
    )
    about = _prose(schema.get("description", ""))
    values = ", ".join(map(str, schema.get("enum", [])))
    body = f"<table><tbody>{rows}</tbody></table>" if rows else f"<p><code>{_text(values)}</code></p>"
    return f'<article id="shape-{_text(name)}"><h3>{_text(_title(name))}</h3><p>{about}</p>{body}</article>'


def _type(schema: Any) -> str:
    """A schema in a word or two; shapes are links."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#shape-{_text(name)}">{_text(_title(name))}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if "enum" in schema:
        return _text(", ".join(map(str, schema["enum"])))
    return _text(str(schema.get("format") or schema.get("type") or "anything"))


def _title(name: str) -> str:
    return name.replace("ListOf_", "list of ").removesuffix("_").removesuffix("Document")


def _text(value: str) -> str:
    return html.escape(value, quote=True)


def _prose(value: str) -> str:
    """A sentence, in which backticks mark code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", _text(value))


_FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Moment files: the API</title><link rel="stylesheet" href="{base}/docs/docs.css"></head><body>
<header><h1>Moment files: the API</h1>{about}<p><a href="/api/openapi.json">openapi.json</a></p></header>
<nav aria-label="Contents"><ul>{menu}<li><a href="#shapes">shapes</a></li></ul></nav>
<main>{operations}<section><h2 id="shapes">shapes</h2>{shapes}</section></main></body></html>
"""
