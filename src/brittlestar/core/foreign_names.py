"""What other tools call metrics, splits and columns, the commonest name first, and the words of a name."""

import re
from collections.abc import Mapping

METRIC_NAMES: Mapping[str, tuple[str, ...]] = {
    "accuracy": (
        *("accuracy", "acc", "top1", "top_1", "acc1", "acc_1", "top1_acc", "acc_top1", "binary_accuracy"),
        *("categorical_accuracy", "sparse_categorical_accuracy", "multiclass_accuracy"),
    ),
    "balanced_accuracy": ("balanced_accuracy", "balanced_acc", "bacc", "uar", "macro_accuracy", "macro_recall"),
    "macro_f1": ("macro_f1", "f1_macro", "macro_f1_score"),
    "f1": ("f1", "f1_score", "f_score", "fscore", "f1score"),
    "log_loss": (
        *("loss", "losses", "log_loss", "logloss", "nll", "nll_loss", "ce", "ce_loss", "cross_entropy"),
        *("crossentropy", "cross_entropy_loss", "loss_ce", "xent"),
    ),
    "ece": ("ece", "calibration", "calibration_error", "expected_calibration_error"),
    "mcc": ("mcc", "matthews", "matthews_corrcoef", "matthews_correlation", "phi"),
    "brier": ("brier", "brier_score", "brier_score_loss", "brier_loss"),
    "auc": ("auc", "roc_auc", "auroc", "roc_auc_score", "auc_roc"),
    "average_precision": ("average_precision", "ap", "pr_auc", "auprc", "average_precision_score"),
    "top_k": ("top_k", "topk", "top_k_accuracy"),
}
"""`f1` says not of what kind."""
SPLIT_NAMES: Mapping[str, tuple[str, ...]] = {
    "train": ("train", "training", "tr"),
    "dev": ("val", "valid", "validation", "dev", "eval", "evaluation", "development"),
}
"""Splits of which logs have curves."""
COLUMN_NAMES: Mapping[str, tuple[str, ...]] = {
    "epoch": ("epoch", "epochs", "ep", "trainer_epoch", "train_epoch"),
    "step": ("step", "steps", "global_step", "iteration", "iterations", "iter", "trainer_global_step",
             "train_global_step"),
    "seed": ("seed", "run", "run_id", "run_name", "trial"),
    "id": ("ids", "uid", "uuid", "guid", "idx", "index", "key", "row_id", "example_id", "example"),
    "prediction": ("predictions", "pred", "preds", "predicted", "predicted_label", "y_pred", "yhat", "y_hat", "output"),
    "sequence": ("seq", "text", "tokens", "sentence", "input", "content", "x", "message", "string"),
    "label": ("labels", "target", "class", "y", "category", "output", "intent", "gold", "gold_label", "truth", "y_true",
              "true_label", "actual"),
}  # fmt: skip
"""Columns of logs, of predictions and of data."""


def list_metric_names(metric: str) -> tuple[str, ...]:
    """What a metric is called elsewhere, `f1` for macro F1 too; none of another."""
    meant = ("macro_f1", "f1") if metric == "macro_f1" else (metric,)
    return tuple(name for one in meant for name in METRIC_NAMES.get(one, ()))


def list_words(name: str) -> list[str]:
    """The words of a name, in lower case: `maxEpochs`, `max-epochs` and `Max epochs` have the same ones."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [word for word in re.split(r"[\W_]+", spaced.lower()) if word]
