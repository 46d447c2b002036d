"""Every page in both languages, of a whole shop, of one with orders only and of an empty one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from shops import APP, Open

from shopper.explain.rules import mart_rules

PAGES = tuple(path.stem for path in sorted((APP.parent / "screens").glob("*.py")))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts_of(page: Any) -> list[str]:
    """What the page itself writes: titles, captions, messages, labels of choices."""
    kinds = ("title", "subheader", "caption", "info", "warning")
    return [one.value for kind in kinds for one in getattr(page, kind)] + [one.label for one in page.selectbox]


@pytest.mark.parametrize("shop", ["sample", "orders", "empty"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_its_panels_or_what_is_missing(
    page: str, language: str, shop: str, publications: Callable[[str], Path], open_page: Open
) -> None:
    shown = open_page(page, language, publications(shop))
    assert [one.message for one in shown.exception] == []
    panels = re.findall(
        r'panel\(\s*view,\s*"(\w+)"', (APP.parent / "screens" / f"{page}.py").read_text(encoding="utf-8")
    )
    assert panels or page == "data"
    for name in panels:
        panel = shown.container(f"panel-{name}")
        assert list(panel.subheader) and len(panel.caption) >= 2
        assert panel.dataframe or panel.info, name
        assert len(panel.download_button) == len(panel.dataframe), name
    if shop == "sample":
        assert [one.value for one in shown.info] == []
    wrong = [text for text in texts_of(shown) if bool(CHINESE.search(text)) != (language == "zh")]
    assert wrong == []


def test_an_empty_panel_names_the_tables_that_are_missing(publications: Callable[[str], Path], open_page: Open) -> None:
    shown = open_page("service", "en", publications("orders"))
    assert "survey_responses" in shown.container("panel-nps_months").info[0].value
    assert "shopper run" in shown.container("panel-nps_months").info[0].value
    shown = open_page("today", "en", publications("empty"))
    assert "orders" in shown.container("panel-attention").info[0].value


def test_null_is_unknown_and_never_0(publications: Callable[[str], Path], open_page: Open) -> None:
    """A shop with orders only has no sessions: their number is not known."""
    shown = open_page("today", "en", publications("orders"))
    values = {one.label: one.value for one in shown.metric}
    assert values["Conversion rate"] == "unknown"
    assert values["Orders"] not in {"unknown", "0"}


def test_texts_stand_in_both_languages() -> None:
    texts = yaml.safe_load((APP.parent / "texts.yml").read_text(encoding="utf-8"))
    pairs = {f"columns.{name}": entry[1:] for name, entry in texts["columns"].items()}
    for group in ("ui", "pages", "values", "units"):
        pairs |= {f"{group}.{name}": entry for name, entry in texts[group].items()}
    for panel, entries in texts["panels"].items():
        pairs |= {f"{panel}.{name}": entry for name, entry in entries.items()}
    wrong = {
        name: pair
        for name, pair in pairs.items()
        if len(pair) != 2
        or not all(isinstance(one, str) for one in pair)
        or set(re.findall(r"{(\w+)}", pair[0])) != set(re.findall(r"{(\w+)}", pair[1]))
    }
    assert wrong == {}


EXPLAINED = {
    "today": ["kpi_daily"],
    "customers": ["customer_rfm", "retention_cohorts_overall", "customer_lifetime_value", "customers"],
    "conversion": ["funnel_daily"],
    "channels": ["channel_efficiency_overall", "channel_attribution", "channel_efficiency", "retention_cohorts"],
    "products": ["product_performance"],
    "campaigns": ["experiment_results"],
    "service": ["order_fulfilment"],
}


def test_every_mart_that_can_be_explained_is_on_a_page() -> None:
    assert {mart for marts in EXPLAINED.values() for mart in marts} == set(mart_rules())


@pytest.mark.parametrize("page", EXPLAINED)
def test_a_number_is_explained(page: str, publications: Callable[[str], Path], open_page: Open) -> None:
    """The first number that is offered of each mart. The names of rows tell them apart."""
    shown = open_page(page, "en", publications("sample"))
    assert list(shown.code) == []
    for mart in EXPLAINED[page]:
        rows, columns = shown.selectbox(f"why-row-{mart}"), shown.selectbox(f"why-column-{mart}")
        assert len(set(rows.options)) == len(rows.options) > 0
        shown.button(f"why-now-{mart}").click().run()
        assert list(shown.exception) == []
        assert [mart in one.value for one in shown.code] == [True], [one.value for one in shown.info]
        assert "do not add up" not in shown.code[0].value
        assert len(columns.options) >= 3
