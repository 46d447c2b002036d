"""What was changed behind a number is noticed: for each kind of rule, one thing is changed and the answer says no."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from shopper.explain.explaining import explain


@pytest.fixture(scope="module")
def connection(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    file = shutil.copy(sample_warehouse, tmp_path_factory.mktemp("changed") / sample_warehouse.name)
    with duckdb.connect(str(file)) as opened:
        opened.execute("set TimeZone = 'UTC'")
        yield opened


# Mart and column, the row (the first in the order), what is changed, and the measure that no longer adds up.
CHANGES = [
    ("kpi_daily", "aov", "orders desc", "update marts.orders set net_revenue = net_revenue + 0.01", "net_revenue"),
    ("kpi_daily", "roi", "roi desc nulls last", "update marts.kpi_daily set roi = roi * 1.00000001", "roi"),
    ("kpi_daily", "buyers", "buyers desc", "update marts.orders set customer_id = 'same'", "buyers"),
    (
        "channel_efficiency", "cac", "new_customers_on_common_days desc",
        "delete from intermediate.int_customer_acquisitions",
        "new_customers_on_common_days",
    ),
    (
        "channel_efficiency", "payback_months", "payback_months desc nulls last",
        "update marts.channel_efficiency set payback_months = payback_months + 1", "payback_months",
    ),
    (
        "channel_efficiency_overall", "bounce_rate", "bounces desc",
        "update marts.sessions set is_bot = true where is_bounce", "bounces",
    ),
    (
        "channel_attribution", "credited_orders", "model = 'linear' desc, credited_orders desc",
        "update marts.channel_attribution set credited_orders = credited_orders - 0.000000001", "credited_orders",
    ),
    (
        "channel_attribution", "credited_revenue", "model = 'markov' desc, credited_orders desc",
        "update intermediate.int_markov_effects set credit_share = credit_share + 0.000001", "markov_share",
    ),
    (
        "funnel_daily", "step_conversion_rate", "step_number = 3 desc, reached desc",
        "update intermediate.int_session_funnel_steps set is_reached = false where step_number = 3", "reached",
    ),
    (
        "customers", "lifecycle_stage", "not is_known_customer, orders desc",
        "update reference.lifecycle_stages set lifecycle_stage = 'changed'", "lifecycle_stage",
    ),
    (
        "customers", "top_brand", "not is_known_customer, orders desc",
        "update marts.order_items set brand = product_id", "top_brand",
    ),
    (
        "customer_rfm", "rfm_segment", "monetary desc",
        "update reference.rfm_segments set rfm_segment = 'lost'", "rfm_segment",
    ),
    (
        "customer_rfm", "m_score", "monetary",
        "update marts.customer_rfm set monetary = monetary + 0.01", "monetary",
    ),
    (
        "customer_lifetime_value", "predicted_orders_365d", "predicted_orders_365d desc nulls last",
        "update intermediate.int_clv_fits set alpha = alpha * 1.0001", "predicted_orders_365d",
    ),
    (
        "customer_lifetime_value", "predicted_order_value", "predicted_order_value desc nulls last",
        "update intermediate.int_clv_fits set v = v * 1.01", "predicted_order_value",
    ),
    (
        "retention_cohorts", "retention_rate", "active_customers desc nulls last, months_since",
        "delete from marts.customers where customer_id like 'c0%'", "active_customers",
    ),
    (
        "retention_cohorts_overall", "cumulative_gross_margin", "cumulative_gross_margin desc nulls last",
        "update marts.orders set covered_gross_margin = covered_gross_margin - 0.01 where is_valid",
        "cumulative_gross_margin",
    ),
    (
        "product_performance", "view_to_order_rate", "ordering_sessions desc",
        "delete from intermediate.int_visit_events where event_type = 'product_view'", "viewing_sessions",
    ),
    (
        "product_performance", "lost_sales_estimate", "lost_sales_estimate desc nulls last",
        "update marts.product_performance set lost_sales_estimate = lost_sales_estimate + 0.01", "lost_sales_estimate",
    ),
    (
        "order_fulfilment", "on_time_rate_low", "kept_promises desc",
        "update marts.order_fulfilment set on_time_rate_low = on_time_rate_low * 1.0000001", "on_time_rate_low",
    ),
    (
        "order_fulfilment", "p90_delivery_days", "timed_deliveries desc",
        "update intermediate.int_orders_fulfilled set delivery_seconds = delivery_seconds + 60", "p90_delivery_days",
    ),
    (
        "experiment_results", "p_value_adjusted", "p_value nulls last",
        "update marts.experiment_results set p_value_adjusted = p_value_adjusted * 1.000001", "p_value_adjusted",
    ),
    (
        "experiment_results", "excluded_units", "excluded_units desc nulls last",
        "update intermediate.int_experiment_units set is_excluded = false", "excluded_units",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("mart", "column", "order", "change", "broken"), CHANGES)
def test_a_change_behind_a_number_is_noticed(
    mart: str, column: str, order: str, change: str, broken: str, connection: duckdb.DuckDBPyConnection
) -> None:
    row = connection.execute(f"select rowid from marts.{mart} order by {order}, rowid limit 1").fetchone()
    assert row
    where = f"rowid = {row[0]}"
    assert explain(connection, mart, column, where, rows=1).adds_up is True
    connection.execute("begin")
    try:
        connection.execute(change)
        found = explain(connection, mart, column, where, rows=1)
    finally:
        connection.execute("rollback")
    assert found.adds_up is False
    assert broken in found.measure.broken
