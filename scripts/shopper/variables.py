"""The project's vars as users give them: in a configuration file or with `--vars`, checked before anything starts."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytz
import yaml
from jinja2 import Environment

from shopper.errors import BadInput
from shopper.suggestions import suggestion
from shopper.yaml_files import StrictLoader, parse_yaml

_OPTION: Final = "--vars"


def read_variables(text: str | None, root: Path) -> dict[str, object]:
    """The vars of the option `--vars`, YAML such as `{as_of_date: 2024-01-31}`; none for None and empty text.

    Raises BadInput as `checked_variables`, and for text that is no YAML mapping.
    """
    given = parse_yaml(text or "", _OPTION, StrictLoader)
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise BadInput(f"{_OPTION}: expected a mapping such as '{{as_of_date: 2024-01-31}}', got {text!r}")
    return checked_variables(given, root, _OPTION)


def checked_variables(values: Mapping[Any, object], root: Path, place: str, prefix: str = "") -> dict[str, object]:
    """The given vars, dates as text. `place` and `prefix` begin messages: `shop.yml: vars.` and the var's name.

    Raises BadInput for a name that the project does not declare, with the closest one, and for a value that the macro
    `check_vars` would refuse.
    """
    known = declared_variables(root)
    rules = _rules(root)
    checked: dict[str, object] = {}
    for name, given in values.items():
        if name not in known:
            raise BadInput(f"{place}: unknown key {prefix}{name}{suggestion(str(name), known)}")
        wrong = f"{place}: {prefix}{name} is {reprlib.repr(given)}; expected"
        if not (given is None or isinstance(given, str | int | float | date)):
            raise BadInput(f"{wrong} text, a number, a date, true, false or null")
        value = given.isoformat() if isinstance(given, date) else given
        expected = _problem(value, rules.get(name, {}))
        if expected:
            raise BadInput(f"{wrong} {expected}")
        checked[name] = value
    return checked


def declared_variables(root: Path) -> dict[str, Any]:
    """The vars of a project with their defaults, from `dbt_project.yml`."""
    loaded: dict[str, Any] = yaml.safe_load((root / "dbt_project.yml").read_text(encoding="utf-8")).get("vars", {})
    return loaded


@cache
def _rules(root: Path) -> dict[str, dict[str, Any]]:
    """The rules of the macro `check_vars`, so that they are written once; none if the project has no such macro."""
    path = root / "macros" / "checks" / "check_vars.sql"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = re.search(r"set rules = (\{.*?\n    \}) -%\}", text, re.DOTALL)
    rules: Any = Environment().compile_expression(found[1])() if found else {}
    return dict(rules)


def _problem(value: Any, rule: Mapping[str, Any]) -> str:
    """What is expected instead of a value; empty if it is valid."""
    if not rule or (value is None and rule.get("nullable")):
        return ""
    if "choices" in rule:
        return "" if value in rule["choices"] else f"one of {', '.join(rule['choices'])}"
    is_valid = _KINDS[rule["kind"]]
    if "low" in rule:
        kind = "a whole number" if rule["kind"] == "integer" else "a number"
        expected = f"{kind} from {rule['low']} to {rule['high']}"
        return "" if is_valid(value) and rule["low"] <= value <= rule["high"] else expected
    return "" if is_valid(value) else str(rule["expected"])


def _is_date(value: object) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value), re.ASCII)) and bool(
            datetime.strptime(str(value), "%Y-%m-%d")
        )
    except ValueError:
        return False


_KINDS: Final[Mapping[str, Callable[[object], bool]]] = {
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "date": _is_date,
    "timezone": lambda value: value in pytz.all_timezones_set,
    "currency": lambda value: bool(re.fullmatch("[A-Z]{3}", str(value))),
}
