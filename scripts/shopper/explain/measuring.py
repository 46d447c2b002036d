"""Takes a value apart by its rule, computes it again, and compares."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from shopper.explain import fitted
from shopper.explain.collecting import collected
from shopper.explain.explanation import Measure, Parts, Rule
from shopper.explain.rules import ColumnRule, MartRule
from shopper.explain.warehouse import Warehouse, filled, names_in, relations_of

_DIGITS: Final = 1e-9
"""Doubles of the marts have ten significant digits."""
_UNTOLD: Final = "null: nothing enters, and the inputs of the shop do not tell whether that is nothing"
_PUBLISHED: Final = "this file, which holds what is published"
_MOST_RULES: Final = 20
_Recomputed = tuple[Any, tuple[Parts, ...], Mapping[str, Any]]
_AGGREGATES: Final = {"sum": "sum({})", "count": "count(*)", "distinct": "count(distinct {})", "take": "{}"}


class Measuring:
    """The measures of one row of a mart. Each is worked out once, though several formulas name it."""

    def __init__(self, warehouse: Warehouse, mart: MartRule, row: Mapping[str, Any], rows: int) -> None:
        """`row`: the row of the mart. `rows`: how many parts to show of each value."""
        self._warehouse = warehouse
        self._mart = mart
        self._row = row
        self._rows = rows
        self._known: dict[str, Measure] = {}

    def measure(self, name: str) -> Measure:
        """A column of the row, or a measure behind it, with everything below."""
        if name not in self._known:
            self._known[name] = self._work_out(name)
        return self._known[name]

    def _work_out(self, name: str) -> Measure:
        rule = self._mart.of(name)
        value = self._row.get(name)
        if rule is None:
            kind = "key" if name in self._mart.key else "dimension"
            return Measure(name, kind, value, "a key of the row" if kind == "key" else "describes the row")
        terms = tuple(self.measure(term) for term in self._terms(rule))
        further = (self.measure(name) for name in rule.terms)
        terms += tuple(term for term in further if term.value is not None and term not in terms)
        if absent := self._missing(rule):
            unchecked = f"not checked: {', '.join(absent)} not in {_PUBLISHED}"
            return Measure(name, rule.kind, value, _formula(name, rule), note=unchecked, terms=terms)
        values = {**self._row, **{term.name: term.value for term in terms}}
        closed = self._closed(rule, values)
        recomputed, parts, inputs = (None, (), {}) if closed else self._recomputed(rule, values)
        note = closed or (self._reason_of_null(rule, values) if recomputed is None else None)
        if value is None and recomputed is not None and rule.needs and parts and not parts[0].count:
            recomputed, note = None, _UNTOLD
        if rule.stored:
            value = self._warehouse.value(f"select {filled(rule.stored, values)}")
        is_shown = name in self._mart.columns or rule.stored is not None
        adds_up = is_same(value, recomputed, rule.tolerance or _DIGITS) if is_shown else True
        unknown = [term.name for term in terms if self._is_unknown(term)]
        if unknown and (not is_shown or recomputed is None or not adds_up):
            unchecked = (
                f"not checked: {', '.join(unknown)} can't be known from this file, which holds what is published"
            )
            return Measure(name, rule.kind, value, _formula(name, rule), note=unchecked, terms=terms)
        return Measure(
            name,
            rule.kind,
            value if is_shown else recomputed,
            _formula(name, rule),
            recomputed,
            adds_up,
            note,
            (*parts, *(self._collected(one, None, values, "count(*)", "1")[0] for one in rule.also)),
            self._rules(rule, values),
            terms,
            inputs,
        )

    def _is_unknown(self, term: Measure) -> bool:
        """Whether the file holds neither the value of a measure nor what it is made of."""
        is_in_row = term.name in self._mart.columns or term.kind in ("key", "dimension")
        return term.value is None and term.adds_up is None and not is_in_row

    def _terms(self, rule: ColumnRule) -> list[str]:
        """The measures that the rule's formula combines."""
        texts = [rule.content] if rule.kind == "value" else list(rule.content) if _is_quotient(rule) else []
        if rule.kind == "fitted":
            return [name for name in fitted.terms(rule.content) if self._mart.of(name)]
        named = [one for text in texts for one in ([text] if text.isidentifier() else names_in(text))]
        conditions = " ".join(text for text in (rule.known_if, rule.where, rule.why) if text)
        named += [one for one in names_in(conditions) if one in self._mart.measures]
        return [name for name in dict.fromkeys(named) if self._mart.of(name)]

    def _missing(self, rule: ColumnRule) -> list[str]:
        """What the rule reads and the file lacks: relations, and flags of inputs."""
        sql = [rule.content] if rule.kind == "value" else []
        sql += [self._mart.parts[one].source for one in (rule.parts, *rule.also) if one]
        sql += [self._mart.parts[one].filter for one in (rule.parts, *rule.also) if one]
        sql += [text for text in (rule.where, rule.why, rule.known_if) if text]
        absent = [one for text in sql for one in self._warehouse.missing(text)]
        absent += [one for one in fitted.relations(rule) if not self._warehouse.has(one)]
        flags = [word for word in (rule.needs or "").split() if word.startswith("has_")]
        return list(dict.fromkeys(absent + [flag for flag in flags if flag not in self._warehouse.flags()]))

    def _closed(self, rule: ColumnRule, values: Mapping[str, Any]) -> str | None:
        """Why the value is null whatever the parts are; None where it is not."""
        if rule.needs:
            known = self._warehouse.flags()
            flags = [word.strip("()") for word in rule.needs.split() if word.strip("()").startswith("has_")]
            columns = ", ".join(f"{'true' if known[flag] else 'false'} as {flag}" for flag in flags)
            if not self._warehouse.value(f"select {rule.needs} from (select {columns})"):
                lacking = ", ".join(flag.removeprefix("has_") for flag in flags if not known[flag])
                return f"null: not landed ({lacking.replace('_', ' ')})"
        if rule.known_if and not self._warehouse.value(f"select {filled(rule.known_if, values)}"):
            return f"null: only known where {_readable(rule.known_if)}"
        return None

    def _recomputed(self, rule: ColumnRule, values: Mapping[str, Any]) -> _Recomputed:
        if rule.parts:
            each = "1" if rule.content == "all" or rule.kind == "distinct" else filled(str(rule.content), values)
            aggregate = _AGGREGATES[rule.kind].format(each if rule.kind != "distinct" else rule.content)
            parts, total = self._collected(rule.parts, rule, values, filled(aggregate, values), each)
            return 0 if total is None and rule.needs else total, (parts,), {}
        if rule.kind == "fitted":
            inputs, value = fitted.computed(rule.content, self._warehouse, values)
            return value, (), inputs
        if _is_quotient(rule):
            upper, lower = (self._term_value(text, values) for text in rule.content)
            return _quotient(rule.kind, upper, lower), (), {"numerator": upper, "denominator": lower}
        return self._warehouse.value(f"select {filled(rule.content, values)}"), (), {}

    def _term_value(self, text: str, values: Mapping[str, Any]) -> Any:
        return values.get(text) if text.isidentifier() else self._warehouse.value(f"select {filled(text, values)}")

    def _collected(
        self, name: str, rule: ColumnRule | None, values: Mapping[str, Any], aggregate: str, each: str
    ) -> tuple[Parts, Any]:
        return collected(self._warehouse, self._mart.parts[name], rule, values, aggregate, each, self._rows)

    def _rules(self, rule: ColumnRule, values: Mapping[str, Any]) -> tuple[Rule, ...]:
        """The rows of seeds that decide, as far as the file holds them."""
        return tuple(
            Rule(
                seed,
                tuple(
                    self._warehouse.rows(
                        f"select * from reference.{seed} where {filled(condition, values)} limit {_MOST_RULES}"
                    )
                ),
            )
            for seed, condition in rule.rules.items()
            if self._warehouse.has(f"reference.{seed}")
        )

    def _reason_of_null(self, rule: ColumnRule, values: Mapping[str, Any]) -> str:
        if not _is_quotient(rule):
            return "null: nothing enters"
        upper, lower = (self._term_value(text, values) for text in rule.content)
        names = [_readable(text) for text in rule.content]
        unknown = [name for name, value in zip(names, (upper, lower), strict=True) if value is None]
        return f"null: {' and '.join(unknown)} not known" if unknown else f"null: {names[1]} is not above 0"


