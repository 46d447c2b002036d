"""Which process takes which tests, where several run them (pytest-xdist)."""

from __future__ import annotations

from typing import Any, Final

import pytest

# Folders whose tests share what takes long to build, so that one process takes them all.
_TOGETHER: Final = tuple(
    f"tests/python/{name}/" for name in ("relations", "properties", "operations", "unchanged", "growth", "crosscheck")
)
# What takes minutes begins first, so that no process waits for another at the end; the longest ones first.
_FIRST: Final = (
    *_TOGETHER,
    *(f"tests/python/sources/test_{name}.py" for name in ("init_of_sources", "overlapping_files", "sources")),
    *(f"tests/python/marts/test_{name}.py" for name in ("real_data", "missing_inputs", "determinism")),
    *(f"tests/python/{name}.py" for name in ("staging/test_staging", "house/test_unit_tests_hold")),
)


def scope(nodeid: str) -> str:
    """What one process takes as a whole: a folder of those above, else a file."""
    return next((folder for folder in _TOGETHER if nodeid.startswith(folder)), nodeid.split("::", 1)[0])


def place(nodeid: str) -> int:
    """The place of a test among all, by what is taken as a whole; others keep their order behind those."""
    of = scope(nodeid)
    return _FIRST.index(of) if of in _FIRST else len(_FIRST)


def scheduler(config: pytest.Config, log: Any) -> Any:
    """A scheduler of these scopes, in the order of the tests."""
    from xdist.scheduler import LoadScopeScheduling

    class Scopes(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return scope(nodeid)

    config.option.loadscopereorder = False
    return Scopes(config, log)
