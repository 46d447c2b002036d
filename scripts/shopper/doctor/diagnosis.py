"""All checks on one shop: its raw tables, what a mapping would load, or the sample shop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Final

import duckdb

from shopper.contract import load_contract
from shopper.doctor.amounts import check_currencies, check_signs, check_units
from shopper.doctor.channels import check_channels
from shopper.doctor.continuations import check_continuations
from shopper.doctor.findings import Finding, sorted_findings
from shopper.doctor.inputs import check_inputs
from shopper.doctor.keys import check_ids, check_keys, check_parents
from shopper.doctor.moments import check_moments
from shopper.doctor.orders import check_paid, check_refunded
from shopper.doctor.outages import check_outages
from shopper.doctor.refunds import check_refunds
from shopper.doctor.shop import Shop, open_mapping, open_raw, open_sample
from shopper.doctor.totals import check_totals
from shopper.doctor.values import check_values
from shopper.doctor.visits import check_arrivals, check_repeated_views
from shopper.errors import BadInput, CheckFailed
from shopper.load.mapping import read_mapping
from shopper.progress import Progress, timed_step
from shopper.project import project_root, warehouse_path
from shopper.sql import reason
from shopper.variables import declared_variables, read_variables

CHECKS: Final[tuple[Callable[[Shop], Iterator[Finding]], ...]] = (
    check_inputs,
    check_values,
    check_keys,
    check_ids,
    check_parents,
    check_moments,
    check_outages,
    check_currencies,
    check_signs,
    check_units,
    check_totals,
    check_paid,
    check_refunded,
    check_refunds,
    check_channels,
    check_arrivals,
    check_continuations,
    check_repeated_views,
)


def diagnose(
    mapping: Path | None = None,
    *,
    sample: bool = False,
    variables: str = "{}",
    warehouse: Path | None = None,
    also_read: tuple[Path, ...] = (),
    project: Path | None = None,
    progress: Progress | None = None,
) -> list[Finding]:
    """All findings, the most severe first. `variables` are dbt vars as YAML; `also_read`: further folders
    that SQL of the mapping may read; `progress` receives the steps.

    Raises BadInput if there is no data or the mapping or its files are invalid, Locked if another process has the
    warehouse open.
    """
    root = project_root(project)
    contract = load_contract(root)
    settings = {**declared_variables(root), **read_variables(variables, root)}
    place = warehouse_path(root, warehouse)
    if sample and mapping:
        raise BadInput("--sample and a mapping exclude each other; give one of them")
    reporter = progress or Progress()
    opened: AbstractContextManager[Shop]
    if sample:
        opened = open_sample(contract, root, settings)
    elif mapping:
        plan = read_mapping(mapping, contract, also_read)
        opened = open_mapping(plan, place, contract, root, settings, reporter.detail)
    else:
        opened = open_raw(place, contract, root, settings)
    with ExitStack() as stack:
        with timed_step(reporter, "read") as notes:
            shop = stack.enter_context(opened)
            notes.append(f"{sum(shop.rows.values()):,} rows in {len(shop.rows)} tables")
        try:
            with timed_step(reporter, "examine") as notes:
                findings = list(_findings(shop, reporter))
                notes.append(f"{len(CHECKS)} checks")
        except duckdb.Error as error:
            raise CheckFailed(f"the data can't be read: {reason(error)}") from error
    return sorted_findings(findings)


def _findings(shop: Shop, progress: Progress) -> Iterator[Finding]:
    for number, check in enumerate(CHECKS, start=1):
        progress.part(number, len(CHECKS), check.__name__.removeprefix("check_").replace("_", " "))
        yield from check(shop)
