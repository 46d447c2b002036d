"""A shop of thousands of generated cases, built once by dbt and computed once by the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import pytest
from basket_cases import add_baskets
from built_shop import Built
from business_cases import add_business
from campaign_cases import add_campaigns
from channel_table import add_channel_table
from churn_cases import add_churn
from continuation_cases import add_hand_returns, add_returns
from experiment_cases import add_experiments, add_verdicts
from generated import AS_OF, Cases
from hand_cases import add_hand_cases
from identity_cases import add_guests, add_merges
from identity_hand_cases import add_people
from journey_cases import add_journeys
from marketing_cases import add_spend
from order_cases import add_dirt, add_discounts, add_payments, add_products, add_rates, add_refunds
from price_cases import add_prices
from product_cases import add_goods
from service_cases import add_service
from session_cases import add_arrivals, add_derived, add_funnels, add_given
from shopper_cases import add_shoppers
from visit_cases import add_shelf, add_visits

from landing import land
from shopper.crosscheck.check import Reader
from shopper.crosscheck.comparisons import CHECKS
from shopper.crosscheck.oracle.settings import Settings
from shopper.crosscheck.oracle.shop import compute
from shopper.dbt import PROJECT, WITHOUT_TESTS, run_dbt

SEED: Final = 20250630
VARIABLES: Final = {"raw_data": "source", "as_of_date": AS_OF.isoformat()}


def generate_cases(seed: int = SEED) -> Cases:
    """All kinds of cases in one set of raw tables."""
    cases = Cases(seed)
    add_rates(cases)
    products = add_products(cases)
    add_discounts(cases, products, 400)
    add_refunds(cases, products, 350)
    add_payments(cases, products, 200)
    add_dirt(cases, 400)
    add_merges(cases, products, 250)
    add_guests(cases, products, 350)
    add_derived(cases, 350)
    add_given(cases, products, 500)
    add_arrivals(cases, 350)
    add_funnels(cases, products, 500)
    add_spend(cases, 600)
    add_channel_table(cases)
    add_hand_returns(cases, products)
    add_hand_cases(cases)
    add_visits(cases, add_shelf(cases), 400)
    add_people(cases)
    add_churn(cases, products, 400)
    add_shoppers(cases, 250)
    add_journeys(cases, products, 400)
    add_campaigns(cases, products, 500)
    add_goods(cases, 400)
    add_business(cases, 60)
    add_baskets(cases, 350)
    add_service(cases, 400)
    add_experiments(cases, 150)
    add_verdicts(cases, 12)
    add_prices(cases, 45)
    add_returns(cases, products, 400)
    return cases


@pytest.fixture(scope="session")
def source_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dbt target folder for builds of landed tables. One per set of vars and warehouse path, so that dbt parses only
    once.
    """
    return tmp_path_factory.mktemp("source_target")


@pytest.fixture(scope="session")
def dated_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dbt target folder for builds of landed tables with a given as-of date."""
    return tmp_path_factory.mktemp("dated_target")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, dated_target: Path) -> Iterator[Built]:
    """All cases, built by the real models (without data tests) and computed by the oracle."""
    folder: Path = tmp_path_factory.mktemp("properties")
    warehouse = folder / "cases.duckdb"
    cases = generate_cases()
    land(warehouse, cases.tables)
    compared = sorted({f"+{mart}" for check in CHECKS for mart in check.marts})
    run_dbt(
        ["build", *WITHOUT_TESTS, "--select", *compared],
        variables=VARIABLES,
        warehouse=warehouse,
        target=dated_target,
    )
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        shop = compute(connection, PROJECT, Settings.of_project(PROJECT, VARIABLES))
        yield Built(connection, Reader(connection), shop, cases.count)
