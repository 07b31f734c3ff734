"""What blocks which answer: one table of the findings that keep an answer of the headline from being given."""

from collections.abc import Mapping
from itertools import chain
from typing import Literal

from brittlestar.core.checks import family_of
from brittlestar.core.findings import Finding
from brittlestar.core.headline import Answer
from brittlestar.reports.answers.evidence import Evidence

Question = Literal["real", "holds", "sound"]
_WRONG: Mapping[Question, Answer] = {"real": "no"}
"""The number itself is wrong: its rows, their labels, or how they were scored."""
_MIXED: Mapping[Question, Answer] = {"real": "no", "holds": "cannot-say"}
"""Answers are not those of the rows, or do not depend on them: nothing follows from any comparison of scores."""
_UNLIKE: Mapping[Question, Answer] = {"real": "cannot-say", "holds": "cannot-say", "sound": "cannot-say"}
"""The score is right, and its rows do not stand for new ones."""
_READ: Mapping[Question, Answer] = {"sound": "cannot-say"}
"""Rows were used that must not be seen: by how much that moved the score, nobody knows."""
_NOTHING: Mapping[Question, Answer] = {}
COMPARED = ("eval.below-trivial", "eval.metric")
"""What says that main does no more than a trivial baseline: the comparison itself answers that, with its number."""
BLOCKS: Mapping[str, Mapping[Question, Answer]] = {
    **dict.fromkeys(("data", "eval", "label", "padding", "token"), _WRONG),
    **dict.fromkeys(COMPARED, _NOTHING),
    **dict.fromkeys(("eval.label-order", "eval.row-order", "eval.constant"), _MIXED),
    **dict.fromkeys(("leak.memorised", "data.difficulty"), _UNLIKE),
    **dict.fromkeys(("leak.selection", "leak.preprocess"), _READ),
    "data.no-signal": {"sound": "cannot-say"},
    "leak": {"sound": "no"},
}
"""By code, else by family, what becomes of an answer where an error about main or the headline rows stands."""
OPENS: Mapping[str, tuple[Question, ...]] = {
    **dict.fromkeys(("eval.constant", "data.difficulty", "data.no-signal"), ("real", "holds")),
    "label.noise": ("holds",),
    **dict.fromkeys(("shortcut.token", "shortcut.position", "shift.label", "label.missing"), ("sound",)),
}
"""By code, which answers are left open where a warning about main or the headline rows stands."""


def find_veto(evidence: Evidence, question: Question) -> tuple[Finding, Answer] | None:
    """The finding that blocks an answer, and what the answer is then: what was seen first, then what follows from it,
    and what says no before what leaves it open. None where nothing blocks it."""
    found: list[tuple[Finding, Answer]]
    found = [(one, answer) for one in evidence.wrong if (answer := blocks(one, question)) is not None]
    found.sort(key=lambda pair: ("explained_by" in pair[0].evidence, pair[1] != "no"))
    if found:
        return found[0]
    mild = next((one for one in evidence.serious if opens(one, question)), None)
    return None if mild is None else (mild, "cannot-say")


def find_doubt(evidence: Evidence) -> Finding | None:
    """What keeps the score from standing for that on new rows, whatever it is: what blocks *Real?* or *Sound?*, or
    leaves *Sound?* open; None where nothing does."""
    wrong = (one for one in evidence.wrong if blocks(one, "real") or blocks(one, "sound"))
    mild = (one for one in evidence.serious if opens(one, "sound"))
    return next(chain(wrong, mild), None)


def opens(finding: Finding, question: Question) -> bool:
    """Whether a warning of this kind leaves an answer open: what is said of one class alone leaves none."""
    return question in OPENS.get(finding.code, ()) and "class" not in finding.where


def blocks(finding: Finding, question: Question) -> Answer | None:
    """What becomes of an answer where this finding is an error, None where it does not block that answer."""
    return BLOCKS.get(finding.code, BLOCKS.get(family_of(finding.code), {})).get(question)


def tell_again(evidence: Evidence, finding: Finding) -> str:
    """What a finding says, or where it stands already: *Real?* tells of the one that blocks it, and comes first."""
    veto = None if evidence.record is None else find_veto(evidence, "real")
    told = veto is not None and veto[0] is finding and evidence.numbers is not None
    main = "" if evidence.record is None else f"{evidence.record.main}: "
    return f"{finding.code} (see Real?)." if told else f"{finding.code}: {finding.summary.removeprefix(main)}"
