"""`shopper init` judges files by all their rows and bytes, and says what it is not sure of."""

from __future__ import annotations

from pathlib import Path

import pytest

from running import Shopper, rows

REVIEWS = "rating,body,review_date,reviewer_email,product_id,product_handle\n"
REVIEW = "5,{text},2024-01-0{day} 10:00:00 UTC,a{day}@example.com,7,mug\n"


def test_decimal_commas_after_many_whole_numbers_are_found(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    """A known tool, and a file that nothing is known of."""
    whole = "".join(f"#{number};2024-01-01 10:00:00 +0100;paid;10;10;1;Mug;10\n" for number in range(400))
    (tmp_path / "orders_export.csv").write_text(
        "Name;Created at;Financial Status;Subtotal;Total;Lineitem quantity;Lineitem name;Lineitem price\n"
        f"{whole}#900;2024-01-01 10:00:00 +0100;paid;12,50;12,50;1;Mug;12,50\n",
        encoding="utf-8",
    )
    till = "".join(f"{number};2024-01-01;c1;10\n" for number in range(400))
    (tmp_path / "till.csv").write_text(f"Order No;Order Date;Client;Total\n{till}900;2024-01-01;c1;12,50\n", "utf-8")
    for name in ("orders_export", "till"):
        mapping = tmp_path / f"{name}.yml"
        ran = shopper("init", tmp_path / f"{name}.csv", "-o", mapping, "--timezone", "Europe/Paris")
        assert ran.code == 0, ran.output
        target = tmp_path / f"{name}.duckdb"
        loaded = shopper("load", mapping, "--warehouse", target)
        assert loaded.code == 0, loaded.output
        assert rows(target, "select cast(max(cast(total_amount as decimal(9, 2))) as varchar) from raw.orders") == [
            ("12.50",)
        ]


def test_a_day_above_twelve_far_below_decides_the_pattern(tmp_path: Path, shopper: Shopper) -> None:
    days = "".join(f"{number},0{number % 9 + 1}/02/2024,c1,10\n" for number in range(400))
    (tmp_path / "till.csv").write_text(f"Order No,Order Date,Client,Total\n{days}900,25/02/2024,c1,10\n", "utf-8")
    assert shopper("init", tmp_path / "till.csv", "-o", tmp_path / "shop.yml").code == 0
    assert "format: '%d/%m/%Y'" in (tmp_path / "shop.yml").read_text(encoding="utf-8")


def test_broken_bytes_do_not_make_a_file_another_encoding(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    texts = REVIEWS + "".join(REVIEW.format(text=f"très bon n°{day}", day=day) for day in range(1, 6))
    (tmp_path / "reviews.csv").write_bytes(texts.encode().replace("n°4".encode(), b"n\xb04"))
    ran = shopper("init", tmp_path / "reviews.csv", "-o", tmp_path / "shop.yml")
    assert ran.code == 0, ran.output
    assert "reviews.csv, line 5: byte 0xb0 is not UTF-8, as the rest of the file is" in ran.output
    assert "encoding" not in (tmp_path / "shop.yml").read_text(encoding="utf-8")
    loaded = shopper("load", tmp_path / "shop.yml")
    assert loaded.code == 2
    assert "reviews.csv, line 5" in loaded.output
    assert not warehouse.exists()


def test_another_encoding_after_a_megabyte_of_plain_text_is_found_and_named(
    tmp_path: Path, warehouse: Path, shopper: Shopper
) -> None:
    plain = REVIEW.format(text="good " * 100, day=1) * 2_000
    (tmp_path / "reviews.csv").write_bytes((REVIEWS + plain + REVIEW.format(text="très bon", day=2)).encode("cp1252"))
    ran = shopper("init", tmp_path / "reviews.csv", "-o", tmp_path / "shop.yml")
    assert "reviews.csv: read as cp1252, since its text is not UTF-8" in ran.output
    assert shopper("load", tmp_path / "shop.yml").code == 0
    assert rows(warehouse, "select count(*) from raw.reviews where review_text = 'très bon'") == [(1,)]


def test_the_same_content_under_two_names_is_read_once(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    for folder, name in (("a", "reviews.csv"), ("b", "reviews (1).csv")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(REVIEWS + REVIEW.format(text="good", day=1), encoding="utf-8")
    files = [tmp_path / "a" / "reviews.csv", tmp_path / "b" / "reviews (1).csv"]
    ran = shopper("init", *files, "-o", tmp_path / "shop.yml")
    assert f"left out: {files[1]}: the same content as {files[0]}" in ran.output
    assert shopper("load", tmp_path / "shop.yml").code == 0
    assert rows(warehouse, "select count(*) from raw.reviews") == [(1,)]


@pytest.mark.parametrize("content", [REVIEWS, REVIEWS.strip()])
def test_a_header_without_rows_is_named(tmp_path: Path, shopper: Shopper, content: str) -> None:
    (tmp_path / "reviews.csv").write_text(content, encoding="utf-8")
    ran = shopper("init", tmp_path / "reviews.csv", "-o", tmp_path / "shop.yml")
    assert ran.code == 0, ran.output
    assert "reviews.csv: a header and no rows" in ran.output
