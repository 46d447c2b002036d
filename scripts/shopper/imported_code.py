"""A digest of the code that a Python model runs: the modules of this package that it imports, and library versions."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

_PACKAGE: Final = "shopper"
_SOURCES: Final = Path(__file__).resolve().parent


def code_digest(code: str, sources: Path = _SOURCES) -> str:
    """A digest of the modules of `shopper` that `code` imports, directly or through others, of the versions of the
    libraries that they import, and of Python's. `code` itself is not covered. sources: folder of the package.
    """
    found: dict[str, str] = {}
    waiting = sorted(set(_imports(code, _PACKAGE)))
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        path = _path(name, sources)
        if path is not None:
            text = path.read_text(encoding="utf-8")
            found[name] = hashlib.sha256(text.encode()).hexdigest()
            waiting += _imports(text, name if path.name == "__init__.py" else name.rpartition(".")[0])
        elif name.partition(".")[0] not in (_PACKAGE, *sys.stdlib_module_names):
            found[name.partition(".")[0]] = _version(name.partition(".")[0])
    lines = [f"{name} {digest}" for name, digest in sorted(found.items())]
    return hashlib.md5("\n".join([sys.version, *lines]).encode(), usedforsecurity=False).hexdigest()


def _imports(code: str, package: str) -> Iterator[str]:
    """Names of modules that code imports, with the packages above them; names imported from a package among them."""
    for node in ast.walk(ast.parse(code)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names = [module, *(f"{module}.{alias.name}" for alias in node.names)]
        for name in names:
            parts = name.split(".")
            yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def _path(name: str, sources: Path) -> Path | None:
    """The file of a module of this package; None for another one, or for a name that is no module."""
    first, *rest = name.split(".")
    if first != _PACKAGE:
        return None
    base = sources.joinpath(*rest)
    return next((path for path in (base / "__init__.py", base.with_suffix(".py")) if path.is_file()), None)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
