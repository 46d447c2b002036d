"""The input contract: base models and the sources YAML must agree."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from shopper.contract import Column, Contract, load_contract
from shopper.errors import BadInput


@pytest.fixture
def contract(root: Path) -> Contract:
    return load_contract(root)


def declared(column: Column) -> str:
    """A contract column in the notation of base models: '<type> [presence]'."""
    kind = f"enum:{column.enumeration}" if column.type == "enum" else column.type
    return kind if column.presence == "optional" else f"{kind} {column.presence}"


def base_columns(model: Path) -> dict[str, str]:
    """The `columns={...}` of a base model's call of base_table."""
    found = re.search(r"columns=(\{.*?\n    \})", model.read_text(encoding="utf-8"), re.S)
    assert found, f"{model.name} declares no columns"
    return dict(ast.literal_eval(found.group(1)))


def test_base_models_declare_exactly_the_contract(root: Path, contract: Contract) -> None:
    models = {path.stem.removeprefix("base_"): path for path in (root / "models/staging").glob("*/base/base_*.sql")}
    assert set(models) == set(contract.by_name)
    for table in contract.tables:
        expected = [(column.name, declared(column)) for column in table.columns]
        assert list(base_columns(models[table.name]).items()) == expected, table.name
        assert models[table.name].parent.parent.name == table.domain


def test_the_customer_ids_of_every_table_become_accounts(root: Path, contract: Contract) -> None:
    """int_customer_merges lists its inputs explicitly. The customers of a table missing there would be lost without an
    error.
    """
    model = root / "models/intermediate/foundation/identity/int_customer_merges.sql"
    accounts = re.compile(r"select customer_id as account_id from \{\{ ref\('stg_(\w+)'\) \}\}")
    read = set(accounts.findall(model.read_text("utf-8")))
    named = {table.name for table in contract.tables if any(column.name == "customer_id" for column in table.columns)}
    assert read == named


def test_every_table_has_a_key_and_every_column_a_description(contract: Contract) -> None:
    for table in contract.tables:
        assert table.keys, table.name
        assert [column.name for column in table.columns if not column.description] == []


def test_required_columns_and_composite_keys_must_be_mapped(contract: Contract) -> None:
    orders, snapshots = contract.by_name["orders"], contract.by_name["inventory_snapshots"]
    assert orders.must_be_mapped == ("ordered_at",)  # a missing single-column key is derived
    assert snapshots.must_be_mapped == ("snapshot_date", "product_id", "on_hand_quantity")
    assert contract.by_name["marketing_spend"].must_be_mapped == ("spend_date", "spend")


def test_a_column_without_type_is_reported(tmp_path: Path) -> None:
    domain = tmp_path / "models/staging/commerce"
    domain.mkdir(parents=True)
    (domain / "_commerce__sources.yml").write_text(
        "sources: [{name: raw, tables: [{name: orders, columns: [{name: order_id}]}]}]", encoding="utf-8"
    )
    with pytest.raises(BadInput, match=r"orders\.order_id needs config\.meta"):
        load_contract(tmp_path)


def test_every_contract_table_is_complete(root: Path, contract: Contract) -> None:
    """Every table has all parts listed in the recipe in CONTRIBUTING; a missing part is reported with its file."""
    effects = yaml.safe_load((root / "scripts/shopper/doctor/effects.yml").read_text(encoding="utf-8"))["tables"]
    names = yaml.safe_load((root / "scripts/shopper/init/names.yml").read_text(encoding="utf-8"))["tables"]
    staged = (root / "macros/staging/staged_tables.sql").read_text(encoding="utf-8")
    ledger = (root / "models/staging/audit/row_ledger.sql").read_text(encoding="utf-8")
    quarantine = (root / "models/staging/audit/quarantined_rows.sql").read_text(encoding="utf-8")
    present = (root / "models/intermediate/foundation/run/int_inputs_present.sql").read_text(encoding="utf-8")
    inputs = (root / "models/intermediate/foundation/run/_run__models.yml").read_text(encoding="utf-8")
    seeds = (root / "seeds/raw/_raw__seeds.yml").read_text(encoding="utf-8")
    missing = []
    for table in contract.by_name:
        domains = root.glob("models/staging/*/_*__sources.yml")
        domain = next(path.parent for path in domains if f"- name: {table}\n" in path.read_text(encoding="utf-8"))
        parts = {
            f"sources/source_{table}.sql": (domain / f"sources/source_{table}.sql").exists(),
            f"stg_{table}.sql": (domain / f"stg_{table}.sql").exists(),
            "staged_tables.sql": f"'{table}': {{" in staged,
            "row_ledger.sql": f"ref('base_{table}')" in ledger,
            "quarantined_rows.sql": f"ref('base_{table}')" in quarantine,
            "int_inputs_present.sql": f"ref('stg_{table}')" in present,
            "int_inputs_present in _run__models.yml": f"- name: has_{table}\n" in inputs,
            f"seeds/raw/raw_{table}.csv": (root / f"seeds/raw/raw_{table}.csv").exists(),
            "seeds/raw/_raw__seeds.yml": f"- name: raw_{table}\n" in seeds,
            "doctor/effects.yml": table in effects,
            "init/names.yml": table in names,
        }
        missing += [f"{table}: {part}" for part, there in parts.items() if not there]
    assert missing == []
