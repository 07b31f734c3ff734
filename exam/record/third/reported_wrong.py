"""Reports of the third set in which one value is not the one that was used."""

from __future__ import annotations

from collections.abc import Mapping

from exam.record.report import Kind, Report, as_csv, as_markdown, as_yaml, matching, stated
from exam.record.third.layouts import as_exported, as_flags, as_heads, as_pairs, as_searched, as_semicolons
from exam.record.third.reported_heron import COMMAS
from exam.record.third.studies import HERON, PLOVER, TERN


def _wrong(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    return {**dict.fromkeys(paths, "misstated"), **matching(*right)}


LEARNED = ("training.learning_rate",)

WRONG = (
    Report(
        "a comma too far",
        "heron",
        ".csv",
        as_semicolons(stated(HERON, {**COMMAS, "learning rate": "0,04"})),
        _wrong("training.learning_rate", right=("training.label_smoothing", "training.clip")),
    ),
    Report(
        "vectors that learned",
        "heron",
        ".yaml",
        as_exported(stated(HERON, {"model.embedding.mode": "trained", "seeds": "[13, 42, 1234]"})),
        _wrong("model.embedding.mode", right=("model.embedding.dim",)),
    ),
    Report(
        "classes alike",
        "heron",
        ".md",
        as_pairs(stated(HERON, {"class weights": "uniform"})),
        _wrong("training.class_weights", right=("training.label_smoothing",)),
    ),
    Report(
        "another choice of those that were tried",
        "heron",
        ".md",
        as_searched(stated(HERON, {"learning rate": "0.01"}), {"learning rate": "{0.001, 0.004, 0.01}"}),
        _wrong("training.learning_rate", right=("training.batch_size",)),
    ),
    Report(
        "clipping in the heading",
        "heron",
        ".md",
        as_heads(stated(HERON, {"gradient clipping": "7.5 (global norm)"})),
        _wrong("training.clip", right=LEARNED),
    ),
    Report(
        "epochs as a ratio",
        "tern",
        ".yaml",
        as_yaml(stated(TERN, {"warmup_ratio": "0.4"}, without=("warmup epochs",))),
        _wrong("training.schedule.warmup", right=("training.schedule.kind", "training.epochs")),
    ),
    Report(
        "no positions",
        "tern",
        ".md",
        as_pairs(stated(TERN, {"Positional encoding": "none"}, without=("model.positions",))),
        _wrong("model.positions", right=("model.heads",)),
    ),
    Report(
        "one beta of attention papers",
        "tern",
        ".md",
        as_markdown(stated(TERN, {"Adam $\\beta_1$": "$0.9$", "Adam $\\beta_2$": "$0.98$"})),
        _wrong("library.Adam.betas", right=("training.optimiser",)),
    ),
    Report(
        "another one in bold",
        "tern",
        ".md",
        as_markdown(stated(TERN, {"batch size": "8, 16, **32**"}), "Setting", "Values tried (chosen in bold)"),
        _wrong("training.batch_size", right=LEARNED),
    ),
    Report(
        "best by the loss",
        "tern",
        ".yaml",
        as_flags(
            stated(TERN, {"metric_for_best_model": "eval_loss"}, without=("training.selection.metric",)),
        ),
        _wrong("training.selection.metric", right=("training.epochs",)),
    ),
    Report(
        "deeper trees",
        "plover",
        ".csv",
        as_csv(stated(PLOVER, {"model.params.max_depth": "5 levels"}), "Parameter", "Best value"),
        _wrong("model.params.max_depth", right=("model.params.n_estimators", "model.params.subsample")),
    ),
    Report(
        "a longer range of seeds",
        "plover",
        ".yaml",
        as_exported(stated(PLOVER, {"seeds": "range(5)"})),
        _wrong("seeds", right=("model.params.n_estimators",)),
    ),
)
