"""The warehouse in Dagster: each model and seed an asset, each test a check, a run every night, and what BI reads.

    dagster dev -f orchestration/definitions.py

`SHOPPER_RUN_CONFIG` names the configuration of `shopper run`; without it the sample shop is built and published.
`SHOPPER_SCHEDULE` is when (cron, `10 3 * * *`), `SHOPPER_SCHEDULE_TIMEZONE` where (Asia/Shanghai).
"""

from __future__ import annotations

import os
from pathlib import Path

from orchestration.warehouse import SCHEDULE, ZONE, build_definitions

from shopper.run.config import default_config, read_config

named = os.environ.get("SHOPPER_RUN_CONFIG")
defs = build_definitions(
    read_config(Path(named)) if named else default_config(),
    os.environ.get("SHOPPER_SCHEDULE", SCHEDULE),
    os.environ.get("SHOPPER_SCHEDULE_TIMEZONE", ZONE),
)
