"""The setting that a name means by the words in it, where nobody has listed the name: `clip the gradient norm at`."""

from __future__ import annotations

import re

from brittlestar.records.reported.aliases import LONGEST
from brittlestar.records.reported.numbers import is_none, read_length, read_number, read_whether
from brittlestar.records.reported.seeds import read_seeds
from brittlestar.records.reported.values import has_choices, read_choice

_OTHER = re.compile(
    r"activat|normali[sz]|\bnorms?\b(?! clip| limit| penalty)|eval|test|valid|\bdev\b|bias|vocab|teacher|student|range|"
    r"\bloss\b(?! weight)|max\w* (?:seq|len)|decoder|target(?! smooth)|source|\bmin|final|\bend\b|time|second|accura|"
    r"parameter|score|search|grid|tried|log|sav|worker|accumul|attention dropout|head dim|labels$|cost|price|baseline|"
    r"(?:batch|layer) ?norm|kernel|window|stride|filter|channel|best epoch|(?:per|stopped|last) (?:at )?epoch|steps per"
)
"""Words of names that mean something else, of which a study has no setting."""
_CLIP = re.compile(r"clip|\bgrad\w* norm|\bnorm limit")
_WORDS = (
    ("training.label_smoothing", r"smooth"),
    ("training.schedule.warmup", r"warm ?up"),
    (
        "training.schedule.every",
        r"^(?!.*\b(?:factor|multiplier)).*(?:decay|drop|lr|step|anneal)\w*\b.*\b(?:every|interval|period|step)\b|"
        r"per decay",
    ),
    ("training.schedule.gamma", r"(?:decay|drop|reduction|anneal\w*|multiplicative|step)\b.*\b(?:factor|multiplier)"),
    ("training.schedule.kind", r"schedul|anneal|lr policy|decay type"),
    ("training.weight_decay", r"weight ?decay|decay of (?:the )?weights|adamw decay|\bl2\b|ℓ2"),
    ("training.early_stopping.patience", r"patience|without improv|early ?stop\w*(?: after| window)?$"),
    ("training.early_stopping.metric", r"early ?stop\w* (?:on|quantity|criterion|metric)|\bes metric|monitored"),
    ("training.selection.split", r"(?:selected|chosen) on|selection (?:set|split)"),
    (
        "training.selection.metric",
        r"(?:checkpoint|model|epoch)s? (?:select|chosen|by)|best (?:checkpoint|epoch)|select\w* by",
    ),
    (
        "training.class_weights",
        r"class ?(?:weight|balanc)|weights of (?:the )?classes|balanced|class weighted|loss weight",
    ),
    ("training.batch_size", r"\bbatch(?: ?size)?\b|(?:examples|samples|rows|sequences) per (?:update|step|batch)"),
    ("training.epochs", r"\bepochs?\b|\bpasses\b|training (?:length|duration)"),
    ("training.momentum", r"momentum"),
    ("training.learning_rate", r"^(?!.*(?:decay|embed|encoder|head|classif)).*(?:learning ?rate|\blr\b|step size)"),
    (
        "model.dropout.encoder",
        r"(?:rnn|recurrent|encoder|lstm|gru|hidden|layers?).*drop|drop.*(?:rnn|recurrent|encoder)",
    ),
    (
        "model.dropout.head",
        r"\b(?:head|cls|out|readout|classif\w*|softmax)\b.*drop|drop ?out\b.*\b(?:out|softmax|head|classif\w*)$",
    ),
    ("model.dropout.embedding", r"(?:emb|word|input).*drop|drop\w* emb"),
    ("model.bidirectional", r"direction|both ways"),
    ("model.heads", r"\bheads?\b"),
    ("model.positions", r"\bpos(?:ition)?(?:al|s)?\b"),
    ("model.pooling", r"pool|readout|representation|summary of (?:the )?states"),
    ("model.embedding.scale", r"emb.*(?:scale|std|gain)|(?:scale|std) of (?:the )?emb"),
    (
        "model.embedding.mode",
        r"(?:freeze|frozen|train|init)\w*.*\bemb|\bemb\w* (?:layer|train|init|weights|frozen)|^frozen$",
    ),
    ("model.embedding.dim", r"(?:emb|vector|word)\w*.*\b(?:dims?|size|width|length)\b|\b(?:n embd|d emb|dim emb\w*)\b"),
    ("model.initial_scale", r"(?:init|weight)\w*.*\b(?:scale|gain)\b|scale of (?:the )?init"),
    ("model.layers", r"^(?!.*(?:width|size|units|cells)).*(?:\blayers?\b|\bblocks\b|stack depth)"),
    ("model.hidden", r"hidden|\bunits\b|cells per|\bwidth\b|state (?:size|dim)"),
    ("training.optimiser", r"optimi[sz]|update rule|algorithm|gradient method"),
    ("model.family", r"classifier|network|sequence model|architecture"),
    ("data.train_rows", r"train\w*.*\b(?:rows|size|instances|examples|samples|sequences)\b"),
    ("data.order", r"\border\b|shuffle tokens"),
    ("data.tokens", r"token|segmentation|input unit"),
    ("seeds", r"\bseeds?\b|\bruns\b|repeat|repetition|restarts|replicat|independent train"),
    ("training.precision", r"precision|float|arithmetic"),
)


def guess_path(name: str, text: str) -> str | None:
    """The one setting that a name is about by its words, if the text is a value of that; None where that is not so."""
    if len(name) > LONGEST:
        return None
    spelled = re.sub(r"\\[a-z]+|[${}\\]", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    plain = re.sub(r"[\s_.\-/#]+", " ", spelled).strip().lower()
    if _CLIP.search(plain):
        return "training.clip" if _is_value("training.clip", text) else None
    if _OTHER.search(plain):
        return None
    return next((path for path, words in _WORDS if re.search(words, plain) and _is_value(path, text)), None)


def _is_value(path: str, text: str) -> bool:
    if path in ("model.bidirectional", "model.positions"):
        return read_whether(text) is not None or re.search(r"\b(?:bi|uni|both|sinus|learn)", text.lower()) is not None
    if has_choices(path):
        return read_choice(path, text) is not None
    return (
        read_number(text) is not None
        or read_length(text) is not None
        or is_none(text)
        or (path == "seeds" and read_seeds(path, text) is not None)
    )
