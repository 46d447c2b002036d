"""A configuration is checked completely before anything starts. Errors have key, value and what was expected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from running import ROOT
from shopper.errors import BadInput
from shopper.publish.generations import Keep
from shopper.run.config import RunConfig, default_config, read_config

Read = Callable[[str], RunConfig]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a configuration from text. An orders file and its mapping are in the same folder."""
    (tmp_path / "orders.csv").write_text("order_id,ordered_at\n1,2024-01-31\n", encoding="utf-8")
    (tmp_path / "mapping.yml").write_text(
        "sources:\n  orders: {path: orders.csv}\ntables:\n  orders: {source: orders}\n", encoding="utf-8"
    )
    (tmp_path / "gone.yml").write_text(
        "sources:\n  orders: {path: gone.csv}\ntables:\n  orders: {source: orders}\n", encoding="utf-8"
    )

    def run(text: str) -> RunConfig:
        path = tmp_path / "shop.yml"
        path.write_text(text, encoding="utf-8")
        return read_config(path, ROOT)

    return run


def test_a_complete_configuration_is_read(read: Read, tmp_path: Path) -> None:
    (tmp_path / "my lists").mkdir()
    config = read(
        """
        name: gift shop
        load: {mapping: mapping.yml, allow_rejects: 2, accept_drift: true, also_read: [my lists]}
        vars: {reporting_timezone: Europe/London, as_of_date: 2024-01-31, clv_monthly_discount_rate: 0.02}
        select: [+kpi_daily, +customers +orders]
        target: prod
        threads: 4
        memory: 6GB
        warehouse: here/shop.duckdb
        publish: ../out
        keep: {generations: 5, days: 14, reports: 7}
        gates:
          - {table: orders, stale_after: 36 hours}
          - {table: customers, min_rows: 10, then: label}
        unusual: {rows: 0.5}
        """
    )
    assert config.load == tmp_path / "mapping.yml" and config.allow_rejects == 2 and config.accept_drift
    assert config.also_read == (tmp_path / "my lists",)
    assert config.variables["raw_data"] == "source" and config.variables["as_of_date"] == "2024-01-31"
    assert config.select == ("+kpi_daily", "+customers", "+orders")
    assert (config.warehouse, config.publish) == (tmp_path / "here" / "shop.duckdb", tmp_path.parent / "out")
    assert (config.keep, config.keep_reports) == (Keep(5, 14), 7)
    assert (config.gates[0].column, config.gates[0].stale_after) == ("ordered_at", timedelta(hours=36))
    assert (config.gates[1].column, config.gates[1].then) == (None, "label")
    assert (config.unusual.rows, config.unusual.restated) == (0.5, 0.01)


