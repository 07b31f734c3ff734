"""Reports of the third set with a field that nothing reads, or of which nobody can say what it means."""

from __future__ import annotations

from exam.record.report import Report, as_csv, as_markdown, as_yaml, matching, stated
from exam.record.third.layouts import as_exported, as_flags, as_heads, as_pairs, as_searched
from exam.record.third.studies import HERON, PLOVER, TERN

LEARNED = matching("training.learning_rate")
TREES = matching("model.params.n_estimators")

IDLE = (
    Report(
        "epochs of trees",
        "plover",
        ".yaml",
        as_yaml(stated(PLOVER, {"num_train_epochs": "20"})),
        {"training.epochs": "without-effect", **TREES},
    ),
    Report(
        "optimiser and batches of trees",
        "plover",
        ".md",
        as_searched(stated(PLOVER, {"optimizer": "Adam", "batch size": "64"}), {"batch size": "32, 64"}),
        {"training.optimiser": "without-effect", "training.batch_size": "without-effect", **TREES},
    ),
    Report(
        "norm of gradients of trees",
        "plover",
        ".csv",
        as_csv(stated(PLOVER, {"training.clip": "1.0"}), "Hyperparameter", "Best value"),
        {"training.clip": "without-effect", **TREES},
    ),
    Report(
        "positions of a recurrent network, beside its width",
        "heron",
        ".md",
        as_pairs(stated(HERON, {"Positional encodings": "yes"})),
        {"model.positions": "without-effect", **LEARNED},
    ),
    Report(
        "momentum among flags",
        "tern",
        ".yaml",
        as_flags(stated(TERN, {"momentum": "0.0"})),
        {"training.momentum": "without-effect", **LEARNED},
    ),
    Report(
        "steps beside a cosine",
        "tern",
        ".yaml",
        as_exported(stated(TERN, {"training.schedule.every": "10", "seeds": "[101, 202]"})),
        {"training.schedule.every": "without-effect", **matching("training.schedule.kind")},
    ),
)

AMBIGUOUS = (
    Report(
        "a coefficient of something",
        "heron",
        ".yaml",
        as_exported(stated(HERON, {"coefficient": "0.7", "seeds": "[13, 42, 1234]"})),
        {"coefficient": "ambiguous", **LEARNED},
    ),
    Report(
        "a p of something",
        "heron",
        ".md",
        as_pairs(stated(HERON, {"$p$": "0.5"})),
        {"$p$": "ambiguous", **matching("model.dropout.head")},
    ),
    Report(
        "a rho of something",
        "tern",
        ".md",
        as_heads(stated(TERN, {"ρ": "0.95"})),
        {"ρ": "ambiguous", **LEARNED},
    ),
    Report(
        "a strength of something",
        "tern",
        ".yaml",
        as_flags(stated(TERN, {"strength": "0.3"})),
        {"strength": "ambiguous", **LEARNED},
    ),
    Report(
        "an amount of something",
        "plover",
        ".csv",
        as_csv(stated(PLOVER, {"amount": "7"}), "Parameter", "Chosen"),
        {"amount": "ambiguous", **TREES},
    ),
    Report(
        "a capital of something",
        "plover",
        ".md",
        as_markdown(stated(PLOVER, {"K": "10"}), "Parameter", "Setting"),
        {"K": "ambiguous", **TREES},
    ),
)
