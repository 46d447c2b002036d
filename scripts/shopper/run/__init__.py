"""`shopper run`: load, check the gates, build, test and publish as one run. Readers see all of its output or none.

`run(read_config(Path("shop.yml")))` runs a configuration. The `RunResult` holds the status and the exit code.
"""

from shopper.run.config import RunConfig, default_config, read_config
from shopper.run.runner import RunResult, run

__all__ = ["RunConfig", "RunResult", "default_config", "read_config", "run"]
