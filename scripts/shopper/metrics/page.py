"""Writes docs/metrics.md from dbt's manifest: `python -m shopper.metrics.page target/manifest.json`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from shopper.metrics.catalogue import catalogue

_HEAD: Final = """# Metrics

Written by `python -m shopper.metrics.page target/manifest.json > docs/metrics.md`; a test compares it with the YAML.

Each number is defined once: sums beside their mart (`metrics:` in `models/marts/*/_*__models.yml`), rates over these
sums in `models/semantic/_semantic__metrics.yml`. A rate divides sums, so it is right at every cut; it is null where its
denominator is 0. A median does not follow from the medians of its parts, so response and delivery have shares here
(within five minutes, on time), and their medians stay in the marts.

- Ask with MetricFlow, after `make warehouse`: `make metrics` makes its environment; from the project's folder,
  `.venv-metrics/bin/mf query --metrics net_revenue,aov --group-by metric_time__month,order__channel`.
- A publication holds the catalogue for readers without dbt: `published/current/metrics.json` and the table
  `meta.metrics` (form: `scripts/shopper/metrics/catalogue.py`); `shopper.metrics.question` turns a question into SQL.
- `published/current/osi_document.json` is the semantic layer in the open interchange format (Apache Ossie 0.1.1): dbt's
  document, with the names in filters as fields of datasets, and relationships to keys only.

Money is in the reporting currency, which the catalogue names. Distinct counts (buyers, visitors, orders with a product)
do not add up over time or groups. Metrics of `customers` and `product_performance` are as of the as-of date; their time
is the day of the first order, or on which the product was first offered.
"""


def page(document: Mapping[str, Any]) -> str:
    """The page for a catalogue."""
    return "\n".join([_HEAD, *_metrics(document), *_questions(document)]) + "\n"


def _metrics(document: Mapping[str, Any]) -> Iterator[str]:
    listed = [metric for metric in document["metrics"] if not metric["is_part"]]
    for mart, metrics in groupby(sorted(listed, key=_mart), key=_mart):
        found = document["marts"][mart]
        own = [name for name in found["dimensions"] if "__" not in name]
        joined = sorted({name.partition("__")[0] for name in found["dimensions"] if "__" in name})
        cuts = ", ".join(f"`{name}`" for name in own)
        also = f"; also by the columns of its {', '.join(joined)}" if joined else ""
        yield f"## {mart}\n\nBy {found['grain']} (`{found['time_column']}`), and by {cuts}{also}.\n"
        yield "| metric | label | 中文 | unit | what it is | 含义 | definition |\n|---|---|---|---|---|---|---|"
        for metric in metrics:
            definition = metric["definition"]
            link = f"[{definition['name']}]({definition['file'].removeprefix('docs/')})" if definition else ""
            yield (
                f"| `{metric['name']}` | {metric['label']} | {metric['label_zh']} | {metric['unit']}"
                f" | {metric['description']} | {metric['description_zh']} | {link} |"
            )
        yield ""


def _questions(document: Mapping[str, Any]) -> Iterator[str]:
    yield "## Usual questions\n\nSaved queries: `mf query --saved-query revenue_by_month`.\n"
    yield "| query | label | 中文 | question | 问题 | metrics | by |\n|---|---|---|---|---|---|---|"
    for saved in document["saved_queries"]:
        by = ", ".join([*([saved["grain"]] if saved["grain"] else []), *saved["dimensions"]])
        yield (
            f"| `{saved['name']}` | {saved['label']} | {saved['label_zh']} | {saved['description']}"
            f" | {saved['description_zh']} | {', '.join(saved['metrics'])} | {by} |"
        )


def _mart(metric: Mapping[str, Any]) -> str:
    return str(metric["parts"][0]["mart"])


if __name__ == "__main__":
    manifest = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(page(catalogue(manifest)))
