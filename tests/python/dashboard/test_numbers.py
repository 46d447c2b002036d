"""The numbers of every panel equal the marts: computed a second time, with pandas from whole marts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from shops import Open

from shopper.dashboard.catalogue import panel_names

Marts = Callable[[str], pd.DataFrame]
MONTH, AS_OF = pd.Timestamp("2025-06-01"), pd.Timestamp("2025-06-30")
SINCE = AS_OF - timedelta(days=30)
PAGES = {
    "today": ["kpis", "attention", "revenue_months", "revenue_days", "revenue_parts"],
    "customers": [
        "rfm_grid", "rfm_segments", "tiers", "tier_moves", "cohorts", "value_tiers", "churn_risks", "churn_signals",
        "winback",
    ],
    "conversion": [
        "funnel_steps", "funnel_by_device", "funnel_by_channel", "carts", "order_paths", "page_paths", "friction",
        "searches",
    ],
    "channels": ["channels", "channel_months", "attribution", "payback"],
    "products": ["abc_classes", "products", "affinity", "stock", "replenishment", "prices"],
    "campaigns": ["experiments", "campaign_effects", "campaigns", "promotions"],
    "service": ["nps_months", "nps_channels", "responses", "deliveries", "returns"],
    "data": ["ledger", "quarantine", "freshness"],
}  # fmt: skip


def summed(frame: pd.DataFrame, by: list[str], *columns: str) -> pd.DataFrame:
    """Sums by groups; null where all values are."""
    return frame.groupby(by, dropna=False)[list(columns)].sum(min_count=1).reset_index()


def counted(frame: pd.DataFrame, by: list[str], name: str) -> pd.DataFrame:
    return frame.groupby(by, dropna=False).size().rename(name).reset_index()


def months(frame: pd.DataFrame, count: int) -> pd.DataFrame:
    """Rows of the last months up to the chosen one."""
    return frame[(frame["month"] > MONTH - pd.DateOffset(months=count)) & (frame["month"] <= MONTH)]


def kpis(m: Marts) -> pd.DataFrame:
    found = m("kpi_monthly")
    return found[found["month"] == MONTH].assign(target_share=lambda rows: rows["value"] / rows["target"])


def revenue_months(m: Marts) -> pd.DataFrame:
    found = months(m("kpi_monthly"), 25)
    return found[found["kpi"] == "net_revenue"].assign(net_revenue=lambda rows: rows["value"])


def revenue_days(m: Marts) -> pd.DataFrame:
    return m("kpi_daily").sort_values("date").tail(90)


def revenue_parts(m: Marts) -> pd.DataFrame:
    row = m("revenue_tree").set_index("month").loc[MONTH]
    parts = [one for one in row.index if one.endswith("_part")]
    assert sum(row[parts]) == pytest.approx(row["net_revenue_change"])
    return pd.DataFrame({"amount": row[parts].astype(float)})


def rfm_grid(m: Marts) -> pd.DataFrame:
    rows = m("customer_rfm")
    scores = ["r_score", "f_score"]
    return counted(rows, scores, "customers").merge(summed(rows, scores, "monetary"))


def rfm_segments(m: Marts) -> pd.DataFrame:
    rows = m("customer_rfm")
    return counted(rows, ["rfm_segment"], "customers").merge(summed(rows, ["rfm_segment"], "monetary"))


def tier_moves(m: Marts) -> pd.DataFrame:
    rows = m("customer_rfm_history")
    last, before = sorted(rows["month_end_date"].unique())[-1:-3:-1]
    tiers = [rows[rows["month_end_date"] == end].set_index("customer_id")["customer_tier"] for end in (before, last)]
    joined = pd.concat(tiers, axis=1, keys=["from_tier", "to_tier"]).fillna("none")
    return counted(joined, ["from_tier", "to_tier"], "customers")


def cohorts(m: Marts) -> pd.DataFrame:
    rows = m("retention_cohorts_overall")
    return rows[rows["eligible_customers"].notna() & (rows["months_since"] <= 24)]


def value_tiers(m: Marts) -> pd.DataFrame:
    rows = m("customer_lifetime_value")
    chances = rows.groupby("value_tier", dropna=False)["probability_alive"].mean().rename("mean_probability_alive")
    sums = counted(rows, ["value_tier"], "customers").merge(summed(rows, ["value_tier"], "historical_value", "clv"))
    return sums.merge(chances, on="value_tier")


def churn_risks(m: Marts) -> pd.DataFrame:
    rows = m("customer_churn_signals")
    signs = [one for one in rows if one.startswith("has_")]
    for name in ["is_active", *signs]:
        rows[name] = [int(value is True or value == 1) if pd.notna(value) else 0 for value in rows[name]]
    sums = summed(rows, ["churn_risk"], "is_active", *signs).rename(columns=lambda name: name.removeprefix("has_"))
    return counted(rows, ["churn_risk"], "customers").merge(sums).rename(columns={"is_active": "active_customers"})


def churn_signals(m: Marts) -> pd.DataFrame:
    rows = m("churn_signal_backtest")
    return rows[rows["cutoff_date"] == rows["cutoff_date"].max()]


def funnel(m: Marts, *by: str) -> pd.DataFrame:
    rows = m("funnel_daily")
    rows = rows[(rows["funnel"] == "purchase") & (rows["date"] > SINCE)]
    if by:
        rows = rows[rows["is_required"] & (rows["step_number"] > 1)]
    sums = summed(rows, [*by, "step_number"], "entries", "entered", "reached", "dropped")
    return sums.assign(
        step_conversion_rate=sums["reached"] / sums["entered"],
        overall_conversion_rate=sums["reached"] / sums["entries"],
        drop_rate=sums["dropped"] / sums["entered"],
    )


def carts(m: Marts) -> pd.DataFrame:
    rows = m("abandoned_carts")
    rows = rows[rows["cart_date"] > SINCE]
    found = []
    for step, group in rows.groupby("last_step"):
        over = group[group["is_complete"]]
        values = group.loc[group["is_latest_of_visitor"], "value"]
        back = int(over["is_recovered"].eq(True).sum())
        found.append(
            {
                "step": step,
                "carts": len(group),
                "value_in_carts": values.sum(min_count=1),
                "complete_carts": len(over),
                "recovered_carts": back,
                "recovery_rate": back / over["is_recovered"].notna().sum() if len(over) else None,
            }
        )
    return pd.DataFrame(found)


def friction(m: Marts) -> pd.DataFrame:
    rows = months(m("friction_factors"), 1)
    return rows[rows["factor"] == min(m("friction_factors")["factor"])]


def attribution(m: Marts) -> pd.DataFrame:
    return summed(months(m("channel_attribution"), 12), ["model", "channel"], "credited_orders", "credited_revenue")


def payback(m: Marts) -> pd.DataFrame:
    rows = m("retention_cohorts")
    rows = rows[rows["is_complete"] & (rows["months_since"] <= 12)]
    keys = ["acquisition_channel", "months_since"]
    sums = summed(rows, keys, "cumulative_gross_margin", "cohort_customers")
    costs = m("channel_efficiency_overall")[["channel", "cac", "payback_months"]]
    joined = sums.merge(costs[costs["cac"] > 0], left_on="acquisition_channel", right_on="channel")
    margin = joined["cumulative_gross_margin"] / joined["cohort_customers"]
    return joined.assign(margin_per_customer=margin, margin_less_cac=margin - joined["cac"])


def abc_classes(m: Marts) -> pd.DataFrame:
    rows = m("product_performance")
    return counted(rows, ["abc_class"], "products").merge(summed(rows, ["abc_class"], "net_revenue", "gross_margin"))


def affinity(m: Marts) -> pd.DataFrame:
    rows = m("product_affinity")
    return rows[rows["level"] == "product"]


def stock(m: Marts) -> pd.DataFrame:
    rows = m("product_performance")
    return rows[rows["on_hand_quantity"].notna() & ~rows["is_discontinued"].eq(True)]


def replenishment(m: Marts) -> pd.DataFrame:
    rows = m("replenishment_plan")
    return rows[(rows["level"] == "product") & rows["reorder_date"].notna()]


def prices(m: Marts) -> pd.DataFrame:
    return m("price_elasticity").dropna(subset="elasticity")


def experiments(m: Marts) -> pd.DataFrame:
    rows = m("experiment_results")
    return rows[(rows["metric"] == min(rows["metric"])) & ~rows["is_control"]]


def campaign_effects(m: Marts) -> pd.DataFrame:
    return m("campaign_performance").dropna(subset="incremental_conversion_rate")


def nps(m: Marts) -> pd.DataFrame:
    rows = m("satisfaction_scores")
    return rows[(rows["survey_type"] == "nps") & (rows["aspect"] == "overall")]


def nps_months(m: Marts) -> pd.DataFrame:
    counts = ("responses", "satisfied", "dissatisfied", "matured_responses", "matured_invited")
    sums = summed(nps(m).dropna(subset="month"), ["month"], *counts)
    points = 100 * (sums["satisfied"] - sums["dissatisfied"]) / sums["responses"]
    return sums.assign(nps=points, response_rate=sums["matured_responses"] / sums["matured_invited"])


def nps_channels(m: Marts) -> pd.DataFrame:
    return (
        nps(m)
        .dropna(subset="score_low")
        .rename(columns={"score": "nps", "score_low": "nps_low", "score_high": "nps_high"})
    )


def deliveries(m: Marts) -> pd.DataFrame:
    rows = m("order_fulfilment")
    counts = ["placed", "matured_completed", "matured_orders", "kept_promises", "eligible_promises", "returned_orders"]
    sums = summed(rows, ["month"], *counts, "matured_valid_orders")
    return sums.assign(
        completion_rate=sums["matured_completed"] / sums["matured_orders"],
        on_time_rate=sums["kept_promises"] / sums["eligible_promises"],
        return_rate=sums["returned_orders"] / sums["matured_valid_orders"],
    )


def returns(m: Marts) -> pd.DataFrame:
    return summed(months(m("return_reasons"), 12), ["reason"], "refunds", "returns", "amount")


def freshness(m: Marts) -> pd.DataFrame:
    rows = m("kpi_daily")
    last = [rows.loc[rows[name] > 0, "date"].max() for name in ("orders", "sessions", "refunds", "spend")]
    return pd.DataFrame({"days_behind": [(AS_OF - one).days for one in last]})


EXPECTED: dict[str, Callable[[Marts], pd.DataFrame]] = {
    "kpis": kpis,
    "attention": lambda m: m("attention_list"),
    "revenue_months": revenue_months,
    "revenue_days": revenue_days,
    "revenue_parts": revenue_parts,
    "rfm_grid": rfm_grid,
    "rfm_segments": rfm_segments,
    "tiers": lambda m: m("customer_tier_summary"),
    "tier_moves": tier_moves,
    "cohorts": cohorts,
    "value_tiers": value_tiers,
    "churn_risks": churn_risks,
    "churn_signals": churn_signals,
    "winback": lambda m: m("winback_candidates"),
    "funnel_steps": funnel,
    "funnel_by_device": lambda m: funnel(m, "device_type"),
    "funnel_by_channel": lambda m: funnel(m, "channel"),
    "carts": carts,
    "order_paths": lambda m: m("conversion_paths"),
    "page_paths": lambda m: months(m("page_paths"), 1),
    "friction": friction,
    "searches": lambda m: months(m("search_terms"), 1),
    "channels": lambda m: m("channel_efficiency_overall"),
    "channel_months": lambda m: months(m("channel_efficiency"), 13),
    "attribution": attribution,
    "payback": payback,
    "abc_classes": abc_classes,
    "products": lambda m: m("product_performance"),
    "affinity": affinity,
    "stock": stock,
    "replenishment": replenishment,
    "prices": prices,
    "experiments": experiments,
    "campaign_effects": campaign_effects,
    "campaigns": lambda m: m("campaign_performance"),
    "promotions": lambda m: m("promotion_performance"),
    "nps_months": nps_months,
    "nps_channels": nps_channels,
    "responses": lambda m: months(m("support_performance"), 1),
    "deliveries": deliveries,
    "returns": returns,
    "ledger": lambda m: m("row_ledger"),
    "quarantine": lambda m: m("quarantine_reasons"),
    "freshness": freshness,
}


@pytest.fixture(scope="module")
def marts(publications: Callable[[str], Path]) -> Marts:
    """Function of a mart's name: the whole mart."""
    file = (publications("sample") / "current" / "shopper.duckdb").resolve()

    def read(name: str) -> pd.DataFrame:
        schema = "audit" if name in {"row_ledger", "quarantine_reasons"} else "marts"
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(f"select * from {schema}.{name}").df()

    return read


