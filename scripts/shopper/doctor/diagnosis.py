"""All checks over one shop: landed before, as a mapping would land it, or the sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import duckdb
import yaml

from shopper.contract import load_contract
from shopper.doctor.amounts import check_currencies, check_paid, check_signs, check_units
from shopper.doctor.channels import check_channels
from shopper.doctor.findings import Finding, in_order
from shopper.doctor.inputs import check_inputs
from shopper.doctor.keys import check_ids, check_keys, check_parents
from shopper.doctor.moments import check_moments
from shopper.doctor.shop import Shop, opened_mapping, opened_raw, opened_sample
from shopper.doctor.values import check_values
from shopper.errors import BadInput, CheckFailed
from shopper.load.mapping import read_mapping
from shopper.project import project_root, warehouse_path
from shopper.sql import reason

CHECKS: Final[tuple[Callable[[Shop], Iterator[Finding]], ...]] = (
    check_inputs,
    check_values,
    check_keys,
    check_ids,
    check_parents,
    check_moments,
    check_currencies,
    check_signs,
    check_units,
    check_paid,
    check_channels,
)


def diagnose(
    mapping: Path | None = None,
    *,
    sample: bool = False,
    variables: str = "{}",
    warehouse: Path | None = None,
    project: Path | None = None,
) -> list[Finding]:
    """All findings, the worst first; `variables` are dbt vars as YAML.

    Raises BadInput when there is nothing to look at or mapping or files are wrong, Locked when another process writes
    to the warehouse.
    """
    root = project_root(project)
    contract = load_contract(root)
    settings = _settings(root, variables)
    place = warehouse_path(root, warehouse)
    if sample and mapping:
        raise BadInput("--sample is the sample shop; a mapping is another one: name one of them")
    opened: AbstractContextManager[Shop]
    if sample:
        opened = opened_sample(contract, root, settings)
    elif mapping:
        opened = opened_mapping(read_mapping(mapping, contract), place, contract, root, settings)
    else:
        opened = opened_raw(place, contract, root, settings)
    with opened as shop:
        try:
            return in_order(finding for check in CHECKS for finding in check(shop))
        except duckdb.Error as error:
            raise CheckFailed(f"the data can't be looked at: {reason(error)}") from error


def _settings(root: Path, variables: str) -> dict[str, Any]:
    """The project's vars, and those given on top."""
    try:
        given = yaml.safe_load(variables) or {}
    except yaml.YAMLError as error:
        raise BadInput(f"--vars: not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(given, dict):
        raise BadInput(f"--vars: expected names with values, got {variables!r}")
    declared = yaml.safe_load((root / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    return {**declared, **given}
