"""The security rules find what they are for."""

from pathlib import Path

import pytest

from tools.infra.bicep import INFRA, files, read
from tools.infra.security import BROAD_ROLES, RULES, problems

MODULES = INFRA / "modules"


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_nothing_here_is_unsafe(path: Path):
    assert problems(read(path)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.kind}.{rule.path}")
def test_every_rule_concerns_something_that_is_made(rule):
    kinds = [
        (said["type"], template.body(symbol).get("name"))
        for template in map(read, files())
        for symbol, said in template.resources.items()
        if not said["existing"]
    ]

    assert any(kind == rule.kind and rule.name in ("", name) for kind, name in kinds)


@pytest.mark.parametrize(
    ("module", "old", "new", "found"),
    [
        ("moment-storage", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", "allowSharedKeyAccess: True"),
        ("moment-storage", "    allowSharedKeyAccess: false\n", "", "allowSharedKeyAccess: None"),
        ("host-storage", "minimumTlsVersion: 'TLS1_2'", "minimumTlsVersion: 'TLS1_0'", "older TLS"),
        ("moment-cloud", "publicAccess: 'None'", "publicAccess: 'Blob'", "open to everybody"),
        ("app", "httpsOnly: true", "httpsOnly: 1", "httpsOnly"),
        ("app", "    type: 'UserAssigned'", "    type: 'None'", "needs keys"),
        ("sign-in", "requireHttps: true", "requireHttps: false", "cookies"),
        ("monitoring", "DisableLocalAuth: true", "DisableLocalAuth: false", "anybody could write"),
        ("roles", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", next(iter(BROAD_ROLES)), "role Owner is too broad"),
        ("moment-storage", "output id string", "output accessKey string", "'accessKey' looks like a secret"),
        ("moment-storage", "= account.id", "= account.listKeys().keys[0].value", "asks for a key"),
        ("app", "string(threads)", "'AccountKey=abc'", "holds a key"),
    ],
)
def test_a_hole_is_named(tmp_path: Path, module: str, old: str, new: str, found: str):
    text = (MODULES / f"{module}.bicep").read_text("utf-8")
    assert old in text
    damaged = tmp_path / "damaged.bicep"
    damaged.write_text(text.replace(old, new, 1), "utf-8")

    said = problems(read(damaged))

    assert any(found in each for each in said), said
