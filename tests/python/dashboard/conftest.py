"""Publications, and pages run without a browser."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from shops import APP, Open, publish_reduced, publish_sample

# Streamlit and the browser's driver are only in the environment of `make dashboard-test`.
collect_ignore_glob = [] if find_spec("streamlit") else ["test_*.py"]


@pytest.fixture(scope="session")
def publications(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of publications of a shop: sample, orders or empty. Each is made once."""
    made: dict[str, Path] = {}

    def publications_of(shop: str) -> Path:
        if shop not in made:
            folder = tmp_path_factory.mktemp(shop)
            made[shop] = publish_sample(built, folder) if shop == "sample" else publish_reduced(built, folder, shop)
        return made[shop]

    return publications_of


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Run a page in this process."""

    def opened(page: str, language: str, folder: Path) -> Any:
        from streamlit.testing.v1 import AppTest

        monkeypatch.setenv("SHOPPER_PUBLISH", str(folder))
        app = AppTest.from_file(str(APP), default_timeout=60)
        app.session_state["language"] = language
        app.run()
        return app if page == "today" else app.switch_page(f"screens/{page}.py").run()

    return opened
