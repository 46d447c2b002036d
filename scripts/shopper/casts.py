"""The project's cast and redaction rules as DuckDB SQL, rendered from `macros/`, so that they are defined once.

The loader uses them to redact URLs before they are stored, and to count values that staging can't cast.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from jinja2 import Environment

from shopper.errors import BadInput

_FILES = (
    "casts",
    "engine/letter_case.sql",
    "engine/plain_number.sql",
    "engine/trimmed_text.sql",
    "engine/replaced_all.sql",
    "engine/has_pattern.sql",
    "engine/timestamps.sql",
)
_MODULES: Final[dict[tuple[str, str], Any]] = {}
_CASTS_ALWAYS = frozenset({"text", "label", "id", "person_id", "code", "url", "url_text", "currency"})


class CastRules:
    """SQL expressions made by the macros of a project. Arguments and results are SQL expressions for text. `digest`
    changes when the rules change.
    """

    def __init__(self, root: Path, variables: Mapping[str, object] | None = None) -> None:
        """Read the macros in `root`. `variables` are the project's vars that differ from their defaults.

        Raises BadInput if the macros are missing.
        """
        macros = root / "macros"
        paths = [path for name in _FILES for path in _sql_files(macros / name)]
        source = "\n".join(path.read_text(encoding="utf-8") for path in paths)
        settings = tuple(sorted((variables or {}).items(), key=str))
        self.digest: Final = hashlib.sha256(repr((source, settings)).encode()).hexdigest()
        self._module = _compiled(source, repr(settings), variables or {})

    def clean(self, expression: str) -> str:
        """Text, trimmed and in Unicode NFC; null if it is a placeholder for a missing value."""
        return self._render("clean_text", expression)

    def redacted(self, expression: str) -> str:
        """A URL with e-mail addresses and secrets removed."""
        return self._render("redacted_url", expression)

    def typed(self, expression: str, column_type: str) -> str:
        """The typed value of clean text; null if it does not cast. Not for enumerations, whose values are in a seed."""
        return self._render("to_typed", expression, column_type)

    @staticmethod
    def can_fail(column_type: str) -> bool:
        """Whether text can fail to cast to this type."""
        return column_type not in _CASTS_ALWAYS

    def _render(self, macro: str, *arguments: str) -> str:
        return str(getattr(self._module, macro)(*arguments)).strip()


def _compiled(source: str, settings: str, variables: Mapping[str, object]) -> Any:
    """The Jinja module of the macros, compiled once for each source text and `settings` (the variables as text)."""
    if (source, settings) not in _MODULES:
        _MODULES[source, settings] = _compile(source, variables)
    return _MODULES[source, settings]


def _compile(source: str, variables: Mapping[str, object]) -> Any:
    modules: list[Any] = []
    environment = Environment(extensions=["jinja2.ext.do"], autoescape=False)
    environment.globals.update(
        adapter=SimpleNamespace(dispatch=lambda name, _package: getattr(modules[0], f"default__{name}")),
        var=lambda name, default: variables.get(name, default),
        **{"return": lambda value: value},
    )
    modules.append(environment.from_string(source).module)
    return modules[0]


def _sql_files(path: Path) -> list[Path]:
    files = sorted(path.glob("*.sql")) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise BadInput(f"{path}: the project's cast rules are missing")
    return files
