"""Recursive queries on Spark end when they find nothing more, not at a number of rows or steps."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import yaml

from shopper.dbt import PROJECT

# 1.6 million rows in four steps, and a chain of 1,500: Spark stops at a million rows or 100 steps by itself.
PROGRAM = """
import json, sys
from pyspark.sql import SparkSession
builder = SparkSession.builder
for name, value in json.loads(sys.argv[1]).items():
    builder = builder.config(name, value)
session = builder.getOrCreate()
found = [
    session.sql(
        f"with recursive steps(step, id) as (select 1, id from range({rows}) union all "
        f"select step + 1, id from steps where step < {steps}) select count(*) from steps"
    ).collect()[0][0]
    for rows, steps in ((400_000, 4), (1, 1_500))
]
print(json.dumps(found))
"""


def test_recursion_has_no_limit_of_rows_or_steps(spark_programs: Path) -> None:
    """Lines of bundles are more than a million in a large shop, and merged accounts may form a long chain."""
    profiles = yaml.safe_load((PROJECT / "profiles" / "profiles.yml").read_text(encoding="utf-8"))
    parameters = profiles["shopper_analytics"]["outputs"]["spark"]["server_side_parameters"]
    settings = {name: value for name, value in parameters.items() if name.startswith("spark.sql.cteRecursion")}
    command = [str(spark_programs / "python"), "-c", PROGRAM, json.dumps({"spark.master": "local[2]", **settings})]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert json.loads(ended.stdout.splitlines()[-1]) == [1_600_000, 1_500]
