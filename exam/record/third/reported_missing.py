"""Reports of the third set that leave something out: what somebody set, or what nobody chose."""

from __future__ import annotations

from collections.abc import Mapping

from exam.record.report import Kind, Report, as_csv, as_markdown, as_yaml, matching, stated
from exam.record.third.layouts import as_exported, as_flags, as_heads, as_pairs, as_searched
from exam.record.third.studies import HERON, PLOVER, TERN


def _omitted(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    return {**dict.fromkeys(paths, "omitted"), **matching(*right)}


def _default(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    return {**dict.fromkeys(paths, "omitted-default"), **matching(*right)}


LISTED = {"seeds": "[13, 42, 1234]"}

OMITTED = (
    Report(
        "smoothing that was not exported",
        "heron",
        ".yaml",
        as_exported(stated(HERON, LISTED, without=("label smoothing",))),
        _omitted("training.label_smoothing", right=("training.class_weights", "seeds")),
    ),
    Report(
        "frozen in silence",
        "heron",
        ".md",
        as_pairs(stated(HERON, without=("model.embedding.mode",))),
        _omitted("model.embedding.mode", right=("model.embedding.dim",)),
    ),
    Report(
        "no seeds",
        "heron",
        ".md",
        as_searched(stated(HERON, without=("seeds",)), {"hidden size": "18–72"}),
        _omitted("seeds", right=("model.hidden", "training.learning_rate")),
    ),
    Report(
        "no decay among the flags",
        "tern",
        ".yaml",
        as_flags(stated(TERN, without=("weight decay",))),
        _omitted("training.weight_decay", right=("training.learning_rate",)),
    ),
    Report(
        "no heads in the heading",
        "tern",
        ".md",
        as_heads(stated(TERN, without=("heads",))),
        _omitted("model.heads", right=("model.layers", "model.hidden")),
    ),
    Report(
        "one dropout of two",
        "tern",
        ".csv",
        as_csv(stated(TERN, without=("model.dropout.head",)), "hparam", "value"),
        _omitted("model.dropout.head", right=("model.dropout.encoder",)),
    ),
    Report(
        "no share of rows for each tree",
        "plover",
        ".md",
        as_heads(stated(PLOVER, without=("model.params.subsample",))),
        _omitted("model.params.subsample", right=("model.params.learning_rate",)),
    ),
    Report(
        "all rows, it seems",
        "plover",
        ".yaml",
        as_yaml(stated(PLOVER, without=("training examples",))),
        _omitted("data.train_rows", right=("model.params.max_depth",)),
    ),
)

DEFAULT = (
    Report(
        "nothing of decay and direction",
        "heron",
        ".md",
        as_heads(HERON),
        _default("training.weight_decay", "training.schedule.kind", "model.bidirectional"),
    ),
    Report(
        "nothing of norms and stopping",
        "tern",
        ".md",
        as_pairs(TERN),
        _default("training.clip", "training.label_smoothing", "training.class_weights", "model.embedding.dim"),
    ),
    Report(
        "clipping alone of the defaults",
        "tern",
        ".yaml",
        as_flags(stated(TERN, {"grad-clip-norm": "1.0"})),
        _default("library.Adam.eps", "model.dropout.embedding", right=("training.clip",)),
    ),
    Report(
        "nothing of tokens",
        "plover",
        ".md",
        as_markdown(stated(PLOVER), "Parameter", "Best"),
        _default("data.tokens", "data.order", right=("data.train_rows",)),
    ),
)
