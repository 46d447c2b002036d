"""What is shown while something lasts: a live line on a terminal, lines in a log, nothing where output is parsed."""

from __future__ import annotations

import io
import json
from pathlib import Path

from operated_shop import Shop
from rich.console import Console

from running import Shopper
from shopper.doctor.diagnosis import CHECKS, diagnose
from shopper.progress import Lines, Progress, progress_for


class Recorded(Progress):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def step(self, name: str) -> None:
        self.told.append(name)

    def detail(self, text: str) -> None:
        self.told.append(text)

    def done(self, name: str, outcome: str, seconds: float, note: str) -> None:
        self.told.append(f"{name} {outcome} {note}")


def small_mapping(folder: Path) -> Path:
    """A mapping of one file with one order."""
    (folder / "orders.csv").write_text("order_id,ordered_at\n1,2024-01-31\n", encoding="utf-8")
    path = folder / "mapping.yml"
    path.write_text("sources:\n  orders: {path: orders.csv}\ntables:\n  orders: {source: orders}\n", encoding="utf-8")
    return path


def test_a_terminal_has_a_live_bar_and_a_log_has_lines() -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=120)
    shown = progress_for(terminal)
    shown.step("build")
    shown.part(30, 120, "int_orders")
    shown.done("build", "ok", 2.5, "4 models")
    assert isinstance(terminal.file, io.StringIO)
    assert "━━━━━━······" in terminal.file.getvalue() and "30 of 120  int_orders" in terminal.file.getvalue()
    assert "2.5 s" in terminal.file.getvalue() and "4 models" in terminal.file.getvalue()

    log = Console(file=io.StringIO())
    lines = progress_for(log)
    assert isinstance(lines, Lines) and isinstance(log.file, io.StringIO)
    lines.step("build")
    lines.part(30, 120, "int_orders")  # not yet: the step has only started
    lines.done("build", "ok", 2.5, "4 models")
    said = [line.split("s ", 1)[1] for line in log.file.getvalue().splitlines()]
    assert said == ["build: started", "build: ok in 2.5 s, 4 models"]


def test_doctor_tells_what_it_reads_and_checks(tmp_path: Path, warehouse: Path) -> None:
    recorded = Recorded()
    diagnose(small_mapping(tmp_path), warehouse=warehouse, progress=recorded)
    assert recorded.told[:2] == ["read", "reading orders"]
    assert "read ok 1 rows in 1 tables" in recorded.told
    assert [told for told in recorded.told if " of " in told][-1] == f"{len(CHECKS)} of {len(CHECKS)}: repeated views"
    assert recorded.told[-1] == f"examine ok {len(CHECKS)} checks"


def test_parsed_output_has_no_progress(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    mapping = small_mapping(tmp_path)
    assert json.loads(shopper("doctor", mapping, "--json").output)["findings"]
    assert "examine: started" not in shopper("doctor", mapping, "--quiet").output
    assert "examine: started" in shopper("doctor", mapping).output


def test_a_build_prints_progress_and_only_what_failed(shop: Shop) -> None:
    variables = "{raw_data: source}"
    environment = {**shop.environment, "SHOPPER_WAREHOUSE": str(shop.warehouse)}
    built = shop.processes.run("build", "--", "--vars", variables, environment=environment)
    assert built.process.exitcode == 0, built.output
    assert "build: ok in" in built.output and " models" in built.output and "unique_key" not in built.output

    shop.orders(more="select 'o7' as order_id, 'c1' as customer_id, '2024-01-05' as ordered_at, '1' as total_amount")
    mapping = shop.folder / "shop_mapping.yml"
    loaded = shop.processes.run("load", mapping, environment=environment)
    assert loaded.process.exitcode == 0, loaded.output
    failed = shop.processes.run("build", "--", "--vars", variables, environment=environment)
    assert failed.process.exitcode == 1
    assert "fail: test unique_key_orders_order_id" in failed.output
    assert "key_part_1=o7, occurrences=2" in failed.output
    assert "1 failed" in failed.output
    assert "int_orders" not in failed.output.replace("unique_key_int_orders", "")  # what passed has no line


def test_an_option_that_dbt_does_not_have_is_an_error(shop: Shop) -> None:
    call = shop.processes.run("build", "--", "--selec", "orders", environment=shop.environment)
    assert call.process.exitcode == 1 and "No such option '--selec'" in call.output
