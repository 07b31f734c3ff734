"""Words of sentences that state a choice, or that something was not used."""

from __future__ import annotations

import re
from collections.abc import Iterator

from brittlestar.records.reported.aliases import UNCLEAR, find_paths, plain_name
from brittlestar.records.reported.values import OTHER, has_choices, read_choice

_OPTIMISERS = (
    r"\b(adamw|adam|sgd|stochastic gradient descent|rmsprop|adagrad|adadelta|adafactor|nadam|radam|lamb|lion)\b"
)
_WITHIN = r"(?:[^.;]|\.\d)*?"
"""Anything within a sentence; a point in a number does not end it."""
_METRIC = r"(loss|balanced accuracy|accuracy|macro[ -]f1|f1|hwa|swa|cwa)"
_DEV = r"(?:dev|development|validation|val|held-out)"
_HELD_OUT = rf"{_DEV}(?: set)?[ -]{_METRIC}"
_CHOSEN = r"(?:select|chosen|cho[o]?se|kept|keep)\w*+"
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
    ("precision", r"\b(bf16|fp16|bfloat16|float16|half[- ]precision|mixed[- ]precision)\b"),
    ("class weights", r"\b(balanced|inverse[- ]frequency|unweighted)['\"]? (?:class weight|loss|cross)"),
    (
        "class weights",
        r"(?:weight|loss)[^.;]*\b(inverse)(?:ly proportional to)? (?:of |the |its |their )*(?:class )?frequenc",
    ),
    ("class weights", r"\bclass[_ ]weight\w*\W+(?:\w+ ){0,3}['\"]?(balanced)\b"),
    ("class weights", r"\b(?:loss|cross-entropy)\b[^.;]{0,40}\((balanced)\)"),
    ("class weights", r"\bclass weights (?:are|were) (balanced|inverse|uniform)"),
    ("embeddings", rf"\b({_MADE}(?:,? (?:and )?{_MADE})*) (?:word |token |input )?embeddings"),
    (
        "tokenization",
        r"\b(white.?space|character|sub-?word|bpe|byte.pair|wordpiece|sentencepiece)[- ]?(?:level )?"
        r"(?:tokeni[sz]|tokens?\b|encod)",
    ),
    (
        "embeddings",
        r"\bembeddings?\b(?:[^.]|\.\d)*? "
        r"(random\w*\b(?:(?!seed|vocab|rate)[^.;,]|\.\d)*?\b(?:frozen|fixed|trained|learned|updated))\b",
    ),
    ("embeddings", r"\bembeddings?\b[^.]*? (?<!not )((?:frozen|fixed)\b[^.;,]*?\brandom\w*)\b"),
    ("tokenization", r"\bsplit [\w ]*?into (characters|words)"),
    ("data.order", r"\border (?:of \w+ )?(?:is|was|are|were) (permuted|shuffled)"),
    ("data.order", r"\b(permute|shuffle)d? (?:the|their|its) order"),
    ("tokenization", r"\btokeni[sz]e\w* [\w ]*?(?:into|by|at|as) (?:single )?(characters|words|white.?space)"),
    ("tokenization", r"\bsplit (?:on|at|by) (white.?space|spaces|characters)"),
    ("pooling", r"\b(last|final|mean|average|max\w*) (?:of (?:all )?)?(?:the )?hidden states?\b"),
    ("pooling", r"\b(last|final|mean|average|max\w*|attention)\b[^.;,]{0,30}\bfor pooling"),
    ("pooling", r"\b(last|final) (?:hidden )?states? (?:is|are|was|were) (?:pooled|taken|kept)"),
    ("pooling", r"\b(max)(?:imum)?(?:[- ]over[- ]time)?[- ]pool"),
    (
        "pooling",
        r"\b(max|mean|average)(?:imum)? (?:over|"
        r"of) (?:time of )?(?:all )?(?:the )?(?:\w+(?:'s)? )?(?:hidden states|states|outputs)\b",
    ),
    ("pooling", r"\b(last|final) (?:hidden )?state of the (?:bi-?)?(?:lstm|gru|encoder|network|rnn)\b"),
    ("tokenization", r"\btoken\w* at the (character|word)[- ]level"),
    ("tokenization", r"\b(character)[- ](?:level (?:inputs?|model|sequences?|representation)|sequences?\b)"),
    ("tokenization", r"\bsequences? of (characters)\b|\blevel of (characters)\b"),
    ("model", r"\b(averag\w* (?:of )?(?:all |the |character |word |token )*embeddings|mean[- ]of[- ]embeddings)\b"),
    ("lr schedule", r"\b(?:rate|decay\w*|anneal\w*|warm\w*)\b[^.;]*\b(?:half-)?(cosine)\b"),
    ("lr schedule", r"\b(steplr|cosineannealinglr)\b"),
    ("lr schedule", r"\b(linear)ly (?:decay|anneal|decreas)\w*"),
    ("warmup", r"\bwarm\w*[- ]?up\b[^.;]*? (?:over|during|for|in|within) the (first) epoch\b"),
    ("pooling", r"\bpooling(?: is|:| =) (last|mean|max|attention)\b"),
    ("decay every", r"(?:multipl|decay|reduc|halv|drop)[^;]*? (?:after |at the end of )?(?:every|each) (epoch)\b"),
    ("model.own", r"(\b[a-z_][\w.]*:[a-z_]\w*\b)"),
    (
        "selection metric",
        rf"{_CHOSEN}(?! (?:among|from|out of|between)){_WITHIN} "
        rf"(?:by|on|for|with) (?:the |best )*{_HELD_OUT}",
    ),
    ("selection metric", rf"(?:lowest|highest|best) {_METRIC} on (?:the )?{_DEV}"),
    ("selection metric", rf"{_CHOSEN}{_WITHIN} by (?:the |best |its )*{_METRIC} on (?:the )?{_DEV}"),
    (
        "selection metric",
        rf"best (?:checkpoint|model|epoch|weights){_WITHIN} by (?:the )?{_METRIC} on (?:the )?{_DEV}",
    ),
    ("selection metric", rf"{_METRIC}\b{_WITHIN}\b(?:selection|checkpoint) metric"),
    (
        "selection split",
        rf"(?:checkpoint|model|epoch)\b{_WITHIN}\b{_CHOSEN} (?:on|from|by) (?:the )?(train|{_DEV})",
    ),
    ("positions", r"\b(sinusoidal|learned|learnt|absolute|relative|rotary) position(?:al)? (?:encod|embed)"),
    ("model.embedding.composition", r"\b(factor-sum|factor-concat)\b"),
    ("data.factors", r"((?:\(\?p<\w+>[^()]*\))+)"),
    ("data.tokens", r"\bregular expression (\S*[\[(\\]\S*?)[|).,;]*(?:\s|$)"),
    ("data.tokens", r"\b(regex:\S+?)[|).,;]*(?:\s|$)"),
    ("selection metric", rf"(?:lowest|highest|best|smallest|largest)[\w -]*? {_HELD_OUT}"),
    (
        "early stopping metric",
        rf"early stopping\b{_WITHIN} {_METRIC} on (?:the )?{_DEV}",
    ),
    ("early stopping metric", rf"early stopping\b{_WITHIN}\bmetric (?:is|was) {_METRIC}"),
    ("early stopping metric", rf"stop\w* early\b{_WITHIN} {_METRIC} on (?:the )?{_DEV}"),
    (
        "early stopping metric",
        rf"(?:early stopping|patience)\b{_WITHIN} (?:on|monitor\w*|by) (?:the )?{_HELD_OUT}",
    ),
)
_REFUSED = re.compile(
    r"(?:\b(?:no|without(?: any)?)|(?:\bnot|\bnever|n't) (?:use|used|apply|applied|employ|employed)(?: any)?)\s+"
    r"([a-z][a-z -]+)"
)
_UNDECAYED = re.compile(
    r"\b(?:not|never|no) decay(?:ed|ing)? (?:the |any )?weights?\b|\bweights (?:are|were) (?:not|never) decayed"
)
_UNCLIPPED = re.compile(
    r"(?:\bnot|n't|\bnever|\bno) clip\w*(?: (?:the|any))? (?:gradients?|norms?)|\bgradients? (?:norms? )?(?:are|"
    r"were|is|was) "
    r"(?:not|never) clipped|\bunclipped\b"
)
_UNIT_NORM = re.compile(r"\bclip\w* (?:\w+ )*(?:to|at) (?:a )?unit norm")
_NEITHER = re.compile(r"\bneither ([a-z][a-z -]+?) nor ([a-z][a-z -]+?)(?= (?:is|are|was|were|has|have)\b|[,.;]|$)")
_FLAT = re.compile(rf"\brate {_WITHIN}(?:not|never) (?:decayed|annealed|scheduled)|\b(?:kept|held|stays?) constant")
_UNUSED = re.compile(
    r"\b([a-z][a-z -]+?) (?:is|are|was|were) (?:(?:not|never) (?:used|applied|employed|necessary|needed|required)|"
    r"disabled|"
    r"turned off|switched off|omitted)"
)
_SHAPES = {"model.layers", "model.hidden", "model.heads", "model.embedding.mode"}
"""What no network is without, whatever it has none of."""
_ONE_WAY = "unidirectional"


