"""The registry: for every explained mart one YAML file in `rules/`, which says how each column is made.

```yaml
marts: [kpi_daily]                 # marts of the same columns; `$month` is null in the one without months
key: [date]
dimensions: [channel]              # columns that only describe the row
parts:                             # rows of a model below
  orders: {like: orders, filter: order_date = $date}    # `like` takes the rest from rules/_parts.yml
measures: {...}                    # as columns, of what a formula needs and the mart does not hold
columns:
  net_revenue: {parts: orders, sum: net_revenue, where: is_valid, needs: has_orders}
  aov: {mean_amount: [net_revenue, orders]}
```

`$name` is the value of a column of the row, or of a measure. A column has one of
- sum, count, distinct, take (another aggregate): over the rows of `parts` for which `where` holds;
- ratio, mean_amount: numerator and denominator, each a name or SQL; null where the denominator is not above 0;
- value: one SQL value;
- fitted: a function in `fitted.py` that computes the value of a model from its parameters.

needs: flags of inputs without which the value is null; with them, a sum of no rows is 0.
known_if: SQL; the value is null where it does not hold. why: SQL of the reason why a row does not count.
rules: `{seed: condition}`, rows of seeds that decide. also: further parts to show as evidence. terms: further measures.
stored: of a measure, SQL of its value in a model below, with which it is compared.
tolerance: the largest relative difference of a computed value, for models that are fitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_FOLDER: Final = Path(__file__).with_name("rules")
KINDS: Final = ("sum", "count", "distinct", "take", "ratio", "mean_amount", "value", "fitted")


@dataclass(frozen=True)
class PartsRule:
    """Rows of a model below: where they come from, their key, what is shown, and why one does not count.

    is_costly: the rows are worked out once and kept while a cell is explained.
    """

    title: str
    source: str
    key: str
    filter: str = "true"
    show: tuple[str, ...] = ()
    why: str | None = None
    landed: tuple[str, ...] = ()
    raw: Mapping[str, str] = field(default_factory=dict)
    period: tuple[str, str] | None = None
    is_costly: bool = False


@dataclass(frozen=True)
class ColumnRule:
    """How one column is made: its kind, the content of that kind, and what goes with it."""

    kind: str
    content: Any
    formula: str | None = None
    parts: str | None = None
    where: str | None = None
    why: str | None = None
    needs: str | None = None
    known_if: str | None = None
    rules: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    stored: str | None = None
    tolerance: float | None = None


@dataclass(frozen=True)
class MartRule:
    """The rules of one mart."""

    key: tuple[str, ...]
    dimensions: tuple[str, ...]
    parts: Mapping[str, PartsRule]
    measures: Mapping[str, ColumnRule]
    columns: Mapping[str, ColumnRule]

    def of(self, name: str) -> ColumnRule | None:
        """The rule of a column or measure; None for keys, dimensions and unknown names."""
        return self.columns.get(name) or self.measures.get(name)


@cache
def mart_rules() -> Mapping[str, MartRule]:
    """The rules of every mart that has some, by name."""
    shared = yaml.safe_load((_FOLDER / "_parts.yml").read_text(encoding="utf-8"))
    found: dict[str, MartRule] = {}
    for path in sorted(_FOLDER.glob("[!_]*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for mart in document["marts"]:
            found[mart] = _mart_rule(document, shared)
    return found


def _mart_rule(document: Mapping[str, Any], shared: Mapping[str, Any]) -> MartRule:
    return MartRule(
        tuple(document["key"]),
        tuple(document.get("dimensions", ())),
        {name: _parts_rule(entry, shared) for name, entry in document.get("parts", {}).items()},
        {name: _column_rule(name, entry) for name, entry in document.get("measures", {}).items()},
        {name: _column_rule(name, entry) for name, entry in document["columns"].items()},
    )


def _parts_rule(entry: Mapping[str, Any], shared: Mapping[str, Any]) -> PartsRule:
    whole = {**shared.get(entry.get("like", ""), {}), **entry}
    whole.pop("like", None)
    options: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in whole.items()
    }
    return PartsRule(**options)


def _column_rule(name: str, entry: Mapping[str, Any]) -> ColumnRule:
    kinds = [kind for kind in KINDS if kind in entry]
    if len(kinds) != 1:
        raise ValueError(f"{name}: exactly one of {', '.join(KINDS)}")
    others = {option.name for option in fields(ColumnRule)} - {"kind", "content"}
    if unknown := entry.keys() - others - {kinds[0]}:
        raise ValueError(f"{name}: unknown keys {', '.join(sorted(unknown))}")
    options: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in entry.items()}
    content = options.pop(kinds[0])
    return ColumnRule(kinds[0], content, **options)
