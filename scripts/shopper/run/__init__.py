"""`shopper run`: load, gates, build, tests and publication as one run that BI sees whole or not at all.

`run(read_config(Path("shop.yml")))` is the whole of it; the result says how it ended and with which exit code.
"""

from shopper.run.config import RunConfig, default_config, read_config
from shopper.run.runner import RunResult, run

__all__ = ["RunConfig", "RunResult", "default_config", "read_config", "run"]
