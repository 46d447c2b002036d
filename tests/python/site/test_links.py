"""Dead links of a built site are found; its menu and anchors are those of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from house.test_documents import anchors, documents
from shopper.errors import BadInput
from shopper.site.hooks import anchor, expanded
from shopper.site.links import dead_links

HEAD = '<link rel="stylesheet" href="/a%20b.css"><script src="/a%20b.css"></script>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site without a dead link."""
    for folder in ("docs", "dbt"):
        (tmp_path / folder).mkdir()
    (tmp_path / "a b.css").touch()
    (tmp_path / "dbt/models.html").write_text('<a href="{{ drawn }}"></a>{"model.shop.orders": 1}')
    (tmp_path / "docs/index.html").write_text(
        f'{HEAD}<h2 id="größe">Size</h2><a href="../index.html"></a><a href="#größe"></a>'
    )
    (tmp_path / "index.html").write_text(
        '<script src="a%20b.css"></script><a href="docs#gr%C3%B6%C3%9Fe"></a><a href="https://x.y/z"></a>'
        '<a href="mailto:a@b.c"></a><a href="dbt/models.html#!/model/model.shop.orders"></a>'
    )
    return tmp_path


def test_a_site_without_dead_links_passes(site: Path) -> None:
    assert dead_links(site) == []


@pytest.mark.parametrize(
    "written",
    [
        '<a href="docs/gone.html"></a>',
        '<a href="docs/index.html#gone"></a>',
        '<a href="#gone"></a>',
        '<a href="a%20b.css#gone"></a>',
        '<a href="dbt/models.html#!/model/model.shop.gone"></a>',
        '<img src="docs/gone.png">',
        '<script src="https://x.y/z.js"></script>',
        '<link rel="stylesheet" href="//x.y/z.css">',
    ],
)
def test_what_leads_nowhere_or_outside_is_named(site: Path, written: str) -> None:
    with (site / "index.html").open("a") as page:
        page.write(written)
    address = written.split('"')[-2]
    assert dead_links(site) == [f"index.html: {address}"]


def test_a_folder_without_pages_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no page is here"):
        dead_links(tmp_path)


def test_anchors_are_those_of_the_repository() -> None:
    """Of every heading, as test_documents computes them; a repeated heading gets another number."""
    wrong = []
    for document in documents():
        known = anchors(document.read_text(encoding="utf-8"))
        for line in document.read_text(encoding="utf-8").split("\n"):
            if line.startswith("## ") and "](" not in line and anchor(line[3:].replace("`", ""), "-") not in known:
                wrong.append(line)
    assert wrong == []


def test_a_pattern_of_the_menu_stands_for_what_has_no_entry(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"{name}.md").touch()
    menu = [{"Guide": ["b.md", "*.md", {"More": ["c.md"]}]}, {"Title": "d.md"}]
    assert expanded(menu, tmp_path) == [{"Guide": ["b.md", "a.md", {"More": ["c.md"]}]}, {"Title": "d.md"}]
