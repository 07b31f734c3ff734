"""Sentences that several faults of the fourth set share."""

from __future__ import annotations

GITHUB = "https://github.com/"
RATE_LOW = (
    r"(learning )?rate.{0,60}(too )?(low|small|tiny|slow|zero|vanish)",
    r"(larger|higher|greater|raise the) (learning )?rate",
    r"(step|update)s?.{0,40}too (small|short|tiny)",
    r"(weights|parameters).{0,40}(hardly|barely|little|almost not|too little).{0,20}(move|change|travel)",
)
UNSTABLE = (
    r"(learning )?rate.{0,60}(too )?(high|large|great)",
    r"(smaller|lower) (learning )?rate",
    r"diverg|blow|explod|overshoot|unstable",
    r"loss.{0,40}(ris|grow|jump|goes up|increas)",
)
TOO_SHORT = (
    r"still (improv|fall|ris|learn|getting better)\w*",
    r"too (few|short|early|soon)",
    r"(few|more|longer) (steps|epochs|updates|training)",
    r"(stop|end)s?.{0,30}(too )?(early|soon)",
    r"early.?stop|patience",
)
UNMOVED = (
    r"(weight|parameter|layer|part|embedding|vector)s?.{0,60}(never|not|hardly|barely|no longer).{0,20}"
    r"(mov|chang|train|learn|updat)",
    r"(weight|parameter|layer|part|embedding|vector)s?.{0,60}(unchanged|no gradient|frozen|constant|as first drawn)",
    r"no (optimi[sz]er )?step|step (is|was) (never|not)|never (takes|makes|took|made) a step",
    r"without (a |any )?gradients?|gradients? (is|are|was|were) (zero|none|missing)",
)
FEW_ROWS = (
    r"(only|just|but) (a )?(few|\d+) (different |distinct |of \d+ )?(train )?(rows|examples|batch)",
    r"(rows|examples).{0,60}(never|not) (read|seen|drawn|used|trained)",
    r"(same|few|identical) (rows|batch|examples)",
    r"(part|fraction|share|%) of (the )?(train|rows)",
    r"overfit|memori[sz]|by heart",
)
NOT_AS_TRAINED = (
    r"(scored|predict|evaluat|answer)\w*.{0,80}(not what was trained|not the way|other(wise)? than|differently|unlike)",
    r"train rows.{0,80}(worse|lower|far below).{0,60}(loss|training|recorded|implies)",
    r"(loss|training).{0,60}implies.{0,60}train rows",
    r"(another|other|wrong|untrained|different) (model|network|weights|copy)",
)
MATES = (
    r"depends? on.{0,50}(other rows|batch|mates|padding|amount)",
    r"(batch|other rows|padding|padded).{0,60}(change|differ|mix|reach|axis|dimension|read)",
    r"(change|differ)s?.{0,60}(with|in|by).{0,20}(batch|padding|other rows)",
)
UNREAD = (
    r"(tokens?|words?|symbols?|inputs?|rows).{0,60}"
    r"(ignored|not read|unread|lost|no effect|changes? nothing|alike|unused)",
    r"(same|one|constant|single|equal|uniform) (answer|prediction|class|probabilit)",
)
CAPACITY = (r"capacity|cannot (fit|learn|express)|too (small|simple|weak)", r"underfit|plateau|does not fit")
RATE_PLACE = r"learning.?rate|\blr\b|\brate\b|optimi[sz]er|schedule|weights|step|epoch"
