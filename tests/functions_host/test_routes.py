"""Route templates, without a host."""

import pytest

from tools.functions_host.bindings import Binding, FunctionSpec
from tools.functions_host.routes import Routes, RouteTemplate
from tools.functions_host.settings import SettingsError

GUID = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"


@pytest.mark.parametrize(
    ("template", "path", "expected"),
    [
        ("items", "/items", {}),
        ("items", "/ITEMS/", {}),
        ("items", "/items/1", None),
        ("items/{id}", "/items/a%20b", {"id": "a b"}),
        ("items/{id}", "/items/a%2Fb", {"id": "a%2Fb"}),
        ("items/{id}", "/items/a%2fb%C3%A9", {"id": "a%2Fbé"}),
        ("items/{id}", "/items", None),
        ("items/{id?}", "/items", {}),
        ("items/{id=5}", "/items", {"id": "5"}),
        ("items/{id:int?}", "/items", {}),
        ("items/{id:int}", "/items/12", {"id": "12"}),
        ("items/{id:int}", "/items/a", None),
        ("items/{id:int}", "/items/99999999999", None),
        ("items/{id:long}", "/items/99999999999", {"id": "99999999999"}),
        ("items/{id:guid}", f"/items/{GUID}", {"id": GUID}),
        ("items/{id:guid}", "/items/1", None),
        ("items/{id:bool}", "/items/True", {"id": "True"}),
        ("items/{id:alpha:length(2,3)}", "/items/abc", {"id": "abc"}),
        ("items/{id:alpha:length(2,3)}", "/items/abcd", None),
        ("items/{id:range(1,5)}", "/items/5", {"id": "5"}),
        ("items/{id:min(3)}", "/items/2", None),
        ("items/{id:regex(^\\d+$)}", "/items/12", {"id": "12"}),
        ("files/{*path}", "/files/a/b/c", {"path": "a/b/c"}),
        ("files/{*path}", "/files", {}),
        ("report-{year}.{kind}", "/report-2026.pdf", {"year": "2026", "kind": "pdf"}),
        ("{a}/x/{b}", "/1/x/2", {"a": "1", "b": "2"}),
    ],
)
def test_template_matches_like_asp_net_core(template: str, path: str, expected: dict[str, str] | None) -> None:
    assert RouteTemplate(template).match(path) == expected


def _function(route: str, *methods: str) -> FunctionSpec:
    trigger = Binding("req", "httpTrigger", {"route": route, "methods": list(methods)})
    return FunctionSpec(route, f"{route} {methods}", trigger)


def test_the_more_specific_route_wins_whatever_the_order() -> None:
    functions = [_function(route) for route in ("{*all}", "{any}", "{id:int}", "literal")]
    routes = Routes(functions, "api")

    found = [routes.find("GET", f"/api/{path}") for path in ("literal", "12", "word", "a/b")]
    assert [match and match[0].trigger.values["route"] for match in found] == ["literal", "{id:int}", "{any}", "{*all}"]


def test_method_is_part_of_the_route() -> None:
    routes = Routes([_function("a", "GET"), _function("a", "put")], "")

    assert routes.find("PUT", "/a") is not None
    assert routes.find("HEAD", "/a") is None


def test_unknown_constraint_is_refused() -> None:
    with pytest.raises(SettingsError, match="'even'"):
        RouteTemplate("items/{id:even}")
