"""Words of sentences around a number that say what it is, where its name does not stand beside it."""

from __future__ import annotations

EVERY = "decay every"
LENGTH = r"\S+[\s-]*(?:(?:training|update|optimi[sz]ation|optimi[sz]er|gradient) )?(?:epoch|step|update|iteration)"
_SMALL = r"0?\.\d|\d[\d.]*\s*(?:e\s?[-−–]|[×·*x\\]\s*(?:times|cdot)?\s*10)|10\s*(?:\^|\*\*|⁻)"
"""A number as rates of learning are written."""
_ROWS = r"(?:training )?(?:sequence|example|sentence|sample|row|instance|string|document|text)s?"
_RATE = r"decay|reduc|multipl|halv|schedul|anneal|learning rate"
WORDINGS = (
    ("label smoothing", r"\bsmooth(?:ing|ed|s)?\b(?: (?!and\b)[^\s,;.\d]+)*[ (=]*$", "", ""),
    ("label smoothing", "", r"\S+ (?:for|of|as) (?:the )?label smoothing", ""),
    ("patience", r"\bpatience\b[^,.;]*$", "", ""),
    (
        "patience",
        r"(?:\bnot|n't|\bno|\bnever|\bwithout|\bfail\w*|\bceas\w*|\bstop\w*) (?:longer |to |been |be )*(?:an? |any )?"
        r"(?:further )?(?:improv|increas|decreas|ris|fall|go|drop|reduc)\w*\b[^.;\d]*$",
        r"\S+[\s-]*(?:consecutive |successive |more |further )?(?:epoch|evaluation|validation|check)",
        "",
    ),
    ("patience", r"\bplateau\w*[^.;\d]*$|\bwait(?:s|ed)?\b[^.;\d]*$", LENGTH, ""),
    ("patience", "", r"\S+[\s-]*(?:consecutive|successive) epochs?|\S+[\s-]*epochs? in (?:a row|succession)", ""),
    ("patience", "", r"\S+[\s-]*(?:consecutive )?epochs? (?:without|of no|with no)", ""),
    ("patience", r"(?<!without )(?<!no )early.stopping[^,.;\d]*$", LENGTH, ""),
    (EVERY, r"\bevery\s*(?:the )?$", LENGTH, _RATE),
    (
        "lr decay factor",
        r"(?:factor of|gamma (?:of|=)|(?:multiplied|reduced|decayed) by|[×x*]|\\times)\s*$",
        "",
        r"decay|reduc|schedul|anneal|\brate\b|\bevery\b",
    ),
    ("warmup", r"warm(?:ed|s|ing)?[- ]?up[^.;\d]*$", rf"{LENGTH}|\S+\s?%", ""),
    ("warmup", "", rf"{LENGTH}\w* (?:of )?(?:linear )?warm.?up", ""),
    (
        "warmup",
        r"\b(?:over|during|within|after) (?:the first )?$|\bfor the first $",
        rf"(?:{LENGTH}|\S+\s?%)",
        r"(?:linear\w* (?:\w+ )?(?:increas|ris|grow|ramp)|(?:increas|ris|ramp)\w* linear|\bpeaks? at|linear warm)",
    ),
    (EVERY, r"\bstep size(?: of)?\s*$", LENGTH, ""),
    (EVERY, r"\bstep[_ ]size\s*[= ]\s*$", "", r"\bsteplr|sched"),
    ("embedding dim", r"\bembedded (?:in|into)\s*$", r"\S+[- ]dim", ""),
    ("embedding dim", r"\bembeddings?\b[^,.;\d]*\bdimension\w*(?: of)?\s*$", "", ""),
    ("training steps", r"train|run|optimi|updat|for\s*$", LENGTH.replace("epoch|", ""), ""),
    ("gradient clipping", r"clip[^,;\d]*$", "", ""),
    (
        "batch size",
        r"\b(?:mini-?)?batch(?:es)?\b(?: sizes?)?(?:(?! (?:per|each|every|for))[^,.;\d]){0,25}$",
        rf"\S+(?: {_ROWS}\b|[^\w%]|$)",
        "",
    ),
    ("batch size", "", rf"\S+ {_ROWS} (?:per|in each|in a|in every|a) (?:mini-?)?batch\b", ""),
    (
        "training epochs",
        "",
        r"\S+ (?:times|passes|sweeps)\b",
        r"\b(?:see[sn]?|saw|shown|presented|pass(?:es)?|sweeps)\b",
    ),
    ("training epochs", "", r"\d+ ?ep(?:s|\.)?(?!\w)", ""),
    ("seeds", "", r"\S+ times\b", r"\b(?:re-?run|repeat\w*|re-?trained|independent\w*)\b"),
    ("hidden size", r"^(?!.*embed)", r"\S+[- ](?:cells?|neurons?|dimensions?)\b", r"lstm|gru|recurrent|layer|hidden"),
    (
        "dropout",
        "",
        r"\S+(?: %)? of (?:the |all |its )?(?:units|activations|neurons) (?:is|are|was|were) [\w ]*dropped",
        "",
    ),
    (
        "learning rate",
        r"\blearning[- ]rate(?!\w*[^.;]*(?:warm|decay|factor|drop|halv|multipl|sched))[^.;\d]*$",
        _SMALL,
        "",
    ),
    ("learning rate", r"\bstep[- ]?size[^.;\d]*$", _SMALL, ""),
    (
        "learning rate",
        r"(?<!dropout )(?<!decay )(?<!smoothing )\b(?:constant|fixed|same|initial|peak|base|a) rate (?:of|=)\s*$",
        _SMALL,
        r"adam|sgd|optimi[sz]|learning",
    ),
    (
        "learning rate",
        r"\b(?:adamw?|sgd|rmsprop|optimi[sz]er)(?:\s*[,(/@:]|\s+(?:with|at|using))?\s*(?:lr|η|α)?\s*=?\s*$",
        _SMALL,
        "",
    ),
)
"""Names, with what stands before a number, from the number on, and anywhere in its sentence."""
