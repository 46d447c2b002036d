"""Where models lie and who reads whom, from the manifest of the sample shop's build."""

from __future__ import annotations

import os
import re
import subprocess
from collections import defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import networkx as nx
import pytest
from project_files import ANALYSES, MODELS, TESTS

from running import ROOT

# Models on the longest path from a raw table to a mart, both ends counted. Lower it whenever the path gets shorter.
DEPTH = 22
LARGEST_FOLDER = 25
MEDIAN_LENGTH = 45


@pytest.fixture(scope="module")
def parents(manifest: dict[str, Any]) -> dict[str, list[str]]:
    """Model to the models that it reads, by unique id."""
    models = {key for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    return {
        key: [parent for parent in manifest["nodes"][key]["depends_on"]["nodes"] if parent in models] for key in models
    }


def folder_of(manifest: dict[str, Any], model: str) -> str:
    """Folder of a model below `models/`."""
    return str(Path(manifest["nodes"][model]["original_file_path"]).parent.relative_to("models"))


def test_the_longest_path_is_as_long_as_the_ceiling_says(parents: dict[str, list[str]]) -> None:
    """The ceiling may only fall: a shorter path lowers it, a longer one needs its steps folded."""

    @cache
    def longest(model: str) -> tuple[str, ...]:
        return (*max((longest(parent) for parent in parents[model]), key=len, default=()), model.split(".")[-1])

    path = max((longest(model) for model in parents), key=len)
    assert len(path) <= DEPTH, f"{len(path)} models: {' > '.join(path)}"
    assert len(path) >= DEPTH, f"the path is {len(path)} models long now: lower DEPTH to it"


def test_no_folder_holds_too_many_models(manifest: dict[str, Any], parents: dict[str, list[str]]) -> None:
    held: dict[str, int] = defaultdict(int)
    for model in parents:
        held[folder_of(manifest, model)] += 1
    assert {folder: models for folder, models in held.items() if models > LARGEST_FOLDER} == {}


def test_models_are_short_in_the_median() -> None:
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "models").rglob("*.sql")]
    assert median(lengths) <= MEDIAN_LENGTH


def test_folders_read_each_other_in_one_direction(manifest: dict[str, Any], parents: dict[str, list[str]]) -> None:
    """Between subjects of the intermediate layer; marts and staging domains read within their layer by design."""
    read = nx.DiGraph()
    for model, above in parents.items():
        folder = folder_of(manifest, model)
        for parent in above:
            other = folder_of(manifest, parent)
            if folder != other and folder.startswith("intermediate/") and other.startswith("intermediate/"):
                read.add_edge(folder, other)
    assert [sorted(cycle) for cycle in nx.strongly_connected_components(read) if len(cycle) > 1] == []


def test_models_of_one_domain_alone_are_private(manifest: dict[str, Any]) -> None:
    """An intermediate model is protected where another domain, or a test of no domain, reads it; else private."""
    readers: dict[str, set[str | None]] = defaultdict(set)
    for node in manifest["nodes"].values():
        if node["resource_type"] in {"model", "test", "analysis"}:
            for parent in node["depends_on"]["nodes"]:
                readers[parent].add(node["config"].get("group"))
    wrong = {}
    for key, node in manifest["nodes"].items():
        if node["resource_type"] == "model" and node["original_file_path"].startswith("models/intermediate/"):
            expected = "protected" if readers[key] - {node["config"]["group"]} else "private"
            if node["access"] != expected:
                wrong[node["name"]] = expected
    assert wrong == {}


def test_models_keep_the_digests_that_their_readers_need(manifest: dict[str, Any]) -> None:
    """What is built by key is a table, and what it reads keeps digests by the keys that are needed, and by no other."""
    needed: dict[str, set[str]] = defaultdict(set)
    kept = {}
    for node in manifest["nodes"].values():
        meta = node["config"].get("meta") or {}
        if "digested_by" in meta:
            kept[node["name"]] = set(meta["digested_by"])
        if "keyed" in meta:
            assert node["config"]["materialized"] == "table", node["name"]
            for name, read in meta["keyed"]["reads"].items():
                needed[name].add(read["by"] if isinstance(read, dict) else read)
    assert kept == needed


REF = re.compile(r"ref\(([^)]*)\)")


def test_references_are_written_out() -> None:
    """A search for a model's name finds every reader."""
    built = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in [*MODELS, *TESTS, *ANALYSES]
        for found in REF.finditer(path.read_text(encoding="utf-8"))
        if not re.fullmatch(r"\s*(['\"])\w+\1\s*", found[1])
    ]
    assert built == []


def test_the_walks_in_the_readme_exist(manifest: dict[str, Any], parents: dict[str, list[str]]) -> None:
    """Each model of a walk reads the one before it, and every folder has its line."""
    text = (ROOT / "models/intermediate/README.md").read_text(encoding="utf-8")
    named = {model.split(".")[-1]: {parent.split(".")[-1] for parent in above} for model, above in parents.items()}
    wrong = []
    for walk in text.split("**From ")[1:]:
        models = [name for name in re.findall(r"`(\w+)`", walk.split("\n", 1)[1]) if name in named]
        wrong += [f"{after} reads no {before}" for before, after in pairwise(models) if before not in named[after]]
        assert len(models) > 10
    folders = {folder_of(manifest, model) for model in parents}
    subjects = {folder.removeprefix("intermediate/") for folder in folders if folder.startswith("intermediate/")}
    assert (wrong, [subject for subject in sorted(subjects) if f"`{subject}`" not in text]) == ([], [])


def test_links_in_the_repository_lead_to_its_own_files() -> None:
    """A link that leads out of a clone, or to itself, breaks every other clone: `make` could not even begin."""
    listed = subprocess.run(["git", "ls-files", "--stage"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    tracked = {path: mode for mode, path in re.findall(r"^(\d+) \S+ \d+\t(.+)$", listed, re.MULTILINE)}
    links = [path for path, mode in tracked.items() if mode == "120000"]
    assert links, "profiles.yml is a link, so none found means that this looks in the wrong place"
    leads_to = {path: os.path.normpath(Path(path).parent / (ROOT / path).readlink()) for path in links}
    assert {path: target for path, target in leads_to.items() if target not in tracked} == {}
