"""Exports in another language: the same rows land as from the English file."""

from __future__ import annotations

import csv
from pathlib import Path

from source_checks import SOURCES, landed_rows
from test_init_of_sources import write

ENGLISH = ("Day", "Campaign name", "Amount spent (EUR)", "Impressions", "Link clicks", "Purchases")
GERMAN = ("Tag", "Kampagnenname", "Ausgegebener Betrag (EUR)", "Impressionen", "Link-Klicks", "Website-Käufe")
SPANISH = (
    "Día", "Nombre de la campaña", "Importe gastado (EUR)", "Impresiones", "Clics en el enlace",
    "Compras en el sitio web",
)  # fmt: skip


def landed_with(header: tuple[str, ...], folder: Path) -> object:
    folder.mkdir()
    with (SOURCES / "meta_ads/example/Campaigns-en.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [[row[name] for name in ENGLISH] for row in csv.DictReader(lines)]
    with (folder / "Export.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])
    assert write([folder / "Export.csv"], folder).left_out == ()
    return landed_rows(folder / "my_shop.yml", folder / "shop.duckdb")


def test_german_and_spanish_exports_of_meta_land_the_rows_of_the_english_one(tmp_path: Path) -> None:
    english = landed_with(ENGLISH, tmp_path / "en")
    assert english
    assert landed_with(GERMAN, tmp_path / "de") == english
    assert landed_with(SPANISH, tmp_path / "es") == english
