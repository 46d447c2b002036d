"""The catalogue of metrics: what a reader without dbt needs to name, explain and compute them.

`metrics.json` in a generation, made from dbt's manifest:

    format            1
    metrics           list, by name:
      name            such as `aov`
      label, label_zh
      description     one sentence
      unit            money, count, share (0 to 1), ratio, points, stars, seconds, hours, days, months or number
      decimals        digits after the point to show
      currency        ISO code of an amount of money; null for other units
      definition      {name, file, text}: the doc block that says what it means, and the page that holds it
      is_part         true: a numerator or denominator that another metric is made of, not for a list of metrics
      parts           list of {name, mart, aggregate, filter}: sums over one mart each, as SQL; filter null: all rows
      formula         SQL over the names of the parts; a rate is one sum divided by another, null where that is 0
      grains          day, week, month, quarter, year, as far as the marts go
      dimensions      names by which every part can be cut
    dimensions        {name: {label, label_zh}}; `customer__customer_tier` comes from the customer of the row
    marts             {mart: {time_column, grain, dimensions: {name: column}}}; a column is {column}, or
                      {column, mart, from, to} where it is joined: mart.to = from
    saved_queries     list of {name, label, label_zh, description, metrics, dimensions, grain}: the usual questions

A metric that a shop adds without `meta` has its label in both languages, the unit number and no definition (null). One
that is neither a sum, count, mean, minimum or maximum over one mart nor a formula of such parts is left out: MetricFlow
alone answers cumulative and conversion metrics, offsets, and filters of inputs or of joined tables.

A published file holds it as the table `meta.metrics` too, a row for each metric, lists joined by `, `. Only metrics
whose marts are published are in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from shopper.yaml_files import StrictLoader, read_yaml

GRAINS: Final = ("day", "week", "month", "quarter", "year")
_DIMENSION: Final = re.compile(r"\{\{\s*Dimension\(\s*'(\w+)__(\w+)'\s*\)\s*\}\}")
_AGGREGATES: Final = {
    "sum": "sum({})",
    "count": "count({})",
    "count_distinct": "count(distinct {})",
    "average": "avg({})",
    "min": "min({})",
    "max": "max({})",
}
_CAST: Final = re.compile(r"cast\(([^()]+) as double\)")
_GUARD: Final = re.compile(r"nullif\(([^()]+), 0\)")
_OFFSETS: Final = ("filter", "offset_window", "offset_to_grain")
_LABELS: Final = Path(__file__).with_name("dimensions.yml")


def catalogue(manifest: Mapping[str, Any], published: Collection[str] | None = None) -> dict[str, Any]:
    """The catalogue of a manifest. `published`: marts that readers have; None: all."""
    return _Catalogue(manifest, published).document()


@dataclass(frozen=True)
class _Catalogue:
    manifest: Mapping[str, Any]
    published: Collection[str] | None

    def document(self) -> dict[str, Any]:
        metrics = [self._metric(node) for name, node in sorted(self._metrics.items()) if self._is_plain(name)]
        kept = [metric for metric in metrics if all(self._is_published(part["mart"]) for part in metric["parts"])]
        used = {part["mart"] for metric in kept for part in metric["parts"]}
        names = {name for metric in kept for name in metric["dimensions"]}
        return {
            "format": 1,
            "metrics": kept,
            "dimensions": {name: self._labels[name.rpartition("__")[2]] for name in sorted(names)},
            "marts": {mart: self._marts[mart] for mart in sorted(used)},
            "saved_queries": list(self._saved_queries({metric["name"] for metric in kept})),
        }

    @cached_property
    def _metrics(self) -> dict[str, dict[str, Any]]:
        return {node["name"]: node for node in self.manifest["metrics"].values()}

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        """Labels of dimensions by column; a column without labels serves filters only."""
        loaded: dict[str, dict[str, str]] = read_yaml(_LABELS, StrictLoader)
        return loaded

    @cached_property
    def _models(self) -> dict[str, dict[str, Any]]:
        return {node["name"]: node for node in self.manifest["semantic_models"].values()}

    @cached_property
    def _marts(self) -> dict[str, dict[str, Any]]:
        return {name: self._mart(model) for name, model in self._models.items()}

    def _mart(self, model: Mapping[str, Any]) -> dict[str, Any]:
        times = {row["name"]: row for row in model["dimensions"] if row["type"] == "time"}
        time = times[model["defaults"]["agg_time_dimension"]]
        dimensions = dict(self._own_dimensions(model))
        for entity in model["entities"]:
            other = self._primary.get(entity["name"])
            if entity["type"] == "foreign" and other and self._is_published(other["name"]):
                key = next(row for row in other["entities"] if row["name"] == entity["name"])
                join = {"mart": other["name"], "from": _column(entity), "to": _column(key)}
                for name, column in self._own_dimensions(other):
                    dimensions[f"{entity['name']}__{name}"] = {**column, **join}
        return {
            "time_column": _column(time),
            "grain": time["type_params"]["time_granularity"],
            "dimensions": dimensions,
        }

    @cached_property
    def _primary(self) -> dict[str, dict[str, Any]]:
        """Semantic models by the entity of which they have one row each."""
        return {
            entity["name"]: model
            for model in self._models.values()
            for entity in model["entities"]
            if entity["type"] == "primary"
        }

    def _own_dimensions(self, model: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
        for row in model["dimensions"]:
            if row["type"] == "categorical" and row["name"] in self._labels:
                yield row["name"], {"column": _column(row)}

    def _is_plain(self, name: str) -> bool:
        """Whether the metric is a formula over sums of marts, which this catalogue can say."""
        node = self._metrics[name]
        params = node["type_params"]
        if node["type"] == "simple":
            aggregation = params["metric_aggregation_params"]
            return (
                aggregation["agg"] in _AGGREGATES
                and not aggregation["non_additive_dimension"]
                and not any("{{" in self._sql(name, text) for text in _filters(node))
            )
        inputs = _inputs(params)
        return (
            node["type"] in {"ratio", "derived"}
            and not _filters(node)
            and not any(given[what] for given in inputs for what in _OFFSETS)
            and all(self._is_plain(given["name"]) for given in inputs)
        )

    def _metric(self, node: Mapping[str, Any]) -> dict[str, Any]:
        meta = node["config"]["meta"]
        parts = list({part["name"]: part for part in self._parts(node["name"])}.values())
        marts = [self._marts[part["mart"]] for part in parts]
        formula = self._formula(node["name"])
        finest = max(GRAINS.index(mart["grain"]) for mart in marts)
        shared = set.intersection(
            *(set(mart["dimensions"]) - self._fixed(part) for mart, part in zip(marts, parts, strict=True))
        )
        return {
            "name": node["name"],
            "label": node["label"],
            "label_zh": meta.get("label_zh", node["label"]),
            "description": node["description"],
            "description_zh": meta.get("description_zh", node["description"]),
            "unit": meta.get("unit", "number"),
            "decimals": meta.get("decimals", 2),
            "currency": meta.get("currency") if meta.get("unit") == "money" else None,
            "definition": self._definition(meta.get("definition")),
            "is_part": meta.get("is_part", False),
            "parts": parts,
            "formula": formula,
            "formula_zh": re.sub(r"\w+", self._chinese, _plain(formula)),
            "grains": list(GRAINS[finest:]),
            "dimensions": sorted(shared),
        }

    def _parts(self, name: str) -> Iterator[dict[str, Any]]:
        node = self._metrics[name]
        params = node["type_params"]
        if node["type"] == "simple":
            aggregation = params["metric_aggregation_params"]
            yield {
                "name": name,
                "mart": self._models[aggregation["semantic_model"]]["node_relation"]["alias"],
                "aggregate": _AGGREGATES[aggregation["agg"]].format(params["expr"]),
                "filter": " and ".join(self._sql(name, text) for text in _filters(node)) or None,
            }
        for given in _inputs(params):
            yield from self._parts(given["name"])

    def _formula(self, name: str) -> str:
        node = self._metrics[name]
        params = node["type_params"]
        if node["type"] == "simple":
            return name
        if node["type"] == "ratio":
            top, bottom = (self._formula(given["name"]) for given in _inputs(params))
            return f"cast({top} as double) / nullif({bottom}, 0)"
        formula = str(params["expr"])
        for given in _inputs(params):
            formula = re.sub(rf"\b{given['alias'] or given['name']}\b", self._formula(given["name"]), formula)
        return formula

    def _chinese(self, word: re.Match[str]) -> str:
        """The Chinese label of a metric in a formula; any other word as it is."""
        node = self._metrics.get(word[0])
        return str(node["config"]["meta"].get("label_zh", node["label"])) if node else word[0]

    def _sql(self, name: str, template: str) -> str:
        """A filter of a metric as SQL over the columns of its mart. What is no column of it stays as it is."""
        model = self._models[self._metrics[name]["type_params"]["metric_aggregation_params"]["semantic_model"]]
        own = {row["name"] for row in model["entities"] if row["type"] == "primary"} | {model["primary_entity"]}
        columns = {row["name"]: _column(row) for row in model["dimensions"]}
        return _DIMENSION.sub(lambda found: columns.get(found[2], found[0]) if found[1] in own else found[0], template)

    def _fixed(self, part: Mapping[str, Any]) -> set[str]:
        """Dimensions that the part's filter names."""
        return set(re.findall(r"\w+", part["filter"] or ""))

    def _definition(self, name: str | None) -> dict[str, str] | None:
        block = next((row for key, row in self.manifest["docs"].items() if key.split(".")[-1] == name), None)
        if name is None or block is None:
            return None
        return {"name": name, "file": block["original_file_path"], "text": " ".join(block["block_contents"].split())}

    def _is_published(self, mart: str) -> bool:
        return self.published is None or mart in self.published

    def _saved_queries(self, metrics: Collection[str]) -> Iterator[dict[str, Any]]:
        for node in sorted(self.manifest["saved_queries"].values(), key=lambda row: str(row["name"])):
            asked = node["query_params"]["metrics"]
            if not set(asked) <= set(metrics):
                continue
            groups = node["query_params"]["group_by"]
            yield {
                "name": node["name"],
                "label": node["label"],
                "label_zh": node["config"]["meta"].get("label_zh", node["label"]),
                "description": node["description"],
                "description_zh": node["config"]["meta"].get("description_zh", node["description"]),
                "metrics": asked,
                "dimensions": [name for group in groups for name in self._plain_dimension(group, asked)],
                "grain": next((found[1] for group in groups if (found := _TIME.search(group))), None),
            }

    def _plain_dimension(self, group: str, asked: Collection[str]) -> Iterator[str]:
        """The catalogue's name for `Dimension('order__channel')`: `channel`, where order is the mart's own row."""
        found = re.search(r"^Dimension\(\s*'(\w+)__(\w+)'", group)
        if found:
            own = {
                name
                for metric in asked
                for part in self._parts(metric)
                for name in self._marts[part["mart"]]["dimensions"]
            }
            joined = f"{found[1]}__{found[2]}"
            yield joined if joined in own else found[2]


_TIME: Final = re.compile(r"TimeDimension\('\w+', '(\w+)'\)")


def _plain(formula: str) -> str:
    """A formula as a reader writes it: without the casts and guards that SQL needs."""
    for sql in (_CAST, _GUARD):
        formula = sql.sub(r"\1", formula)
    return formula.replace("/", "÷").replace("*", "\u00d7")


def _filters(node: Mapping[str, Any]) -> list[str]:
    return [row["where_sql_template"] for row in (node["filter"] or {}).get("where_filters", [])]


def _inputs(params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    pair = [params[side] for side in ("numerator", "denominator") if params.get(side)]
    return pair or list(params.get("metrics") or [])


def _column(row: Mapping[str, Any]) -> str:
    return str(row["expr"] or row["name"])
