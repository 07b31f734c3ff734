"""What must hold between the settings of one variant, before any data is read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from brittlestar.core.metrics import factor_names, is_asked, metric_names, suggest_metric
from brittlestar.core.texts import suggest
from brittlestar.study.in_effect import is_read
from brittlestar.study.names import SESSION, prediction_column_problems
from brittlestar.study.settings import Study


@dataclass(frozen=True)
class Complaint:
    """A problem at the path of a setting, before anybody knows where that was written."""

    path: str
    what: str
    hint: str = ""


def check_variant(study: Study) -> list[Complaint]:
    """Everything that does not fit together in `data`, `model`, `training` and `report` of one variant."""
    return [*_data(study), *_model(study), *check_report(study)]


def check_effect(variant: Study, changes: Sequence[str]) -> Iterator[Complaint]:
    """Changes that a variant's model would never read: an ablation in name only. Of a built-in model only where it
    reads none: whoever changes the family need not clear away what belonged to the other."""
    model, training = variant.model, variant.training
    values = {"model.family": model.family, "model.layers": model.layers}
    values |= {"training.optimiser": training.optimiser, "training.schedule.kind": training.schedule.kind}
    own, given = model.own is not None, bool(model.predictions)
    read = [path for path in changes if is_read(path, values, own=own, itself=False, given=given)]
    of_files = ("model.predictions_columns", *(["model.abstain"] if given else []))
    unread = [path for path in changes if path not in (*read, *of_files)]
    for path in unread if own or given or len(unread) == len(changes) else ():
        whose, hint = f"the family {model.family}", "change model.family beside it to one that reads it"
        if path == "training.momentum":
            whose, hint = training.optimiser, "set training.optimiser to sgd beside it"
        elif path.startswith("training.schedule."):
            whose, hint = f"the schedule {training.schedule.kind}", "set training.schedule.kind to step beside it"
        elif model.own or given:
            whose = model.own.removeprefix(f"{SESSION}:") if model.own else "given predictions"
            hint = "pass it in model.params, name a built-in model.family beside it"
        yield Complaint(path, f"{path} has no effect on {whose}", f"{hint}, or drop the variant")


def _data(study: Study) -> Iterator[Complaint]:
    data = study.data
    if data.path is None and not data.splits:
        yield Complaint("data", "data names no source", "give data.path (a folder) or data.splits (name: file)")
    if data.splits and data.path is None and "train" not in data.splits:
        hint = suggest("train", data.splits) or "give data.splits.train"
        yield Complaint("data.splits", "there is no split 'train'", hint)
    if data.tokens.startswith("regex:"):
        yield from _pattern("data.tokens", data.tokens.removeprefix("regex:"))
    names: tuple[str, ...] = ()
    if data.factors is not None:
        problems = list(_pattern("data.factors", data.factors))
        yield from problems
        if not problems:
            names = factor_names(data.factors)
            if not names:
                yield Complaint("data.factors", "data.factors has no named group", "write (?P<shape>…)(?P<colour>…)")
            for name in names:
                if not re.fullmatch("[a-z][a-z0-9_]*", name):
                    yield Complaint("data.factors", f"the factor name '{name}' is not allowed", "use small letters")
    if data.factor is not None and data.factor not in names:
        hint = suggest(data.factor, names) or (f"known: {', '.join(names)}" if names else "give data.factors")
        yield Complaint("data.factor", f"there is no factor '{data.factor}'", hint)


def _pattern(path: str, pattern: str) -> Iterator[Complaint]:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        yield Complaint(path, f"{path} is not a regular expression: {error}")


def _model(study: Study) -> Iterator[Complaint]:
    model, embedding = study.model, study.model.embedding
    if model.own is None and model.kind != "auto":
        yield Complaint("model.kind", f"model.kind is {model.kind}, but no own model is given", "give model.own")
    if model.own is None and model.params:
        yield Complaint("model.params", "model.params are given, but no own model", "give model.own")
    if model.own is not None and model.predictions:
        yield Complaint("model.predictions", "both model.own and model.predictions are given", "keep one of them")
    if model.predictions_columns and not model.predictions:
        what = "model.predictions_columns is given, but no predictions"
        yield Complaint("model.predictions_columns", what, "give model.predictions")
    for problem in prediction_column_problems(model.predictions_columns, ""):
        yield Complaint("model.predictions_columns", problem.what, problem.hint)
    if model.variant is not None and not model.predictions:
        yield Complaint("model.variant", "model.variant is given, but no predictions", "give model.predictions")
    needs_table = embedding.mode in ("frozen-pretrained", "fine-tuned")
    if needs_table and embedding.table is None:
        hint = "give model.embedding.table, a file of vectors"
        yield Complaint("model.embedding.mode", f"{embedding.mode} needs a table", hint)
    if embedding.table is not None and not needs_table:
        what, hint = f"a table has no effect on a {embedding.mode} embedding", "frozen-pretrained or fine-tuned"
        yield Complaint("model.embedding.table", what, f"set model.embedding.mode to {hint}")
    if embedding.composition != "joint" and study.data.factors is None:
        yield Complaint("model.embedding.composition", f"{embedding.composition} needs factors", "give data.factors")


def check_report(study: Study) -> Iterator[Complaint]:
    """Metrics and splits, in the report and in the choice of checkpoints, that there are not."""
    try:
        known = metric_names(factor_names(study.data.factors))
    except re.error:
        return
    choosing = (("selection", study.training.selection), ("early_stopping", study.training.early_stopping))
    rules = [(f"training.{name}", one.metric, one.split) for name, one in choosing if one is not None]
    shown = [("report.metric", study.report.metric), *(("report.metrics", name) for name in study.report.metrics)]
    for path, metric in [*shown, *((f"{path}.metric", metric) for path, metric, _ in rules)]:
        if metric is not None and metric not in known and not ((path, metric) in shown and is_asked(metric)):
            yield Complaint(path, f"there is no metric '{metric}'", suggest_metric(metric, known))
    for path, split in [(f"{path}.split", split) for path, _, split in rules]:
        if split not in ("dev", "train"):
            yield Complaint(path, f"{path} is '{split}', but a checkpoint may be chosen on dev or train only")
