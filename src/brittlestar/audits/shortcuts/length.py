"""Finding `shortcut.length`."""

from collections.abc import Iterator

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.shortcuts.reporting import BEATS, Shortcut, Teller, report_shortcut
from brittlestar.audits.showing import Rule
from brittlestar.baselines.readings import lengths
from brittlestar.core.findings import Finding

CODE = "shortcut.length"
SEES = "sample"
THRESHOLD = f"The length alone {BEATS}"


def check(analysis: Analysis) -> Iterator[Finding]:
    """The length of a row does much of the work.

    **What it means.** A model that counts tokens and reads none of them gets a large part of the score. Where length
    is the rule of the task that is as it should be, so this is information; it is a warning where the tie between
    length and class holds on train and breaks on another split.

    **How it is decided.** A table from lengths (exact up to 32, then in steps of an eighth of an octave) to classes is
    learnt on train with add-one smoothing and scored on test (else dev, else out of fold on train). Its reach is the
    way from the majority class's score to that of the best predictor known: the trivial baselines
    and any predictions at hand. For every other split it is asked how much more often the class that length tells best
    on train is named in rows of that class than in other rows, with train's other classes weighted to that split's,
    over rows whose length occurs in train: changed class shares and new lengths alone do not count as a break.

    **Thresholds.** Present: at least 10 % of rows right above the majority class, or 20 % of its errors removed,
    and 20 % of the way to the best known; or one class named in 50 points more of its own rows than of others, and
    rightly more often than not. Broken: that difference falls by 20 points and to half of train's or less, where
    the length does half of the work on train or has a difference of 50 points there.

    **What it cannot see.** Whether length is the rule or an accident; what a model trained on the data in fact uses.

    **What to do.** If length is an accident, redraw train so that lengths are spread alike over the classes.
    """
    name, single = "length alone", analysis.baselines.chosen.length
    tellers = [] if single.label is None else [Teller(name, {}, lengths, single.label, single.informed)]
    shortcut = Shortcut(name, {}, analysis.baselines.answers["length"])
    yield from report_shortcut(Rule(CODE, THRESHOLD), analysis, shortcut, tellers)
