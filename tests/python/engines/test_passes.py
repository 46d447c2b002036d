"""The order of SQL and Python models for engines that run SQL only."""

from __future__ import annotations

from typing import Any

from shopper.engines.passes import Pass, passes, python_models


def manifest(**parents: str) -> dict[str, Any]:
    """A manifest of models with their parents; a name that ends in `_py` is a Python model."""
    return {
        "nodes": {
            f"model.shop.{name}": {
                "original_file_path": f"models/{name}.{'py' if name.endswith('_py') else 'sql'}",
                "depends_on": {"nodes": [f"model.shop.{parent}" for parent in found.split()]},
            }
            for name, found in parents.items()
        }
    }


def test_a_project_of_sql_is_built_at_once() -> None:
    assert passes(manifest(orders="", daily="orders")) == [Pass((), (), ())]


def test_a_python_model_stands_between_two_builds() -> None:
    project = manifest(orders="", fits_py="orders", values="fits_py orders")
    assert passes(project) == [Pass((), ("fits_py+",), ("fits_py",)), Pass(("fits_py+",), ("fits_py",), ())]


def test_python_after_python_is_fitted_in_the_same_pass() -> None:
    project = manifest(predictions_py="fits_py", fits_py="orders", orders="")
    assert [step.fits for step in passes(project)] == [("fits_py", "predictions_py"), ()]


def test_sql_between_two_python_models_takes_a_pass_of_its_own() -> None:
    project = manifest(orders="", splits_py="orders", arms="splits_py", intervals_py="arms", marts="intervals_py arms")
    assert passes(project) == [
        Pass((), ("splits_py+", "intervals_py+"), ("splits_py",)),
        Pass(("splits_py+",), ("splits_py", "intervals_py", "intervals_py+"), ("intervals_py",)),
        Pass(("intervals_py+",), ("splits_py", "intervals_py"), ()),
    ]


def test_python_models_come_parents_first() -> None:
    project = manifest(late_py="early_py", early_py="orders", orders="")
    assert python_models(project) == ["early_py", "late_py"]