def numeric(frame: pd.DataFrame, names: list[str]) -> list[tuple[float | None, ...]]:
    """Rows of numbers, sorted; 9 digits count, null is None."""
    rows = frame[names].astype(object).itertuples(index=False, name=None)
    found = [tuple(None if pd.isna(value) else float(f"{float(value):.9g}") for value in row) for row in rows]
    return sorted(found, key=lambda row: [(value is None, value or 0.0) for value in row])


def compared(shown: pd.DataFrame, expected: pd.DataFrame) -> list[str]:
    """Columns of numbers that both have."""
    return [name for name in shown if name in expected and pd.api.types.is_numeric_dtype(shown[name])]


@pytest.mark.parametrize("page", PAGES)
def test_numbers_equal_the_marts(page: str, publications: Callable[[str], Path], marts: Marts, open_page: Open) -> None:
    shown = open_page(page, "en", publications("sample"))
    for name in PAGES[page]:
        frame = shown.container(f"panel-{name}").dataframe[0].value
        expected = EXPECTED[name](marts)
        numbers = compared(frame, expected)
        missing = [one for one in frame if pd.api.types.is_numeric_dtype(frame[one]) and one not in numbers]
        assert numbers and missing == [], name
        assert numeric(frame, numbers) == numeric(expected, numbers), name


def test_every_panel_is_compared() -> None:
    assert sorted(EXPECTED) == sorted(panel_names()) == sorted(name for names in PAGES.values() for name in names)


def test_cards_equal_the_mart(publications: Callable[[str], Path], marts: Marts, open_page: Open) -> None:
    shown = open_page("today", "zh", publications("sample"))
    rows = kpis(marts).set_index("label_zh")
    assert len(shown.metric) == 8
    for card in shown.metric:
        row: Any = rows.loc[card.label]
        forms = {"money": f"{row['value']:,.2f} CNY", "rate": f"{row['value']:.1%}", "count": f"{row['value']:,.0f}"}
        assert card.value == forms[row["unit"]]
        assert card.delta.startswith(f"{row['change']:+.1%}")
