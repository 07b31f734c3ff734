"""Sentences that several faults of the third set share."""

from __future__ import annotations

GITHUB = "https://github.com/"
UNMOVED = (
    r"(weight|parameter|layer|part)s?.{0,60}(never|not|hardly|barely|no longer).{0,20}(mov|chang|train|learn|updat)",
    r"(weight|parameter|layer|part|embedding)s?.{0,60}(unchanged|no gradient|frozen|as (it was|they were|first) drawn)",
    r"no (optimi[sz]er )?step|step (is|was) (never|not)|without a (single )?step|never (takes|makes|took|made) a step",
    r"(weights|model).{0,40}(at|of|as at) the (start|beginning)|stay(s|ed)? (the same|where)",
)
RATE_LOW = (
    r"(learning )?rate.{0,60}(too )?(low|small|tiny|slow)",
    r"(larger|higher|greater|raise the) (learning )?rate",
    r"(step|update)s?.{0,40}too (small|short|tiny)",
    r"(weights|parameters).{0,40}(hardly|barely|little|almost not|too little).{0,20}(move|change|travel)",
)
RATE_HIGH = (
    r"(learning )?rate.{0,60}(too )?(high|large|great)",
    r"(smaller|lower) (learning )?rate",
    r"(step|update|gradient)s?.{0,40}too (large|big|long|great)",
    r"diverg|blow|explod|overshoot",
)
TOO_SHORT = (
    r"still (improv|fall|ris|learn|getting better)\w*",
    r"too (few|short|early|soon)",
    r"(few|more|longer) (steps|epochs|updates|training)",
    r"train(ed|ing)? (for )?(longer|more)",
    r"(stop|end)s?.{0,30}(too )?(early|soon)",
)
NOT_AS_TRAINED = (
    r"(scored|predict|evaluat|answer)\w*.{0,80}(not what was trained|not the way|other(wise)? than|differently|unlike)",
    r"train rows.{0,80}(worse|lower|far below).{0,60}(loss|training|recorded|implies)",
    r"(loss|training).{0,60}implies.{0,60}train rows",
    r"(answers?|predictions?|probabilities|results).{0,60}(other rows|another row|wrong rows|order|shuffl|mixed)",
)
MATES = (
    r"depends? on.{0,50}(other rows|batch|mates|padding|amount)",
    r"(batch|other rows|padding|padded).{0,60}(change|differ|mix|reach|axis|dimension|read)",
    r"(change|differ)s?.{0,60}(with|in|by).{0,20}(batch|padding|other rows)",
)
NO_GRADIENT = (
    r"(weight|parameter|layer|part|embedding)s?.{0,60}(no gradient|never (mov|train|chang)|unchanged|unused|no effect)",
    r"without (a |any )?gradients?",
)
FEW_ROWS = (
    r"(only|just|but) (a )?(few|\d+) (different |distinct |of \d+ )?(train )?(rows|examples)",
    r"(rows|examples).{0,60}(never|not) (read|seen|drawn|used|trained)",
    r"(same|few) rows.{0,40}(again|over|repeat)",
    r"(part|fraction|share|%) of (the )?(train|rows)",
    r"overfit|memori[sz]|by heart",
)
