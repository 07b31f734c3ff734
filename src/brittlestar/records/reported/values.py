"""Values that are words, as people write them: `AdamW (torch)` is adamw."""

from __future__ import annotations

import re
from collections.abc import Mapping

from brittlestar.records.reported.numbers import is_none

_METRICS = {
    "log_loss": r"loss|cross.?entropy|nll",
    "balanced_accuracy": r"balanced",
    "accuracy": r"^(?:best |highest )?(?:(?:val|valid|dev|validation|eval|test|"
    r"development)[_ /-]?)?acc(?:uracy)?(?:_epoch)?(?: *(?:\(|on ).*)?$",
    "macro_f1": r"^(?!.*(?:micro|weighted)).*f1",
    "ece": r"ece|calibration",
    "hwa": r"hwa|harmonic",
    "swa": r"swa",
    "cwa": r"cwa",
}
_STREAMS = {
    "fixed": r"^(?:fixed|same|shared)",
    "varied": r"^(?:varied|varies)",
    "crossed": r"^crossed",
    "off": r"^(?:off|no|none)$",
}
SPLITS: Mapping[str, str] = {"dev": r"dev|val", "train": r"train"}
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "training.optimiser": {"adamw": r"adamw", "adam": r"adam(?!w)", "sgd": r"\bsgd|stochastic gradient"},
    "model.family": {
        "lstm": r"lstm|long short.term",
        "gru": r"\bgru|bigru|gated recurrent",
        "transformer": r"transformer|self.attention",
        "mean": r"mean of embeddings|averag|\bmean\b|\bcbow|deep averaging",
        "bag": r"\bbag\b|bag.of|bow\b|logistic",
    },
    "model.pooling": {
        "mean": r"mean|average|avg",
        "max": r"max",
        "last": r"last|final",
        "attention": r"attention|attentive",
    },
    "model.embedding.mode": {
        "frozen-random": r"frozen.random|random.*(?:frozen|fixed)|(?:frozen|fixed).*random",
        "frozen-pretrained": r"frozen.pretrained|pre.?trained.*(?:frozen|fixed)|(?:frozen|fixed).*pre.?trained",
        "fine-tuned": r"^(?!.*random).*(?:fine.?tuned?|pre.?trained)",
        "trained": r"train|learn|from scratch|updated|fine.?tuned?",
    },
    "training.schedule.kind": {
        "cosine": r"^(?!.*(?:restart|hard|cycl)).*cosine",
        "step": r"^(?:[\w.]*\.)?(?:step|steplr|step[ _-]decay|multi.?step(?:lr)?|step[ _-]?wise)$",
        "constant": r"^(?:constant|none|fixed|no|off|[-–—]|false|null|constant rate|"
        r"constant[ _](?:with|after)[ _](?:linear )?warm.?up|flat|constant lr)(?: \(none\))?$",
    },
    "training.precision": {
        "bf16": r"bf16|bfloat16",
        "fp32": r"fp32|float32|^32|single|full|^no$|^none$|^false$|torch\.float$",
    },
    "training.device": {
        "cpu": r"cpu|\bcores?\b|xeon|epyc|ryzen|processor|laptop",
        "cuda": r"cuda|gpu|a100|h100|v100|t4|rtx",
    },
    "training.class_weights": {
        "balanced": r"balanced|inverse",
        "none": r"^(?:none|no|off|false|uniform|equal|-|null|unweighted|1 each|all 1|ones)$",
    },
    **dict.fromkeys(("training.selection.split", "training.early_stopping.split"), SPLITS),
    "model.batch_statistics": {"stored": r"stor|kept|running|moving", "batch": r"^(?:of (?:the |each )?)?batch"},
    "model.embedding.composition": {"joint": r"^joint", "factor-sum": r"sum", "factor-concat": r"concat"},
    "data.train_without": {
        "leaks": r"leak|overlap|dev|test",
        "conflicts": r"conflict|contradict|noisy label",
        "none": r"^(?:none|no|nothing|off|all rows|[-–—])$",
    },
    **{f"streams.{name}": _STREAMS for name in ("init", "order", "dropout", "split", "sampling")},
    "data.order": {"permuted": r"permut|shuffl|random", "kept": r"kept|original|natural|none|as is"},
    "data.spelling": {"characters": r"char", "tokens": r"token|word"},
    "data.tokens": {
        "whitespace": r"white.?space|space|words?$",
        "characters": r"char",
        "list": r"^list|pre.?tokeni[sz]ed",
    },
    "training.selection.metric": _METRICS,
    "training.early_stopping.metric": _METRICS,
    "report.metric": _METRICS,
}


OTHER = "another"
"""A value that a setting cannot have here, and that people know elsewhere."""
_OTHERS: Mapping[str, str] = {
    "training.optimiser": "rms.?prop|ada(?:grad|delta|max|factor|belief)|n-?adam|radam|lamb|lion|l-?bfgs|sophia|muon",
    "training.schedule.kind": "restart|^(?:linear|polynomial|exponential|one.?cycle|(?:reduce.*)?plateau|"
    "inverse.?sqrt|noam|"
    "cyclic|triangular)(?:[ _-]?(?:decay|schedule|lr|annealing|to zero))?$",
    "model.family": "cnn|convolution|mlp|perceptron|bert|mamba|s4|gpt|t5|n-?gram|svm|forest|naive bayes",
    **dict.fromkeys(
        ("training.selection.metric", "training.early_stopping.metric", "report.metric"),
        "micro|weighted|\\bauc|precision|recall|\\bmcc\\b|kappa",
    ),
    "model.pooling": "^(?:cls|sum|first|concat\\w*|none)(?: token| pooling)?$",
    "data.tokens": "^regex:|bpe|byte.?pair|word.?piece|sentence.?piece|unigram|sub.?words?|\\bbytes?\\b",
    "training.precision": "fp16|float16|^16|half|fp64|float64|^64|double|fp8|int8|amp|mixed",
}


def unmark_text(text: str) -> str:
    """A value as written, without marks around it."""
    return re.sub(r"\\verb(\W)(.*?)\1", r"\2", text.strip()).strip("`\"' ")


UNUSED = {"training.schedule.kind": "constant", "training.class_weights": "none", "data.train_without": "none"}
"""What is in effect where somebody says that there is none."""


def plain_text(text: str) -> str:
    """The same in lower case, and without the word before a pattern."""
    return unmark_text(text).removeprefix("regex:").lower()


def read_choice(path: str, text: str) -> str | None:
    """Which of a setting's values a text means, by the words that people use; `another` where it means one that is
    known elsewhere, None where it means none that is known. Settings without such values are compared as they are
    written."""
    plain = re.sub(r"[${}]|(?<=[a-z$])_(?=\{?\d)", "", text.strip().strip("`\"'").lower())  # macro-F$_1$
    if path not in _CHOICES:
        return plain or None
    if plain.replace(" ", "-") in _CHOICES[path]:
        return plain.replace(" ", "-")
    if path in UNUSED and is_none(plain):
        return UNUSED[path]
    ours = next((value for value, words in _CHOICES[path].items() if re.search(words, plain)), None)
    return OTHER if ours is None and re.search(_OTHERS.get(path, "(?!)"), plain) else ours


def has_choices(path: str) -> bool:
    """Whether a setting has values that are words."""
    return path in _CHOICES
