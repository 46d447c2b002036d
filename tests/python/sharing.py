"""What all processes of a test run use and none changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest


def built_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], None]) -> Path:
    """A folder that `build` fills, once for all processes of a test run. Do not change what is in it."""
    from filelock import FileLock  # here: not all environments of other tools have it

    folder = of_all_processes(factory) / name
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            unfinished = Path(mkdtemp(dir=folder.parent))
            build(unfinished)
            unfinished.rename(folder)
    return folder


def of_all_processes(factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of a test run; that of one process of several lies in it."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
