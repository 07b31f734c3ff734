"""Words of sentences that state a choice, or that something was not used."""

from __future__ import annotations

import re
from collections.abc import Iterator

from brittlestar.records.reported.aliases import UNCLEAR, find_paths, plain_name

_OPTIMISERS = (
    r"\b(adamw|adam|sgd|stochastic gradient descent|rmsprop|adagrad|adadelta|adafactor|nadam|radam|lamb|lion)\b"
)
_HELD_OUT = r"(?:dev|development|validation|held-out)(?: set)?[ -](loss|accuracy|macro[ -]f1|f1|balanced accuracy)"
_MADE = r"(?:frozen|fixed|random|pre-?trained|fine-?tuned|trainable|learned|learnt|randomly initiali[sz]ed)"
_CHOICES = (
    ("optimizer", _OPTIMISERS),
    (
        "model",
        r"\b((?:bi-?)?(?:lstm|gru)s?|(?:bidirectional|unidirectional)[\w -]*?(?:lstm|gru)s?|transformer|"
        r"bag.of.(?:words|tokens|embeddings)|(?:mean|average) of (?:all |the |its |their )*(?:token |word )?embeddings|"
        r"gated recurrent unit|long short.term memory)\b",
    ),
    ("bidirectional", r"\b(bidirectional|unidirectional)\b"),
    ("pooling", r"\b(mean|max|average|attention|last|final|attentive)[- ](?:state |token |step )?pool(?:ing|ed)?\b"),
    (
        "lr schedule",
        r"\b(cosine|linear|step|step-wise|constant|exponential|polynomial|inverse square root)"
        r"(?:[- ](?:learning[- ]rate|annealing|decay|lr))*[- ](?:schedule|decay|annealing|learning rate)\b",
    ),
    ("class weights", r"\b(balanced|inverse[- ]frequency|unweighted) (?:class weight|loss)"),
    ("class weights", r"\bclass weights (?:are|were) (balanced|inverse|uniform)"),
    ("embeddings", rf"\b({_MADE}(?:,? (?:and )?{_MADE})*) (?:word |token |input )?embeddings"),
    (
        "tokenization",
        r"\b(white.?space|character|sub-?word|bpe|byte.pair|wordpiece|sentencepiece)[- ]?(?:level )?"
        r"(?:tokeni[sz]|tokens?\b|encod)",
    ),
    ("embeddings", r"\bembeddings?\b[^.]*? (random\w*\b[^.;,]*?\b(?:frozen|fixed))\b"),
    ("embeddings", r"\bembeddings?\b[^.]*? ((?:frozen|fixed)\b[^.;,]*?\brandom\w*)\b"),
    ("tokenization", r"\bsplit [\w ]*?into (characters|words)"),
    ("data.order", r"\border (?:of \w+ )?(?:is|was|are|were) (permuted|shuffled)"),
    ("data.order", r"\b(permute|shuffle)d? (?:the|their|its) order"),
    ("tokenization", r"\bsplit (?:on|at|by) (white.?space|spaces|characters)"),
    ("pooling", r"\b(last|final|mean|average|max\w*) (?:of (?:all )?)?(?:the )?hidden states?\b"),
    ("pooling", r"\bpooling(?: is|:| =) (last|mean|max|attention)\b"),
    ("decay every", r"(?:multipl|decay|reduc|halv|drop)[^;]*? (?:after |at the end of )?(?:every|each) (epoch)\b"),
    ("model.own", r"(\b[a-z_][\w.]*:[a-z_]\w*\b)"),
    (
        "selection metric",
        r"(?:select|chosen|cho[o]?se|kept|keep)\w*+(?! (?:among|from|out of|between))[^.;]*? "
        rf"(?:by|on|for|with) (?:the |best )*{_HELD_OUT}",
    ),
    ("selection metric", r"(?:lowest|highest|best) (loss|accuracy|macro[ -]f1|f1) on (?:the )?(?:dev|val|held-out)"),
    ("selection metric", rf"(?:lowest|highest|best|smallest|largest)[\w -]*? {_HELD_OUT}"),
    (
        "early stopping metric",
        r"early stopping\b[^.;]*? (loss|accuracy|macro[ -]f1) on (?:the )?(?:dev|val|held-out)",
    ),
    ("early stopping metric", r"stop\w* early\b[^.;]*? (loss|accuracy|macro[ -]f1) on (?:the )?(?:dev|val|held-out)"),
    ("early stopping metric", rf"(?:early stopping|patience)\b[^.;]*? (?:on|monitor\w*|by) (?:the )?{_HELD_OUT}"),
)
_REFUSED = re.compile(
    r"\b(?:no|without(?: any)?|(?:not|never) (?:use|used|apply|applied|employ|employed)(?: any)?)\s+([a-z][a-z -]+)"
)
_UNDECAYED = re.compile(
    r"\b(?:not|never|no) decay(?:ed|ing)? (?:the |any )?weights?\b|\bweights (?:are|were) (?:not|never) decayed"
)
_FLAT = re.compile(r"\brate [^.;]*?(?:not|never) (?:decayed|annealed|scheduled)|\b(?:kept|held|stays?) constant")
_UNUSED = re.compile(r"\b([a-z][a-z -]+?) (?:is|are|was|were) (?:not|never) (?:used|applied|employed)")
_ONE_WAY = "unidirectional"


def find_choices(sentence: str) -> Iterator[tuple[str, str]]:
    """(name, value) of each choice that a sentence names, at most one of each name."""
    plain = _UNUSED.sub("", _REFUSED.sub("", sentence.lower()))
    seen: set[str] = set()
    for name, words in _CHOICES:
        found = re.search(words, plain)
        if found is None or name in seen:
            continue
        seen.add(name)
        words = {_ONE_WAY: "no", "bidirectional": "yes", "epoch": "1"}
        text = words.get(found[1], found[1])
        yield name, text.removeprefix(_ONE_WAY).strip()


def find_refusals(sentence: str) -> Iterator[tuple[str, str]]:
    """(name, `none`) of each setting that a sentence says was not used: `without dropout or weight decay`."""
    plain = sentence.lower()
    if _UNDECAYED.search(plain):
        yield "weight decay", "none"
    if "rate" in plain and _FLAT.search(plain):
        yield "lr schedule", "constant"
    for found in [*_REFUSED.finditer(plain), *_UNUSED.finditer(plain)]:
        for part in re.split(r"\b(?:or|nor|and)\b|,", found[1]):
            words = part.split()
            lengths = range(len(words), 0, -1)
            names = [" ".join(words[:size]) for size in lengths] + [" ".join(words[-size:]) for size in lengths]
            known = next((one for one in names if find_paths(one)), None)
            if known is not None and plain_name(known) not in UNCLEAR:
                yield known, "none"
