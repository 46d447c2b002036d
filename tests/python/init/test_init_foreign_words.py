"""Order lists with headers of other languages: their columns get hints, and no draft."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from running import ROOT, Shopper
from shopper.contract import load_contract
from shopper.init.near import unplaced

WANTED = ["order_id", "ordered_at", "product_id", "quantity", "unit_price", "discount_amount", "tax_amount",
          "shipping_amount", "total_amount", "status", "currency", "customer_id, as person_key"]  # fmt: skip
HEADERS = {
    "german": "Bestell-Nr.,Bestelldatum,Artikel,Menge,Einzelpreis,Rabatt,MwSt.,Versandkosten,Gesamtbetrag,"
    "Bestellstatus,Währung,E-Mail-Adresse",
    "french": "N° commande,Date de commande,Produit,Quantité,Prix unitaire,Montant remise,TVA,Frais de port,Total TTC,"
    "Statut,Devise,Courriel",
    "spanish": "Número de pedido,Fecha,Producto,Cantidad,Precio unitario,Descuento,IVA,Gastos de envío,Importe total,"
    "Estado,Moneda,Correo electrónico",
    "japanese": "注文番号,注文日時,商品名,数量,単価,割引額,消費税,送料,合計金額,ステータス,通貨,メールアドレス",
}


@pytest.mark.parametrize("language", HEADERS)
def test_columns_of_an_order_list_get_the_nearest_contract_column(
    language: str, tmp_path: Path, shopper: Shopper
) -> None:
    (tmp_path / "list.csv").write_text(
        f"{HEADERS[language]}\n1,2024-03-01,Mug,2,5,0,1,4,14,x,EUR,a@b.example\n", "utf-8"
    )
    ran = shopper("init", tmp_path / "list.csv", "-o", tmp_path / "my_shop.yml")
    assert ran.code == 2
    assert not (tmp_path / "my_shop.yml").exists()
    listed = ran.output.split("Its columns: ")[1]
    assert [hint.split(".")[-1] for hint in re.findall(r"\(([^()]*)\?\)", listed)] == WANTED


def test_a_file_that_is_no_order_list_gets_no_hint(tmp_path: Path, shopper: Shopper) -> None:
    (tmp_path / "weather.csv").write_text("Temperatur,Luftdruck,Humidité,天気\n1,2,3,x\n", encoding="utf-8")
    ran = shopper("init", tmp_path / "weather.csv", "-o", tmp_path / "my_shop.yml")
    assert ran.code == 2
    assert ran.output.endswith("Its columns: Temperatur, Luftdruck, Humidité, 天気")


def test_every_word_is_a_hint_for_its_own_column() -> None:
    text = (ROOT / "scripts" / "shopper" / "init" / "foreign_words.yml").read_text(encoding="utf-8")
    words = yaml.load(text, Loader=yaml.BaseLoader)
    contract = load_contract(ROOT)
    for column, known in words.items():
        if column != "email":
            tables = [table for table in contract.tables if column in table.by_name][:1]
            wrong = [word for word in known if unplaced([word], tables) != [f"{word} ({column}?)"]]
            assert wrong == [], column
