"""From an opened study to cells that can run: own code found, given predictions matched, cells named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brittlestar.core.cells import Cell
from brittlestar.core.errors import BrittlestarError, InputError, MissingExtraError, Problem
from brittlestar.core.metrics import headline_metric
from brittlestar.data.predictions.runs import Given
from brittlestar.execution.imported import find_variant_runs, is_given
from brittlestar.pipeline.open import Opened, with_given_variants
from brittlestar.pipeline.own_checks import SETTING, OwnCheck, is_beside, load_checks
from brittlestar.pipeline.own_metrics import load_metrics
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_study
from brittlestar.study.asked_metrics import list_asked
from brittlestar.study.expand import check_streams, expand
from brittlestar.study.names import MAIN, show_reference
from brittlestar.training.process import has_torch

if TYPE_CHECKING:
    from brittlestar.models.own import OwnModel


@dataclass(frozen=True)
class Prepared:
    """A study whose cells are named. `given` holds imported predictions by (variant, seed); `own_digests` and
    `own_kinds` by variant; `checks` are those of others that the study names."""

    opened: Opened
    cells: tuple[Cell, ...]
    search_path: Path
    metric: str
    own_digests: Mapping[str, str | None]
    given: Given = field(default_factory=dict[tuple[str, int], Any])
    checks: tuple[OwnCheck, ...] = ()
    own_kinds: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def trainable(self) -> tuple[Cell, ...]:
        """Cells that a worker trains or fits."""
        return tuple(cell for cell in self.cells if not is_given(cell))


def prepare(opened: Opened) -> Prepared:
    """Find own code, match given predictions and name every cell; nothing is written. Raises InputError, and
    MissingExtraError where a network has to be trained and PyTorch is not installed."""
    given, opened = match_given(opened)
    own = [study.model.own for study in opened.loaded.by_variant.values() if study.model.own is not None]
    beside = any(is_beside(one, opened.base) for one in own)
    search_path = opened.base if beside else opened.named.folder or Path.cwd()
    digests, kinds = _own_code(opened, search_path)
    check_streams(kinds, opened.study.streams)
    _refuse_unread(opened, kinds)
    cells = expand(opened.loaded, opened.fingerprints, digests)
    if given:
        cells = tuple(
            cell for cell in cells if not is_given(cell) or (find_variant_runs(cell, given), cell.seed) in given
        )
    training = (cell.variant for cell in cells if not is_given(cell))
    trained = [name for name in dict.fromkeys(training) if kinds.get(name, "factory") == "factory"]
    if trained and not has_torch():
        alone = "" if len(trained) == len({cell.variant for cell in cells}) else "; without it: --set 'variants={}'"
        what = f"PyTorch is not installed, and {', '.join(trained)} cannot be trained"
        raise MissingExtraError(what, hint=f"pip install 'brittlestar[train]'{alone}")
    study = opened.study
    metric = study.report.metric or headline_metric(tuple(opened.data.vocabulary.factors))
    load_metrics(list_asked(study), opened.data.classes, opened.base)
    checks = load_checks(study.report.checks, SETTING, opened.base)
    return Prepared(opened, cells, search_path, metric, digests, given, checks, kinds)


def match_given(opened: Opened) -> tuple[Given, Opened]:
    """Given predictions by (variant, seed), and the study with the variants that they are of. Raises InputError where
    they do not fit the data."""
    sources = opened.prediction_sources
    if not sources:
        return {}, opened
    given = opened.match(sources)
    return given, with_given_variants(opened, [*given])


def _own_code(opened: Opened, search_path: Path) -> tuple[dict[str, str | None], dict[str, str]]:
    digests: dict[str, str | None] = {}
    kinds: dict[str, str] = {}
    for name, study in opened.loaded.by_variant.items():
        digests[name] = None
        if study.model.own is not None:
            from brittlestar.models.own import load_own, refuse_numeric
            from brittlestar.models.own_params import check_own_parameters

            try:
                own = load_own(study.model.own, study.model.kind, search_path, opened.named.session)
                check_own_parameters(own, study.model.params)
                refuse_numeric(own)
            except InputError as error:
                raise InputError([_place_problem(problem, name, opened) for problem in error.problems]) from error
            digests[name], kinds[name] = own.digest, own.kind
    return digests, kinds


def _refuse_unread(opened: Opened, kinds: Mapping[str, str]) -> None:
    """Raise InputError for settings of training that a variant changes whose model trains itself, and for those that
    were stated where every model does."""
    study, loaded = opened.study, opened.loaded
    models = {name: one.model for name, one in loaded.by_variant.items()}
    itself = [name for name in models if kinds.get(name) in ("fit", "estimator")]
    unread = [
        (path, name, loaded.where(f"variants.{name}"))
        for name in itself
        if name in study.variants
        for path in study.variants[name].set
    ]
    if itself and len(itself) + sum(bool(model.predictions) for model in models.values()) >= len(models):
        whose = show_reference(models[itself[0]].own)
        unread += [(path, whose, "--set") for path, origin in loaded.origins.items() if origin == "--set"]
    hint = "set it in that code; it reads what model.params has"
    wrong = [
        Problem(f"{path} has no effect on {whose}, which trains itself", where, hint)
        for path, whose, where in unread
        if path.startswith("training.")
    ]
    if wrong:
        raise InputError(wrong)


def _place_problem(problem: Problem, variant: str, opened: Opened) -> Problem:
    """The models room knows no study: `model.own` becomes the place where it was written."""
    if problem.where != "model.own":
        return problem
    written = opened.loaded.where("model.own" if variant == MAIN else f"variants.{variant}")
    return replace(problem, where="--model" if written == "--set" else written)


def load_code(folder: Path, model: Mapping[str, Any]) -> OwnModel | None:
    """The code in `folder` that `model` names (settings of that section), loaded into this process; None for a built-in
    model, and where it cannot be loaded."""
    if model["own"] is None:
        return None
    from brittlestar.models.own import load_own

    try:
        return load_own(str(model["own"]), model["kind"] or "auto", folder)
    except BrittlestarError:
        return None


def declare(store: Store, model: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that it declares, with their defaults; empty without own code."""
    from brittlestar.models.own_params import declare_parameters

    own = load_code((store.anchor / read_study(store)["search_path"]).resolve(), model)
    return {} if own is None else declare_parameters(own)
