"""Tries the mutants of models, one of each model in turn, so that a run that is stopped has looked everywhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice, zip_longest

import duckdb
from sqlglot import exp

from shopper.bench.mutation.built import Built, Model
from shopper.bench.mutation.mutants import Mutant, changed, mutants, parsed, written
from shopper.bench.mutation.results import INVALID, KILLED, SURVIVED, Result, Results
from shopper.bench.mutation.trial import Trial
from shopper.bench.mutation.unit_tests import UnitTests


class Mutating:
    """Models with their mutants, tried on one warehouse."""

    def __init__(self, built: Built, open_trial: Callable[[], Trial], models: Sequence[Model], per_model: int) -> None:
        self._built = built
        self._open = cache(open_trial)
        self._trees = {model.name: parsed(model.sql or "") for model in models}
        found = ([*islice(mutants(name, tree), per_model)] for name, tree in self._trees.items())
        self.mutants = [one for turn in zip_longest(*found) for one in turn if one]
        self._unit_tests = cache(lambda name: UnitTests(built, name, self._open().connection))
        self._is_read = cache(self._is_read_right)

    def run(self, results: Results, seconds: float, *, survivors_again: bool = False) -> Iterator[Result]:
        """Try what has no result yet, until the seconds are over. Each result is stored as soon as it is known."""
        ends = time.monotonic() + seconds
        for mutant in self.mutants:
            known = results.by_key.get(mutant.key)
            if known and not (survivors_again and known.outcome == SURVIVED):
                continue
            if time.monotonic() > ends:
                return
            if self._is_read(mutant.model):
                result = self._tried(mutant)
                results.add(result)
                yield result

    def _tried(self, mutant: Mutant) -> Result:
        model = self._built.models[mutant.model]
        tree = changed(self._trees[mutant.model], mutant)
        trial = self._open()
        sql = written(tree) if isinstance(tree, exp.Expr) else ""
        facts = (mutant.key, mutant.model, model.domain, mutant.step, mutant.text)
        if not trial.is_valid(sql):
            return Result(*facts, INVALID)
        by = self._unit_tests(mutant.model).killer(mutant)
        if by:
            return Result(*facts, KILLED, f"unit:{by}")
        try:
            if trial.is_same(model, sql):
                return Result(*facts, SURVIVED, is_same=True)
        except duckdb.Error as error:
            return Result(*facts, KILLED, f"error:{type(error).__name__}")
        by = trial.killer(model, sql)
        return Result(*facts, KILLED if by else SURVIVED, by or "")

    def _is_read_right(self, name: str) -> bool:
        """Whether the model, read and written again, is still the model. A dialect's gap would count as a mutant."""
        return self._open().is_same(self._built.models[name], written(self._trees[name]))
