"""The warehouse in Dagster: models and seeds are assets, tests are checks, a schedule runs every night.

    dagster dev -f orchestration/definitions.py

`SHOPPER_RUN_CONFIG` is the configuration of `shopper run`; without it, the sample shop is built and published.
`SHOPPER_SCHEDULE` is the cron expression (default `10 3 * * *`), `SHOPPER_SCHEDULE_TIMEZONE` its time zone (default
Asia/Shanghai).
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
