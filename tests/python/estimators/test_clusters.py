"""Clusters: planted groups are found in any row order; edge cases."""

from __future__ import annotations

from statistics import median

import numpy as np
import pyarrow as pa
import pytest

from shopper.estimators.clusters import CLUSTERS, clusters, group, nearest, ordered, profile, standardised, starts

FEATURES = pa.Table.from_pylist(
    [
        {"feature": name, "scale": scale, "label_high": f"much {name}", "label_low": f"little {name}",
         "label_high_zh": f"{name}多", "label_low_zh": f"{name}少"}
        for name, scale in (("aov", "log"), ("orders", "log"), ("share", "plain"))
    ]
)  # fmt: skip
SCHEMA = pa.schema(
    [("customer_id", pa.string()), ("aov", pa.decimal128(18, 2)), ("orders", pa.int64()), ("share", pa.float64())]
)
_GROUPS = ((20, 2, 0.1), (900, 30, 0.1), (25, 3, 0.9))


def _people(each: int = 40) -> list[dict[str, object]]:
    chance = np.random.default_rng(7)
    return [
        {
            "customer_id": f"{number}-{place}", "aov": round(aov * chance.uniform(0.9, 1.1)),
            "orders": round(orders * chance.uniform(0.9, 1.1)), "share": share + chance.uniform(-0.05, 0.05),
        }
        for number, (aov, orders, share) in enumerate(_GROUPS)
        for place in range(each)
    ]  # fmt: skip


