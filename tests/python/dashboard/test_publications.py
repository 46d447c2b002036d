"""Publications that change, that are missing or older, and text of the data that looks like code."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from shops import Open, changed, publish_again

from shopper.dashboard.reading import current_generation
from shopper.dashboard.view import View


def test_without_a_publication_the_page_says_what_to_do(tmp_path: Path, open_page: Open) -> None:
    for language, word in (("en", "Publish first"), ("zh", "请先发布")):
        shown = open_page("today", language, tmp_path)
        assert [word in one.value for one in shown.info] == [True]
        assert list(shown.exception) == []


def test_a_file_that_is_no_database_is_one_sentence(
    publications: Callable[[str], Path], tmp_path: Path, open_page: Open
) -> None:
    folder = changed(publications("sample"), tmp_path)
    (folder / "current" / "shopper.duckdb").write_bytes(b"half")
    shown = open_page("today", "en", folder)
    assert len(shown.info) == 1 and list(shown.exception) == []


def test_an_older_publication_lacks_marts_and_columns(
    publications: Callable[[str], Path], tmp_path: Path, open_page: Open
) -> None:
    folder = changed(
        publications("sample"),
        tmp_path,
        "drop table marts.kpi_monthly",
        "alter table marts.revenue_tree drop column items_per_order_part",
        "drop table audit.reporting_settings",
        "drop table audit.row_ledger",
    )
    shown = open_page("today", "en", folder)
    assert list(shown.exception) == []
    assert "marts.kpi_monthly" in shown.container("panel-kpis").info[0].value
    assert "marts.revenue_tree" in shown.container("panel-revenue_parts").info[0].value
    assert "unknown date" in shown.container("state").markdown[0].value


def test_definitions_are_in_the_language_of_the_page(
    publications: Callable[[str], Path], tmp_path: Path, open_page: Open
) -> None:
    """In English where an older publication has no Chinese."""

    def defined(language: str, folder: Path) -> list[list[str]]:
        shown = open_page("service", language, folder)
        assert list(shown.exception) == []
        (expander,) = (one for one in shown.expander if one.label == {"en": "Definitions", "zh": "定义"}[language])
        frames = [one.value for one in expander.dataframe]
        words = ["metric", "unit", "description", "meaning"]
        return [[str(value) for name in words if name in frame for value in frame[name]] for frame in frames]

    chinese, english = defined("zh", publications("sample")), defined("en", publications("sample"))
    assert [len(texts) for texts in chinese] == [len(texts) for texts in english] and len(chinese) == 2
    assert [text for texts in chinese for text in texts if not re.search(r"[\u4e00-\u9fff]", text)] == []
    older = changed(
        publications("sample"),
        tmp_path,
        "alter table meta.tables drop column description_zh",
        "alter table meta.metrics drop column description_zh",
    )
    assert defined("zh", older)[1] == english[1]


def test_a_new_publication_is_shown_by_the_next_rerun(
    built: Path, tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = tmp_path / "shopper.duckdb"
    shutil.copy(built, warehouse)
    folder = publish_again(warehouse)
    shown = open_page("customers", "en", folder)
    before = current_generation(folder)
    count = len(shown.container("panel-winback").dataframe[0].value)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "delete from marts.winback_candidates"
            " where customer_id = (select max(customer_id) from marts.winback_candidates)"
        )
    publish_again(warehouse)
    shutil.rmtree(before.folder)
    # The generation that a rerun has begun with stays whole after it is removed from the disk.
    pinned = View(before, "en", {})
    assert len(pinned.csv("winback").splitlines()) == count + 1
    shown.run()
    assert list(shown.exception) == []
    assert len(shown.container("panel-winback").dataframe[0].value) == count - 1
    assert current_generation(folder).folder.name in shown.container("state").caption[0].value


def test_the_connection_reads_nothing_but_the_publication(publications: Callable[[str], Path]) -> None:
    connection = current_generation(publications("sample")).connection.cursor()
    for statement in (
        "create table marts.x as select 1",
        "select * from read_text('/etc/hostname')",
        "set enable_external_access = true",
        "attach ':memory:' as other",
    ):
        with pytest.raises(duckdb.Error):
            connection.execute(statement).fetchall()


def test_a_download_has_all_rows_and_no_formula(publications: Callable[[str], Path], tmp_path: Path) -> None:
    folder = changed(
        publications("sample"),
        tmp_path,
        "update marts.winback_candidates set last_viewed_products = '=cmd|''/c calc''!A1'",
        "insert into marts.winback_candidates by name"
        " select candidates.* replace (customer_id || '-' || i as customer_id)"
        " from marts.winback_candidates as candidates cross join range(3) as numbers(i)",
    )
    generation = current_generation(folder)
    text = View(generation, "zh", {}).csv("winback").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    expected = generation.connection.cursor().execute("select count(*) from marts.winback_candidates").fetchone()
    assert expected and len(rows) == expected[0] > 500
    assert {row["最近浏览"] for row in rows} == {"'=cmd|'/c calc'!A1"}
    assert "涉及金额 (CNY)" in rows[0]


def test_text_of_the_data_is_shown_as_it_is(
    publications: Callable[[str], Path], tmp_path: Path, open_page: Open
) -> None:
    text = "![x](http://example.com/x.png) <img src=x onerror=alert(1)> $x$ :red[y]"
    folder = changed(publications("sample"), tmp_path, f"update marts.attention_list set evidence = '{text}'")
    shown = open_page("today", "en", folder)
    written = [one.value for one in shown.markdown if "example" in one.value]
    assert written
    for one in written:
        assert one.replace("\\", "") == text
        assert "\\!\\[x\\]\\(" in one and "\\<img" in one and "\\$x" in one and "\\:red\\[" in one