_WORDED = re.compile(
    r"\b([a-z_][\w.]*(?:[ -][a-z_]\w*){0,4}?)\s*(?:=|:|\b(?:is|are|was|were)(?: set)?(?: to)?\b|\bset to\b)\s*"
    r"([a-z][\w-]*)"
)


_FLAG = re.compile(
    r"[\"'`]?\b([A-Za-z_][\w.-]*)[\"'`]?\s*[=:]\s*[\"'`]?(true|false|none|null|yes|no|[01])[\"'`]?(?![\w.])",
    re.IGNORECASE,
)


def find_flags(sentence: str) -> Iterator[tuple[str, str]]:
    """(name, value) of each setting with one name that is set to yes, no or none: `bidirectional=False`."""
    for name, value in _FLAG.findall(sentence):
        paths = find_paths(name)
        if len(paths) == 1 and (not value.isdigit() or paths[0] in _YES_OR_NO):
            yield name, value


_YES_OR_NO = ("model.bidirectional", "model.positions", "library.optimiser.nesterov", "library.optimiser.amsgrad")


def find_worded(sentence: str) -> Iterator[tuple[str, str]]:
    """(name, value) of each setting that has words for values and is stated by its own name: `spelling: characters`."""
    for found in _WORDED.finditer(sentence.lower()):
        words = found[1].split(" ")
        name = next((one for place in range(len(words)) if find_paths(one := " ".join(words[place:]))), "")
        paths = find_paths(name)
        known = len(paths) == 1 and has_choices(paths[0]) and read_choice(paths[0], found[2]) not in (None, OTHER)
        if known and not (paths == (WEIGHTS,) and re.match(r"['\"]?\s*[:=]?\s*[\d.]", sentence[found.end() :])):
            yield name, found[2]