def _table(rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(rows, SCHEMA)


def test_planted_groups_are_found() -> None:
    found = clusters(_table(_people()), FEATURES).to_pylist()
    assert {row["clusters"] for row in found} == {3}
    assert found[0]["silhouette"] > 0.7
    groups = {row["customer_id"][0]: row["cluster"] for row in found}
    assert len(set(groups.values())) == 3
    assert all(row["cluster"] == groups[row["customer_id"][0]] for row in found)
    profiles = {row["customer_id"][0]: (row["profile"], row["profile_zh"]) for row in found}
    assert profiles["1"][0].startswith("much ") and "much orders" in profiles["1"][0] and "aov多" in profiles["1"][1]
    assert profiles["2"][0].startswith("much share")


def test_row_order_does_not_change_the_clusters() -> None:
    rows = _people()
    assert clusters(_table(rows), FEATURES).equals(clusters(_table(rows[::-1]), FEATURES.take(pa.array([2, 0, 1]))))


def test_no_customers_give_an_empty_typed_table() -> None:
    assert clusters(_table([]), FEATURES).equals(CLUSTERS.empty_table())


_ALIKE = [{"customer_id": str(n), "aov": 5, "orders": 1} for n in range(50)]


@pytest.mark.parametrize("rows", [_people(1), _ALIKE], ids=["few", "alike"])
def test_too_few_distinct_customers_are_one_cluster(rows: list[dict[str, object]]) -> None:
    found = clusters(_table(rows), FEATURES).to_pylist()
    assert len(found) == len(rows)
    assert {(row["cluster"], row["clusters"], row["silhouette"]) for row in found} == {(1, 1, None)}
    assert {row["profile"] for row in found} == {"close to the average customer"}


def test_unknown_values_count_as_average() -> None:
    rows: list[dict[str, object]] = [
        {"customer_id": "a", "orders": 1},
        {"customer_id": "b", "orders": 7},
        {"customer_id": "c"},
    ]
    values = standardised(_table(rows), FEATURES.to_pylist())
    assert values[:, 0].tolist() == values[:, 2].tolist() == [0, 0, 0]
    assert values[:, 1] == pytest.approx([-1, 1, 0])


def _shares_that_change(found: pa.Table, other: pa.Table) -> dict[str, float]:
    """Share of the common customers whose cluster, and whose profile, differ."""
    rows = {row["customer_id"]: row for row in found.to_pylist()}
    pairs = [(rows[row["customer_id"]], row) for row in other.to_pylist() if row["customer_id"] in rows]
    return {name: sum(one[name] != two[name] for one, two in pairs) / len(pairs) for name in ("cluster", "profile")}


def _crowd(seed: int, people: int = 300) -> list[dict[str, object]]:
    """Three groups that overlap."""
    chance = np.random.default_rng(seed)
    return [
        {
            "customer_id": f"c{place}", "aov": round(_GROUPS[place % 3][0] * chance.lognormal(0, 0.8)),
            "orders": int(1 + chance.poisson(_GROUPS[place % 3][1])),
            "share": _GROUPS[place % 3][2] + float(chance.normal(0, 0.25)),
        }
        for place in range(people)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_other_names_of_customers_change_nothing(seed: int) -> None:
    rows = _crowd(seed)
    names = {
        row["customer_id"]: f"n{n}" for row, n in zip(rows, np.random.default_rng(seed).permutation(300), strict=True)
    }
    renamed = [{**row, "customer_id": names[row["customer_id"]]} for row in rows]
    found = {row["customer_id"]: row for row in clusters(_table(renamed), FEATURES).to_pylist()}
    for row in clusters(_table(rows), FEATURES).to_pylist():
        assert {**row, "customer_id": names[row["customer_id"]]} == found[names[row["customer_id"]]]


@pytest.mark.parametrize("seed", range(5))
def test_one_more_customer_moves_few_others_and_swaps_no_labels(seed: int) -> None:
    rows = _crowd(seed)
    found = clusters(_table(rows[1:]), FEATURES)
    assert max(_shares_that_change(found, clusters(_table(rows), FEATURES)).values()) < 0.1


def _cloud(seed: int) -> list[dict[str, object]]:
    """300 people without groups: k-means has many optima, nearly as good as each other."""
    chance = np.random.default_rng(seed)
    return [
        {
            "customer_id": f"c{place}", "aov": round(100 * chance.lognormal(0, 0.8)),
            "orders": int(1 + chance.poisson(8)), "share": float(chance.uniform()),
        }
        for place in range(300)
    ]  # fmt: skip


def test_one_more_customer_in_a_cloud_moves_few_others_in_most_cases() -> None:
    moved = [
        max(_shares_that_change(clusters(_table(rows[1:]), FEATURES), clusters(_table(rows), FEATURES)).values())
        for rows in map(_cloud, range(6))
    ]
    assert median(moved) < 0.1


def test_samples_do_not_depend_on_the_order_of_customers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shopper.estimators.clusters.SILHOUETTE_SAMPLE", 60)
    values = standardised(_table(_cloud(0)), FEATURES.to_pylist())
    found, other = group(values), group(values[np.random.default_rng(0).permutation(len(values))])
    assert other.silhouette == found.silhouette
    assert other.centres == pytest.approx(found.centres)


def test_numbers_of_clusters_follow_the_order_of_their_centres() -> None:
    for seed in range(3):
        centres = group(standardised(_table(_cloud(seed)), FEATURES.to_pylist())).centres
        assert centres.tolist() == ordered(centres).tolist()


def test_centres_are_sorted_by_the_feature_that_separates_them() -> None:
    centres = np.array([[0.0, 2.0], [1.0, -1.0], [0.1, 4.0]])
    assert ordered(centres).tolist() == [[0.1, 4.0], [0.0, 2.0], [1.0, -1.0]]


def test_starts_halve_the_widest_group() -> None:
    values = np.array([[0.0], [1.0], [10.0], [11.0], [50.0]])
    assert starts(values, 2).tolist() == [[50.0], [5.5]]
    assert starts(values, 3).tolist() == [[50.0], [10.5], [0.5]]


def test_the_first_of_equally_near_centres_wins() -> None:
    labels, distances = nearest(np.array([[0.0], [0.9]]), np.array([[1.0], [-1.0]]))
    assert labels.tolist() == [0, 0]
    assert distances == pytest.approx([1.0, 0.1])


def test_a_profile_names_the_three_most_notable_features() -> None:
    names = {"label_high": "h", "label_low": "l", "label_high_zh": "高", "label_low_zh": "低"}
    words = [{column: f"{name}{place}" for column, name in names.items()} for place in range(5)]
    centre = np.array([0.6, -2.0, 0.49, 1.0, -0.7])
    assert profile(centre, words) == "l1, h3, l4"
    assert profile(centre, words, "_zh") == "\N{FULLWIDTH COMMA}".join(["低1", "高3", "低4"])