def test_an_empty_file_and_no_file_mean_the_sample_shop(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOPPER_PUBLISH", raising=False)
    monkeypatch.setenv("SHOPPER_WAREHOUSE", str(tmp_path / "env.duckdb"))
    for config in (read(""), default_config(ROOT)):
        assert config.warehouse == tmp_path / "env.duckdb" and config.publish == ROOT / "published"
        assert (config.load, dict(config.variables), config.gates) == (None, {}, ())


def test_options_override_the_file_and_the_file_overrides_the_environment(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPPER_WAREHOUSE", "/elsewhere/env.duckdb")
    assert read("warehouse: file.duckdb").warehouse == tmp_path / "file.duckdb"
    named = read_config(tmp_path / "shop.yml", ROOT, warehouse=tmp_path / "option.duckdb")
    assert named.warehouse == tmp_path / "option.duckdb"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("treads: 2", "unknown key treads; did you mean threads"),
        ("threads: two", "threads is 'two'; expected a whole number, 1 or more"),
        ("threads: 0", "threads is 0; expected a whole number, 1 or more"),
        ("threads: true", "threads is True; expected a whole number"),
        ("memory: 4", "memory is 4; expected an amount such as 500MB or 4GB"),
        ("memory: -4GB", "memory is '-4GB'"),
        ("target: produktion", "target is 'produktion'; expected one of "),
        ("vars: {rfm_window: 30}", "unknown key vars.rfm_window; did you mean rfm_window_days"),
        ("vars: {rfm_window_days: [30]}", "vars.rfm_window_days is [30]; expected text, a number"),
        ("vars: 7", "vars is 7; expected a mapping"),
        ("load: nothing.yml", "load is 'nothing.yml'; expected a mapping file; there is no file"),
        ("load: gone.yml", "source orders: no file"),
        ("load: {allow_rejects: 3}", "load.mapping is None; expected the path of a mapping file"),
        ("load: {mapping: mapping.yml, accept_drift: 1}", "load.accept_drift is 1; expected true or false"),
        ("load: mapping.yml\nvars: {raw_data: sample}", "vars.raw_data is 'sample'; expected source, because load"),
        ("select: [1]", "select is [1]; expected text or a list of texts"),
        ("warehouse: shop.db", "warehouse is 'shop.db'; expected the path of a .duckdb file"),
        ("warehouse: raw.duckdb", "expected a file name other than that of a schema inside it"),
        ("publish: ''", "publish is ''; expected text"),
        ("keep: {generations: 0}", "keep.generations is 0; expected a whole number, 1 or more"),
        ("keep: {day: 3}", "unknown key keep.day; did you mean days"),
        ("gates: {table: orders}", "expected a list of gates"),
        ("gates: [{min_rows: 3}]", "gates[1].table is None; expected a table of the input contract"),
        ("gates: [{table: order, min_rows: 3}]", "gates[1].table is 'order'; expected one of"),
        ("gates: [{table: orders}]", "gate on orders: expected stale_after, min_rows or min_day_share"),
        ("gates: [{table: orders, stale_after: 3 weeks}]", "stale_after is '3 weeks'; expected an age such as"),
        ("gates: [{table: orders, stale_after: 3}]", "gates[1].stale_after is 3; expected an age such as"),
        ("gates: [{table: orders, min_day_share: 1.5}]", "is 1.5; expected a number above 0, at most 1"),
        ("gates: [{table: customers, stale_after: 2 days}]", "expected one of registered_at, birth_date, updated_at"),
        ("gates: [{table: orders, min_rows: 1, column: status}]", "gates[1].column is 'status'; expected one of"),
        (
            "gates: [{table: orders, min_rows: 1, then: ignore}]",
            "then is 'ignore'; expected one of hold, label",
        ),
        ("unusual: {rows: .nan}", "unusual.rows is nan; expected a number above 0"),
        ("threads: 2\nthreads: 3", "duplicate key threads"),
        ("- threads", "expected a mapping"),
        ("threads: [", "not valid YAML"),
        ("threads: 100000000000000000000", "expected a whole number, 1 or more, at most 256"),
        ("keep: {days: 1000000}", "keep.days is 1000000; expected a whole number, 0 or more, at most 36500"),
        ("keep: {generations: 99999999999999999999999}", "expected a whole number, 1 or more"),
        ("gates: [{table: orders, stale_after: 99999999999 days}]", "expected an age such as"),
        ("{warehouse: d/shop.duckdb, publish: here/../d}", "publish is "),
        ("vars: {as_of_date: 2024-02-30}", "not valid YAML: day is out of range for month"),
        ("name: " + "[" * 5000 + "]" * 5000, "nested too deeply"),
        (
            "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{b}: &{b} [{f'*{a},' * 10}]\n" for a, b in pairwise("abcdefgh")),
            "has more than 200,000 entries with its aliases expanded",
        ),
        ("name: &me [*me]", "has more than 200,000 entries"),
        ('warehouse: "shop\\0.duckdb"', "expected text on one line"),
        ("warehouse: [shop.duckdb]", "warehouse is ['shop.duckdb']; expected text"),
        ("publish: ~nosuchuser/published", "~nosuchuser/published: "),
        ("name: {a: b}", "name is {'a': 'b'}; expected text"),
    ],
)
def test_mistakes_are_reported(text: str, message: str, read: Read) -> None:
    with pytest.raises(BadInput) as raised:
        read(text)
    assert message in str(raised.value)
    assert "shop.yml" in str(raised.value) or message.startswith(("source ", "~"))


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.yml: can't be read"):
        read_config(tmp_path / "none.yml", ROOT)


def test_vars_of_the_command_line_are_checked(read: Read) -> None:
    config = read("vars: {rfm_window_days: 30}").with_variables({"rfm_window_days": 60})
    assert config.variables["rfm_window_days"] == 60
    with pytest.raises(BadInput, match="--vars: unknown key rfm_window; did you mean rfm_window_days"):
        config.with_variables({"rfm_window": 60})


def test_a_shop_is_not_overwritten_by_the_sample(read: Read) -> None:
    config = read("load: mapping.yml")
    with pytest.raises(BadInput, match="raw_data is 'sample'; expected source, because load is given"):
        config.with_variables({"raw_data": "sample"})


def test_the_example_configuration_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    example = ROOT / "examples" / "run" / "shop.yml"
    monkeypatch.setenv("SHOP_EXPORTS", str(ROOT / "seeds" / "raw"))
    config = read_config(example, ROOT)
    assert config.load is not None and config.gates
