"""Personal data and secrets in written text are found by clear shapes, in SQL as in the second computation."""

from __future__ import annotations

import random
from typing import Final

import duckdb
import pytest

from running import ROOT
from shopper.casts import CastRules
from shopper.crosscheck.oracle.redaction import redacted_text

REDACTED: Final = {
    "mail me: joe.b+x@mail.example.com now": "mail me: redacted now",
    "jo%40example.com": "redacted",
    "call 13800138000 please": "call redacted please",
    "电话13800138000转1": "电话redacted转1",
    "手机号:138 0013 8000": "手机号:redacted",
    "+49 170 1234567/+8613800138000": "redacted/+8613800138000",
    "0049 170 1234567": "redacted",
    "(020) 7946 0958": "(redacted",
    "tel. 0171/2345678": "tel. redacted",
    "021-63841234 021-63841235 021-63841236": "redacted redacted redacted",
    "555-123-4567": "redacted",
    "phone: 1234567": "phone: redacted",
    "01 23 45 67 89": "redacted",
    "visa 4111 1111 1111 1111": "visa redacted",
    "?token=abc123": "?token=redacted",
    "password: hunter2": "password: redacted",
    "Bearer abc123def456": "Bearer redacted",
    "my sk_live_51Habcdefgh key": "my redacted key",
    "eyJhbGciOiJI.eyJzdWIi.sig-x": "redacted",
}
KEPT: Final = (
    "iPhone 15 128GB 2023-2024", "EAN 4006381333931", "UPC 036000291452", "GTIN 00012345678905", "12345678901",
    "ISBN 978-3-16-148410-0", "ISBN 0-306-40615-2", "Nothing Phone 2 2023-2024", "USB-C 3.1 100W 5000 mAh",
    "SPF 50+ 200 ml", "1920x1080 144Hz", "spring_sale_2024_retargeting_v2", "Size 36-38 40-42", "Token: 500 gems",
    "Victoria's Secret: 2023 collection", "SM-G991BZADEUB-128GB", "2024-01-31 12:00:00", "10.000 - 20.000",
    "d41d8cd98f00b204e9800998ecf8427e", "Hotel 2023-2024", "1:64 12-24 V", "/p/13800138000",
)  # fmt: skip
PIECES: Final = (*REDACTED, *KEPT, "138", "00", "tel", "token", "=", ":", "@", "+", "é", "86", "secret ")


def in_sql(texts: list[str]) -> list[str]:
    with duckdb.connect() as connection:
        connection.execute("create table written (place integer, text varchar)")
        connection.executemany("insert into written values (?, ?)", list(enumerate(texts)))
        typed = CastRules(ROOT).typed("text", "text")
        return [text for (text,) in connection.execute(f"select {typed} from written order by place").fetchall()]


@pytest.mark.parametrize("redacted", [in_sql, lambda texts: list(map(redacted_text, texts))], ids=["sql", "second"])
def test_personal_data_is_redacted_and_article_numbers_stay(redacted: object) -> None:
    assert callable(redacted)
    assert dict(zip(REDACTED, redacted(list(REDACTED)), strict=True)) == REDACTED
    assert redacted(list(KEPT)) == list(KEPT)


def test_sql_and_the_second_computation_redact_alike() -> None:
    chance = random.Random(1)
    texts = [
        "".join(chance.choice(PIECES) + chance.choice(("", " ", "-", "/")) for _ in range(chance.randint(1, 4)))
        for _ in range(1500)
    ]
    assert in_sql(texts) == [redacted_text(text) for text in texts]
