"""dbt's parsing, which takes longer than most builds of a test, once for all tests whose vars decide the same."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from running import ROOT

if TYPE_CHECKING:
    from shopper.dbt import Invoked

PARSED_WITH: Final = ("raw_data", "reporting_currency")
"""The vars that decide what dbt parses; all others are only in the SQL that it compiles. A test holds that."""


def share(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Keep what dbt parsed in `folder`, by the vars that decide it and the name of the warehouse, which is in the names
    of relations, and use it again for a new target folder. dbt writes its artifacts (manifest.json and others) where a
    call says `--write-json`, and for `shopper run`: they take as long as a small build.
    """
    import shopper.dbt

    original = shopper.dbt.invoke_dbt

    def invoke(arguments: Sequence[str], **options: Any) -> Invoked:
        target = options.get("target")
        if target is None or options.get("project", ROOT) != ROOT:
            return original(arguments, **options)
        _leave_out(patch)
        is_run = options.get("on_event") is not None or options.get("manifest") is not None
        if not is_run and "--write-json" not in arguments:
            arguments = [*arguments, "--no-write-json"]
        state = Path(target) / "partial_parse.msgpack"
        kept = folder / f"parsed-{_key(options)}.msgpack"
        is_new = not state.exists()
        if is_new and kept.exists():
            state.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(kept, state)
        invoked = original(arguments, **options)
        if is_new and not kept.exists() and state.exists():
            shutil.copy(state, unfinished := kept.with_suffix(f".{os.getpid()}"))
            unfinished.replace(kept)
        return invoked

    patch.setattr(shopper.dbt, "invoke_dbt", invoke)


def _key(options: dict[str, Any]) -> str:
    warehouse = options.get("warehouse") or os.environ.get("SHOPPER_WAREHOUSE", "shopper")
    said = [os.environ.get("SHOPPER_TARGET"), _deciding(options.get("variables") or {}), Path(warehouse).stem]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _deciding(variables: Mapping[str, object]) -> dict[str, object]:
    return {name: variables.get(name) for name in PARSED_WITH}


@cache
def _leave_out(patch: pytest.MonkeyPatch) -> None:
    """Leave out what dbt does for nothing: it parses everything again for another connection and for any other var, and
    each test has a warehouse of its own; it searches cycles at each call, and `make warehouse` and `make check` have
    found none.
    """
    from dbt.artifacts.resources import FileHash
    from dbt.compilation import Linker
    from dbt.parser.manifest import ManifestLoader

    check = ManifestLoader.build_manifest_state_check

    def wherever(loader: Any) -> Any:
        state = check(loader)
        state.profile_hash = FileHash.from_contents("wherever the warehouse is")
        project = loader.root_project
        state.vars_hash = FileHash.from_contents(f"{project.target_name} {_deciding(project.cli_vars)}")
        return state

    patch.setattr(ManifestLoader, "build_manifest_state_check", wherever)
    patch.setattr(Linker, "find_cycles", lambda _linker: None)
