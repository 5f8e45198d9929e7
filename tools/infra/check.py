"""`python -m tools.infra check`: what can be known of infra/ without Azure and without the Bicep compiler.

Each file parses; its names are declared and used; each module is there, gets every parameter that it needs and no
other, and has the outputs that are read; files that are loaded exist; the parameters file fits main.bicep; nothing is
unsafe (security.py). Types, properties and API versions are not known here: `azd provision --preview` knows them.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

from tools.infra import security, symbols
from tools.infra.bicep import INFRA, Template, Unreadable, files, read

_OUTPUT = re.compile(r"\b(\w+)\.outputs\.(\w+)")
_LOADED = re.compile(r"load(?:Text|Json)Content\('([^']+)'")


def check(say: Callable[[str], None], folder: Path = INFRA) -> int:
    """Say one line for each file, and each problem below it; gives the exit code, 1 where there is any."""
    count = 0
    for path in files(folder):
        found = problems(path)
        count += len(found)
        say(f"{path.relative_to(folder.parent).as_posix()}: {'ok' if not found else 'wrong'}")
        for problem in found:
            say(f"  {problem}")
    parameters = folder / "main.parameters.json"
    if parameters.exists():
        found = parameter_problems(parameters, read(folder / "main.bicep"))
        count += len(found)
        say(f"{parameters.relative_to(folder.parent).as_posix()}: {'ok' if not found else 'wrong'}")
        for problem in found:
            say(f"  {problem}")
    return 1 if count else 0


def problems(path: Path) -> list[str]:
    """What is wrong with one file."""
    try:
        template = read(path)
    except Unreadable as error:
        return [f"does not parse: {error}"]
    loaded = [path.parent / name for name in _LOADED.findall(template.text)]
    missing = [f"'{each.name}' is loaded, and is not there" for each in loaded if not each.exists()]
    return [*symbols.problems(template.text), *missing, *_module_problems(template), *security.problems(template)]


def _module_problems(template: Template) -> list[str]:
    found: list[str] = []
    read_outputs = set(_OUTPUT.findall(template.text))
    for name, said in template.modules.items():
        path = template.path.parent / said["detail"]["path"]
        if not path.exists():
            found.append(f"module '{name}': '{said['detail']['path']}' is not there")
            continue
        try:
            module = read(path)
        except Unreadable:
            continue  # said with that file
        given = set(template.body(name).get("params", {}))
        found += [f"module '{name}' lacks '{each}'" for each in sorted(module.required - given)]
        found += [f"module '{name}' has no parameter '{each}'" for each in sorted(given - set(module.parameters))]
        wanted = {output for owner, output in read_outputs if owner == name}
        found += [f"module '{name}' has no output '{each}'" for each in sorted(wanted - set(module.outputs))]
    return found


def parameter_problems(path: Path, main: Template) -> list[str]:
    """Where the parameters file does not fit."""
    try:
        given = set(json.loads(path.read_text(encoding="utf-8"))["parameters"])
    except (ValueError, KeyError) as error:
        return [f"is no parameters file: {error}"]
    unknown = [f"main.bicep has no parameter '{each}'" for each in sorted(given - set(main.parameters))]
    return unknown + [f"lacks '{each}'" for each in sorted(main.required - given)]
