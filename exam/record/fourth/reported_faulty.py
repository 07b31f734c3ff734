"""Reports of the fourth set with a value, an omission or a field that is not as it should be."""

from __future__ import annotations

from exam.record.fourth.layouts import as_fixed_sweep, as_items, as_noted, as_ranged, as_sections
from exam.record.fourth.reported_curlew import CALL, NAMESPACE, PROSE
from exam.record.fourth.reported_godwit import CARD, PARTS, PERCENT, SWEEP, SYMBOLS
from exam.record.fourth.studies import CURLEW, GODWIT
from exam.record.report import Kind, Report, as_csv, as_markdown, as_yaml, matching, stated


def _as(kind: Kind, *paths: str, right: tuple[str, ...] = ()) -> dict[str, Kind]:
    return {**dict.fromkeys(paths, kind), **matching(*right)}


WRONG = (
    Report(
        "one way",
        "curlew",
        ".yaml",
        as_items(stated(NAMESPACE, {"bidirectional": "False"})),
        _as("misstated", "model.bidirectional", right=("model.hidden",)),
    ),
    Report(
        "the usual momentum in a row with another setting",
        "curlew",
        ".md",
        as_markdown(stated(PROSE, {"Optimiser": "SGD with momentum 0.9"}), "Component", "Choice"),
        _as("misstated", "training.momentum", right=("training.optimiser", "training.learning_rate")),
    ),
    Report(
        "a call with another argument",
        "curlew",
        ".md",
        as_markdown(stated(CALL, {"schedule": "StepLR(step_size=3, gamma=0.5)"}), "Setting", "Used"),
        _as("misstated", "training.schedule.every", right=("training.schedule.kind", "training.schedule.gamma")),
    ),
    Report(
        "tokens of another kind",
        "curlew",
        ".md",
        as_noted(stated(CURLEW, {"tokenization": "whitespace"}), {"hidden size": "per direction"}),
        _as("misstated", "data.tokens", right=("model.family",)),
    ),
    Report(
        "twice the share of steps",
        "godwit",
        ".md",
        as_markdown(stated(CARD, {"lr_scheduler_warmup_ratio": "0.1"}), "hyperparameter", "value"),
        _as("misstated", "training.schedule.warmup", right=("training.schedule.kind", "training.epochs")),
    ),
    Report(
        "more steps in all",
        "godwit",
        ".csv",
        as_sections({**PARTS, "training": {**PARTS["training"], "total steps": "3200"}}),
        _as("misstated", "training.epochs", right=("training.batch_size",)),
    ),
    Report(
        "another optimiser",
        "godwit",
        ".yaml",
        as_fixed_sweep(stated(SWEEP, {"optimizer": "rmsprop"})),
        _as("misstated", "training.optimiser", right=("training.learning_rate", "training.weight_decay")),
    ),
    Report(
        "a point in a percentage",
        "godwit",
        ".csv",
        as_csv(stated(GODWIT, {**PERCENT, "label smoothing": "0.8%"})),
        _as("misstated", "training.label_smoothing", right=("model.dropout.encoder", "model.dropout.head")),
    ),
)
OMITTED = (
    Report(
        "nothing of momentum",
        "curlew",
        ".csv",
        as_csv(stated(NAMESPACE, without=("momentum",)), "argument", "value"),
        _as("omitted", "training.momentum", right=("training.optimiser",)),
    ),
    Report(
        "nothing of the tokens",
        "curlew",
        ".md",
        as_ranged(stated(CURLEW, without=("tokenization",)), {"layers": "1–3"}),
        _as("omitted", "data.tokens", right=("model.embedding.dim",)),
    ),
    Report(
        "steps down of no size",
        "curlew",
        ".yaml",
        as_yaml(stated(NAMESPACE, without=("lr_gamma",))),
        _as("omitted", "training.schedule.gamma", right=("training.schedule.kind", "training.schedule.every")),
    ),
    Report(
        "nothing of the heads",
        "godwit",
        ".md",
        as_markdown(stated(SYMBOLS, without=("Number of heads $H$",)), "Quantity", "Value"),
        _as("omitted", "model.heads", right=("model.layers", "model.hidden")),
    ),
    Report(
        "nothing of the smaller train",
        "godwit",
        ".yaml",
        as_fixed_sweep(stated(SWEEP, without=("n_train",))),
        _as("omitted", "data.train_rows", right=("training.epochs",)),
    ),
)
DEFAULT = (
    Report(
        "nothing of Nesterov",
        "curlew",
        ".yaml",
        as_yaml(NAMESPACE),
        _as("omitted-default", "library.SGD.nesterov", "model.embedding.mode", right=("training.momentum",)),
    ),
    Report(
        "nothing of vectors and classes",
        "godwit",
        ".yaml",
        as_yaml(SWEEP),
        _as("omitted-default", "model.embedding.dim", "training.class_weights", "model.positions"),
    ),
    Report(
        "betas alone",
        "godwit",
        ".csv",
        as_csv(stated(GODWIT, {"AdamW betas": "(0.9, 0.999)"}), "Name", "Value"),
        _as("omitted-default", "library.Adam.eps", right=("library.Adam.betas",)),
    ),
)
IDLE = (
    Report(
        "heads of a recurrent network",
        "curlew",
        ".csv",
        as_csv(stated(NAMESPACE, {"num_attention_heads": "4"}), "argument", "value"),
        _as("without-effect", "model.heads", right=("model.family", "model.layers")),
    ),
    Report(
        "a factor without steps",
        "godwit",
        ".md",
        as_noted(stated(GODWIT, {"training.schedule.gamma": "0.1"}), {"heads": "8 dimensions each"}),
        _as("without-effect", "training.schedule.gamma", right=("training.schedule.kind",)),
    ),
    Report(
        "a direction of attention",
        "godwit",
        ".yaml",
        as_yaml(stated(SWEEP, {"model.bidirectional": "false"})),
        _as("without-effect", "model.bidirectional", right=("model.family",)),
    ),
)
AMBIGUOUS = (
    Report(
        "a letter of something",
        "curlew",
        ".md",
        as_noted(stated(CURLEW, {"α": "0.3"}), {"seeds": "three runs"}),
        _as("ambiguous", "α", right=("training.learning_rate",)),
    ),
    Report(
        "a size of something",
        "godwit",
        ".yaml",
        as_fixed_sweep(stated(SWEEP, {"size": "128"})),
        {"size": "ambiguous", **matching("model.hidden", "training.batch_size")},
    ),
    Report(
        "a ratio of something",
        "godwit",
        ".md",
        as_markdown(stated(SYMBOLS, {"Ratio": "0.4"}), "Quantity", "Value"),
        {"Ratio": "ambiguous", **matching("training.schedule.warmup")},
    ),
)
FAULTY = (*WRONG, *OMITTED, *DEFAULT, *IDLE, *AMBIGUOUS)