def relations_read(mart: MartRule, name: str) -> tuple[str, ...]:
    """The relations that the rule of a column reads, those of its terms left out."""
    rule = mart.of(name)
    if rule is None:
        return ()
    sources = [mart.parts[one].source for one in (rule.parts, *rule.also) if one]
    sources += [rule.content] if rule.kind == "value" else []
    return tuple(dict.fromkeys(one for sql in sources for one in (*relations_of(sql), *fitted.relations(rule))))


def is_same(value: Any, recomputed: Any, tolerance: float) -> bool:
    """Whether two values are equal: exactly, or where one is a double within the relative tolerance."""
    if value is None or recomputed is None:
        return value is None and recomputed is None
    if isinstance(value, float) or isinstance(recomputed, float):
        return math.isclose(float(value), float(recomputed), rel_tol=tolerance, abs_tol=1e-12)
    if tolerance > _DIGITS and isinstance(value, Decimal):
        last_digit = 10.0 ** int(value.as_tuple().exponent)
        return math.isclose(value, Decimal(recomputed), rel_tol=tolerance, abs_tol=1.001 * last_digit)
    return bool(value == recomputed)


def _is_quotient(rule: ColumnRule) -> bool:
    return rule.kind in ("ratio", "mean_amount")


def _quotient(kind: str, upper: Any, lower: Any) -> Any:
    if upper is None or lower is None or lower <= 0:
        return None
    if kind == "ratio":
        return float(upper) / float(lower)
    return (Decimal(upper) / Decimal(lower)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _formula(name: str, rule: ColumnRule) -> str:
    if rule.formula:
        return rule.formula
    where = f" where {_readable(rule.where)}" if rule.where else ""
    if rule.kind == "sum":
        return f"sum of {_readable(rule.content)}{where}"
    if rule.kind == "count":
        return f"number of rows{where}"
    if rule.kind == "distinct":
        return f"number of different {_readable(rule.content)}{where}"
    if _is_quotient(rule):
        return " / ".join(f"({one})" if " " in one else one for one in map(_readable, rule.content))
    return f"{_readable(str(rule.content))}{where}" if rule.kind != "fitted" else name


def _readable(sql: str) -> str:
    return " ".join(sql.replace("$", "").split())