_NAMED = re.compile(
    r"\bclass weight (?:of|for) (?:the )?(?:class )?['\"]?([\w-]+)['\"]? (?:is|was|=|of|to) (\d[\d.]*\d|\d)",
    re.IGNORECASE,
)
_WEIGHED = re.compile(r"([\d.]+) for (?:the )?(?:class )?['\"]?([\w-]+)['\"]?(?=\s*(?:[,;.)]|$|and\b|class))")


_BRACKETED = re.compile(r"(\d[\d.]*) \(['\"]?([A-Za-z_][\w-]*)['\"]?\)")
_GETS = re.compile(r"['\"]([\w-]+)['\"] (?:gets? )?an? weight of (\d(?:[\d.]*\d)?)")


QUOTES, WEIGHTS = "'\"", "training.class_weights"
_LABEL = r"['\"]?(?:[A-Za-z_][\w-]*|\d+(?=['\"]?\s*[:=]))['\"]?"
_LABELS = re.compile(
    r"\s*(?:are|were|is|:|=|\(|\{)?[ {]*"
    rf"((?:(?!(?:of|for|to|and|by|is|are)\b){_LABEL}[ :=]+\d[\d.]*(?:,? and |[,;] ?|(?=\W|$)))+)"
)
_LABELLED = re.compile(rf"({_LABEL})[ :=]+(\d(?:[\d.]*\d)?)")
_HELD = re.compile(
    r"\bclass ['\"]?([\w-]+)['\"]? (?:has|gets|had) an? (?:class )?weight of (\d[\d.]*\d|\d)", re.IGNORECASE
)


