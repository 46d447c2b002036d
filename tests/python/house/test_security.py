"""What docs/security.md says of files and of packages."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from running import ROOT, Shopper
from shopper.site.licences import licence, pinned


def test_files_are_closed_to_other_users(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    (tmp_path / "orders.csv").write_text("order_id,ordered_at\n1,2024-01-31\n")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text("sources: {shop: {path: orders.csv}}\ntables: {orders: {source: shop}}\n")
    before = os.umask(0)
    try:
        assert shopper("load", mapping).code == 0
    finally:
        os.umask(before)
    made = [warehouse, warehouse.parent, *warehouse.parent.iterdir()]
    assert {path.name: oct(path.stat().st_mode) for path in made if path.stat().st_mode & stat.S_IRWXO} == {}


def test_no_page_shows_text_as_markup() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "scripts").rglob("*.py")]
    templates = [path.read_text(encoding="utf-8") for path in (ROOT / "scripts").rglob("*.html")]
    assert templates and not [text for text in templates if re.search(r"\|\s*safe\b|autoescape", text)]
    assert not [text for text in sources if re.search(r"unsafe_allow_html|\bMarkup\(", text)]


def test_licences_are_those_of_the_installed_packages() -> None:
    lines = (ROOT / "docs/licences.md").read_text(encoding="utf-8").splitlines()
    listed = dict(line.strip("| ").split(" | ") for line in lines if line.startswith("| "))
    del listed["package"]
    stated = {name: licence(name) for name in pinned(ROOT / "requirements.txt")}
    assert listed == {name: found for name, found in stated.items() if found is not None}
    assert "not stated" not in listed.values() and len(listed) > 100
