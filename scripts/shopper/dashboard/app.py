"""The dashboard: `streamlit run scripts/shopper/dashboard/app.py`, or `make dashboard`.

It reads the folder of publications (SHOPPER_PUBLISH, else published/ in the project), never the working warehouse.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from shopper.dashboard.catalogue import LANGUAGES, text
from shopper.dashboard.frame import definitions, header
from shopper.dashboard.reading import current_generation
from shopper.dashboard.view import View, set_view
from shopper.project import project_root, publish_folder
from shopper.published import Unpublished

PAGES = ("today", "customers", "conversion", "channels", "products", "campaigns", "service", "data")


def main() -> None:
    """One rerun: choose the language, pin the generation, show the page."""
    st.set_page_config(page_title="Shopper Analytics", layout="wide")
    st.html(Path(__file__).with_name("style.css"))
    if "language" not in st.session_state:
        asked = st.query_params.get("lang", "en")
        st.session_state["language"] = asked if asked in LANGUAGES else "en"
    language: str = st.session_state["language"]
    folder = Path(__file__).parent / "screens"
    page = st.navigation(
        [st.Page(folder / f"{name}.py", title=text(f"pages.{name}", language), url_path=name) for name in PAGES],
        expanded=True,
    )
    st.radio(
        text("ui.language", language),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        horizontal=True,
        key="language",
        label_visibility="collapsed",
    )
    st.title(page.title, anchor=False)
    publish = publish_folder(project_root())
    try:
        view = View(current_generation(publish), language)
    except Unpublished:
        st.info(text("ui.no_published", language, folder=publish))
        return
    view.values["as_of"] = view.generation.settings.get("as_of_date")
    set_view(view)
    header(view)
    page.run()
    definitions(view)


main()
