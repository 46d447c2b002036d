"""What the documentation site is made of: Markdown for its generator, the contract, keys and references."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from running import ROOT
from shopper.site import contract, diagram, markdown
from shopper.site.pages import write_pages

FILES = {"README.md", "docs/vars.md", "docs/definitions/README.md"}
LINK = re.compile(r"\]\(([^()\s#]+)[^()\s]*\)")


def column(name: str, **meta: str) -> dict[str, Any]:
    return {"name": name, "description": f"What {name}\nis | was.", "config": {"meta": meta}}


def model(name: str, domain: str, key: str, access: str = "public") -> dict[str, Any]:
    constraints = [{"type": "primary_key", "columns": [key]}]
    node = {"name": name, "resource_type": "model", "access": access, "constraints": constraints}
    return node | {"fqn": ["shop", "marts", domain, name]}


def relationship(table: str, column_name: str, to: str) -> dict[str, Any]:
    arguments = {"to": f"ref('{to}')", "field": column_name, "column_name": column_name}
    metadata = {"name": "relationships", "kwargs": arguments}
    return {"name": "t", "resource_type": "test", "attached_node": table, "test_metadata": metadata}


ORDERS, CUSTOMERS, HIDDEN = "model.shop.orders", "model.shop.customers", "model.shop.int_visits"
MANIFEST: dict[str, Any] = {
    "sources": {
        "a": {
            "name": "orders",
            "source_name": "raw",
            "description": "One row per order.",
            "columns": {
                "order_id": column("order_id", type="id", presence="key"),
                "status": column("status", type="enum", presence="key_nullable", enumeration="order_status"),
            },
        },
        "b": {"name": "loads", "source_name": "landing", "description": "Not of the contract.", "columns": {}},
    },
    "nodes": {
        ORDERS: model("orders", "business", "order_id"),
        CUSTOMERS: model("customers", "customers", "customer_id"),
        HIDDEN: model("int_visits", "sessions", "visit_id", access="private"),
        "t1": relationship(ORDERS, "customer_id", "customers"),
        "t2": relationship(ORDERS, "visit_id", "int_visits"),
    },
}


def test_links_stay_lead_to_the_page_of_a_folder_or_become_text() -> None:
    text = (
        "[vars](../docs/vars.md#a) [all](definitions/) [code `x`](../scripts/x.py) [out](https://x.y) [here](#a) "
        "`[no](../gone.md)`\n```\n[no](../gone.md)\n```\n![picture](images/gone.png)\n"
    )
    assert markdown.page("docs/doctor.md", text, FILES) == (
        "[vars](../docs/vars.md#a) [all](definitions/README.md) code `x` [out](https://x.y) [here](#a) "
        "`[no](../gone.md)`\n```\n[no](../gone.md)\n```\npicture\n"
    )


def test_a_doc_block_has_a_heading_of_its_name() -> None:
    text = "# Words\n\n{% docs aov %}\nRevenue over orders.\n{% enddocs %}\n"
    assert markdown.page("docs/a.md", text, FILES) == "# Words\n\n## aov\n\nRevenue over orders.\n\n"


def test_lists_begin_after_an_empty_line_and_indent_by_four() -> None:
    text = "Of these:\n- one\n  goes on\n  - two\n- three\n\nText\n1. four\n```\n- code\n  - code\n```\n"
    assert markdown.page("a.md", text, FILES) == (
        "Of these:\n\n- one\n  goes on\n    - two\n- three\n\nText\n\n1. four\n```\n- code\n  - code\n```\n"
    )


def test_the_contract_lists_raw_tables_with_their_columns() -> None:
    page = contract.page(MANIFEST)
    assert page.endswith(
        "## orders\n\nOne row per order.\n\n| column | type | presence | description |\n|---|---|---|---|\n"
        "| `order_id` | id | key | What order_id is \\| was. |\n"
        "| `status` | enum: order_status | key, may be null | What status is \\| was. |\n"
    )
    assert "loads" not in page


def test_the_diagram_has_keys_and_the_references_that_readers_can_follow() -> None:
    page = diagram.page(MANIFEST)
    address = f"../dbt/models.html#!/model/{ORDERS}"
    assert f"| [orders]({address}) | `order_id` | `customer_id` → `customers.customer_id` |" in page
    assert "| [customers](../dbt/models.html#!/model/model.shop.customers) | `customer_id` |  |" in page
    assert re.findall(r"<text[^>]*>([^<]*)", page) == [
        "orders", "order_id (key)", "customer_id →", "customers",
    ]  # fmt: skip
    assert (page.count("<path"), page.count("<svg"), "int_visits" in page) == (1, 1, False)


def test_every_relative_link_of_the_written_pages_leads_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "static_index.html").write_text("dbt")
    write_pages(ROOT, tmp_path)
    pages = tmp_path / "pages"
    written = {path.relative_to(pages).as_posix(): path.read_text(encoding="utf-8") for path in pages.rglob("*.md")}
    assert {"README.md", "DECISIONLOG.md", "docs/contract.md", "sources/stripe/README.md"} <= set(written)
    dead = [
        f"{name}: {link}"
        for name, text in written.items()
        for link in LINK.findall(re.sub(r"^ *```.*?^ *```|`[^`\n]*`", "", text, flags=re.S | re.M))
        if ":" not in link and not (pages / name).parent.joinpath(link).is_file()
    ]
    assert dead == []
    assert "(orders.md)" in written["docs/definitions/README.md"]
