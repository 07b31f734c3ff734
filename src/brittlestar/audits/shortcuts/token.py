"""Finding `shortcut.token`."""

from collections.abc import Iterator

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.shortcuts.reporting import BEATS, Shortcut, Teller, report_shortcut
from brittlestar.audits.showing import Rule
from brittlestar.baselines.readings import presence
from brittlestar.core.findings import Finding

CODE = "shortcut.token"
SEES = "sample"
THRESHOLD = f"One token alone {BEATS}"


def check(analysis: Analysis) -> Iterator[Finding]:
    """Whether one marker token stands in a row does much of the work.

    **What it means.** A model that looks for one token and reads nothing else gets a large part of the score, or
    recognises one class altogether. Where that token is the rule this is as it should be, so it is information; it is
    a warning where the tie between token and class holds on train and breaks on another split.

    **How it is decided.** On train (50,000 rows of it, if there are more) the token is chosen whose presence or absence
    is right about most rows, and the six tokens whose share of rows differs most between one class and the others. All
    are then scored on test (else dev, else on train), and on every other split it is asked how much more often the
    token predicts its class in rows of the class than in other rows, with train's other classes weighted to that
    split's, so that changed class shares alone do not count as a break.

    **Thresholds.** Present: at least 10 % of rows right above the majority class, or 20 % of its errors removed,
    and 20 % of the way to the best known; or one class named in 50 points more of its own rows than of others, and
    rightly more often than not. Broken: that difference falls by 20 points and to half of train's or less, where
    the token does half of the work on train or has a difference of 50 points there.

    **What it cannot see.** Markers of several tokens, and counts; whether the token is the rule or an accident.

    **What to do.** If it is an accident (an id, a unit, a quotation mark), take the token out or spread it alike.
    """
    chosen = analysis.baselines.chosen.markers
    if chosen.best is None:
        yield Rule(CODE, THRESHOLD).abstain("Train has no tokens; 50 rows with tokens would do.")
        return
    best = analysis.tokens[chosen.best]
    tellers: list[Teller] = []
    for one in chosen.telling:
        name, reading = analysis.tokens[one.token], presence(one.token)
        tellers.append(Teller(f"token {name!r} alone", {"token": name}, reading, one.label, one.informed))
    shortcut = Shortcut(f"token {best!r} alone", {"token": best}, analysis.baselines.answers["single token"])
    yield from report_shortcut(Rule(CODE, THRESHOLD), analysis, shortcut, tellers)
