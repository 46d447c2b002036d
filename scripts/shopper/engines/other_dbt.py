"""Builds the project with another dbt executable: one of another version, or in an environment with another engine."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from shopper.dbt import WITHOUT_TESTS
from shopper.engines.fitting import fit
from shopper.engines.passes import passes, python_models
from shopper.errors import BadInput, CheckFailed

_BUILT: Final = ("model.", "seed.")
_RAN: Final = (*_BUILT, "test.", "unit_test.")
_GOOD: Final = frozenset({"success", "pass", "warn", "no-op", "reused"})
# The file that tells dbt 2 where a driver is: https://arrow.apache.org/adbc, "driver manifests".
_DRIVER: Final = """manifest_version = 1
name = "DuckDB"

[Driver]
entrypoint = "duckdb_adbc_init"
shared = {library}
"""


class OtherDbt:
    """Another dbt, on one warehouse file."""

    def __init__(self, dbt: Path, project: Path, warehouse: Path, target: Path) -> None:
        """dbt: the executable. target: folder for its artifacts and log. Raises BadInput if there is no such file."""
        if not dbt.is_file():
            raise BadInput(f"{dbt} is not there; expected a dbt executable")
        # The path as given: a link of an environment finds its packages from where it stands.
        self._dbt = dbt.absolute()
        self._project = project
        self._warehouse = warehouse.absolute()
        self._target = target.absolute()
        self._target.mkdir(parents=True, exist_ok=True)
        warehouse.parent.mkdir(parents=True, exist_ok=True)

    def build(self, arguments: Sequence[str] = ()) -> dict[str, str]:
        """`dbt build`, Python models included. Returns the status of every node that ran, by its id.

        Raises CheckFailed with the end of dbt's output if a build fails.
        """
        return self.run("build", *arguments)

    def build_in_passes(self, arguments: Sequence[str] = (), *, tests: bool = True) -> dict[str, str]:
        """Build all SQL, with the Python models run in between by this process, and note that the build is whole.

        tests: with data tests and unit tests. Returns the status of every node, by its id. Raises CheckFailed if a
        build fails, or a node never ran.
        """
        self.run("parse", *arguments)
        manifest: dict[str, Any] = json.loads((self._target / "manifest.json").read_text())
        statuses: dict[str, str] = {}
        for step in passes(manifest):
            chosen = ["--select", *step.select] if step.select else []
            left_out = ["--exclude", *step.exclude] if step.exclude else []
            kinds = () if tests else WITHOUT_TESTS
            statuses |= self.run("build", *chosen, *left_out, *kinds, *arguments)
            if step.fits:
                self._fit(manifest, step.fits)
        fitted = python_models(manifest)
        statuses |= self.run("test", "--select", *fitted, *arguments) if fitted and tests else {}
        self._require_all(manifest, statuses, _RAN if tests else _BUILT)
        self._note_whole_build()
        return statuses

    def build_on_spark(self) -> dict[str, str]:
        """As `build_in_passes`, in one process of the environment of `make spark`, whose session serves all passes."""
        self._on_spark("sample")
        statuses: dict[str, str] = json.loads((self._target / "statuses.json").read_text())
        return statuses

    def stage_on_spark(self, raw: Path) -> None:
        """Stage the raw tables of a DuckDB file on Spark, without tests.

        The warehouse gets the schemas `audit` and `handed_on`, the `stg_` tables. Raises CheckFailed if it fails.
        """
        self._on_spark("stage", raw)

    def build_shop_on_spark(self, raw: Path, seconds: float | None = None) -> bool:
        """Build everything from the raw tables of a DuckDB file on Spark, without tests, as suits a large shop.

        Returns whether it ended within these seconds; if not, it is stopped. Raises CheckFailed if it fails.
        """
        try:
            self._on_spark("shop", raw, seconds=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _on_spark(self, what: str, raw: Path | str = "", seconds: float | None = None) -> None:
        paths = [self._dbt, self._project, self._warehouse, self._target, raw]
        # The JVM exits with the process.
        ended = subprocess.run(
            [str(self._dbt.with_name("python")), "-m", "shopper.engines.spark_build", what, *map(str, paths)],
            cwd=self._project, env=self._environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            timeout=seconds,
        )  # fmt: skip
        if ended.returncode:
            raise CheckFailed(ended.stderr.strip()[-3000:])

    def run(self, command: str, *arguments: str) -> dict[str, str]:
        """One dbt command. Returns the status of every node that ran, by its id; none for `parse`.

        Raises CheckFailed with the end of dbt's output if the command fails.
        """
        profiles = str(self._project / "profiles")
        target = ["--target-path", str(self._target), "--log-path", str(self._target / "logs")]
        problem = self._problem([command, "--profiles-dir", profiles, *target, *arguments])
        if problem is not None:
            raise CheckFailed(f"{self._dbt.name} {command} failed:\n{problem.strip()[-3000:]}")
        if command == "parse":
            return {}
        rows = json.loads((self._target / "run_results.json").read_text())["results"]
        return {row["unique_id"]: row["status"] for row in rows if row["unique_id"].startswith(_RAN)}

    def _problem(self, arguments: Sequence[str]) -> str | None:
        """Run dbt with these arguments. Returns its output if it fails, else none."""
        ended = subprocess.run(
            [str(self._dbt), *arguments],
            cwd=self._project, env=self._environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        return ended.stdout if ended.returncode else None

    def _fit(self, manifest: Mapping[str, Any], names: Sequence[str]) -> None:
        """Run Python models, whose inputs are built."""
        with duckdb.connect(str(self._warehouse)) as connection:
            fit(connection, manifest, self._project, names)

    def _environment(self) -> Mapping[str, str]:
        """For the child: the warehouse, its own packages before ours, and the DuckDB driver of its environment."""
        environment = {
            **os.environ,
            "SHOPPER_WAREHOUSE": str(self._warehouse),
            "PATH": f"{self._dbt.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        found = sorted(self._dbt.parents[1].glob("node_modules/@duckdb/node-bindings-*/libduckdb.so"))
        if found:
            (self._target / "duckdb.toml").write_text(_DRIVER.format(library=json.dumps(str(found[0]))))
            environment["ADBC_DRIVER_PATH"] = str(self._target)
        return environment

    def _require_all(self, manifest: Mapping[str, Any], statuses: Mapping[str, str], kinds: tuple[str, ...]) -> None:
        """Raise CheckFailed unless every node of these kinds, but for Python models, ran and passed."""
        fitted = set(python_models(manifest))
        wanted = {
            node
            for kind in ("nodes", "unit_tests")
            for node in manifest.get(kind, {})
            if node.startswith(kinds) and not (node.startswith("model.") and node.split(".")[2] in fitted)
        }
        missing = sorted(wanted - statuses.keys())
        if missing:
            raise CheckFailed(f"{len(missing)} nodes never ran: {', '.join(missing[:5])}")
        bad = sorted(node for node in wanted if statuses[node] not in _GOOD)
        if bad:
            raise CheckFailed(f"{len(bad)} nodes did not pass: {', '.join(bad[:5])}")

    def _note_whole_build(self) -> None:
        """The passes together are a whole build, as `shopper publish` asks for one."""
        with duckdb.connect(str(self._warehouse)) as connection:
            connection.execute("update landing.last_build set command = 'build', is_whole = true")