def find_weights(sentence: str) -> Iterator[tuple[str, str]]:
    """(name, value) of weights of classes: `class weights are 2 for rare and 1 for common`."""
    yield from (
        (f"training.class_weights.{label}", weight)
        for label, weight in _NAMED.findall(sentence) + _HELD.findall(sentence)
    )
    begun = re.search(
        r"\bclass[ _]weights?\b|\bweights? of (?:the )?classes\b|\bweighted (?:by class|cross-entropy|loss)\b|"
        r"\bgets? a weight of\b",
        sentence,
        re.IGNORECASE,
    )
    if begun is None:
        return
    after = sentence[begun.end() :]
    pairs = [(label, weight) for weight, label in _WEIGHED.findall(after) or _BRACKETED.findall(after)]
    pairs += [(label, weight) for label, weight in _GETS.findall(sentence)]
    labels = _LABELS.match(after)
    for label, weight in pairs or (_LABELLED.findall(labels[1]) if labels else ()):
        yield f"training.class_weights.{label.strip(QUOTES)}", weight


def find_choices(sentence: str) -> Iterator[tuple[str, str]]:
    """(name, value) of each choice that a sentence names, at most one of each name."""
    plain = _UNUSED.sub("", _REFUSED.sub("", re.sub(r"\b(bi|uni)-(?=directional)", r"\1", sentence.lower())))
    seen: set[str] = set()
    for name, words in _CHOICES:
        found = re.search(words, plain)
        if found is None or name in seen:
            continue
        seen.add(name)
        words = {_ONE_WAY: "no", "bidirectional": "yes", "epoch": "1", "first": "1 epoch"}
        said = next(filter(None, found.groups()))
        text = words.get(said, re.sub(r"\s*\([^()]*\)", "", said) if name == "embeddings" else said)
        yield name, text.removeprefix(_ONE_WAY).strip()


def find_refusals(sentence: str) -> Iterator[tuple[str, str]]:
    """(name, `none`) of each setting that a sentence says was not used: `without dropout or weight decay`."""
    plain = sentence.lower()
    if _UNDECAYED.search(plain):
        yield "weight decay", "none"
    if _UNCLIPPED.search(plain):
        yield "gradient clipping", "none"
    elif _UNIT_NORM.search(plain):
        yield "gradient clipping", "1"
    for found in _NEITHER.finditer(plain):
        yield from ((name, "none") for name in found.groups() if len(find_paths(name)) == 1)
    if "rate" in plain and _FLAT.search(plain):
        yield "lr schedule", "constant"
    for found in [*_REFUSED.finditer(plain), *_UNUSED.finditer(plain)]:
        for part in re.split(r"\b(?:or|nor|and)\b|,", found[1]):
            words = part.split()
            lengths = range(len(words), 0, -1)
            names = [" ".join(words[:size]) for size in lengths] + [" ".join(words[-size:]) for size in lengths]
            known = next((one for one in names if find_paths(one)), None)
            shaped = "attention" in words or (known is not None and {*find_paths(known)} & _SHAPES)
            if known is not None and plain_name(known) not in UNCLEAR and not shaped:
                yield known, "none"
