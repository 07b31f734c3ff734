"""Sentences that several faults of the second set share."""

from __future__ import annotations

GITHUB = "https://github.com/"
UNMOVED = (
    r"(weight|parameter|layer|part)s?.{0,60}(never (move|change|train|learn)|do not (move|change)|not move)",
    r"(weight|parameter|layer|part)s?.{0,60}(unchanged|not (being )?(trained|updated)|no gradient|frozen)",
    r"(weight|parameter|layer|part)s?.{0,60}as (it was|they were|first) drawn",
    r"no step (moves|changes)",
    r"(no|without a?) gradients?.{0,40}(reach|flow|arriv|get)",
    r"gradients?.{0,40}(do|does) not (reach|flow|arrive)",
)
NOT_AS_TRAINED = (
    r"(scored|predict|evaluat|answer)\w*.{0,80}(not what was trained|not the way|other(wise)? than|differently|unlike)",
    r"train rows.{0,80}(worse|lower|far below).{0,60}(loss|training|recorded|implies)",
    r"(loss|training).{0,60}implies.{0,60}train rows",
    r"(prepared|encoded|preprocess\w*|tokeni[sz]\w*).{0,60}(differ|other|not the same|not as)",
)
MATES = (
    r"depends? on.{0,50}(other rows|batch|mates|padding|amount)",
    r"(batch|other rows|padding|padded).{0,60}(change|differ|mix|reach|axis|dimension|read)",
    r"(change|differ)s?.{0,60}(with|in|by).{0,20}(batch|padding|other rows)",
)
RATE_LOW = (
    r"(learning )?rate.{0,60}(too )?(low|small|tiny|slow)",
    r"(larger|higher|greater) (learning )?rate",
    r"(step|update)s?.{0,40}too (small|short|tiny)",
    r"weights.{0,40}(hardly|barely|little|almost not|too little).{0,20}(move|change|travel)",
)
RATE_HIGH = (
    r"(learning )?rate.{0,60}(too )?(high|large|great)",
    r"(smaller|lower) (learning )?rate",
    r"(step|update)s?.{0,40}too (large|big|long)",
)
TOO_SHORT = (
    r"still (improv|fall|ris|learn|getting better)\w*",
    r"too (few|short|early|soon)",
    r"(few|more|longer) (steps|epochs|updates|training)",
    r"train(ed|ing)? (for )?(longer|more)",
    r"(stop|end)s?.{0,30}(too )?(early|soon)",
)
DECAY = (
    r"regulari[sz]",
    r"weight.?decay",
    r"\bL2\b|penalt",
    r"(weights|norm)s?.{0,40}(shrink|shrunk|pulled|driven|kept).{0,30}(zero|small|down|bounds?|\b0\b)",
)
ALIKE = (
    r"(tokens|symbols|words|letters|characters|brackets?).{0,60}(same|share|one id|alike|not told apart|collide)",
    r"(tokens|symbols|words|letters|characters|brackets?).{0,60}(ignored|dropped|removed|lost)",
    r"(tokens|symbols|words|letters|characters|brackets?).{0,60}(no effect|not read|unread|changes? nothing)",
    r"(drop|ignor|remov|los|skip)\w*.{0,40}(tokens|symbols|words|letters|characters|brackets?)",
)
