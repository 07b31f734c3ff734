"""Finding `token.collision`, of models that read rows their own way."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen import looking
from brittlestar.diagnosis.seen.looking import SeenRun, Told, format_share, judge_seen

CODE = "token.collision"
SHARE = 0.05  # convention: one token in twenty
THRESHOLD = (
    "In every run seen, different tokens get the same answers in rows where others are told apart, and 5 % of train or "
    "more are merged into another that way."
)
REMEDY = "Look at how the function encodes tokens: lower case, stripped characters, hashes, one number for two tokens."


def check(record: StudyRecord) -> Iterator[Finding]:
    """To an own model, different tokens are one.

    **What it means.** What tells these tokens apart is lost before the model: no training can bring it back.

    **How it is decided.** As in `token.unknown`. Tokens are merged where their answers are the same to .00001 nats of
    every class in every row in which the place matters.

    **Thresholds.** As in the rule, without the most frequent token of each group. Severity: as in `token.unknown`.

    **What it cannot see.** As in `token.unknown`; tokens that the model tells apart in other rows alone.

    **What to do.** Look at how the function encodes tokens.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "tokens are not told apart")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    reading = run.seen.reading
    if reading is None:
        return looking.reads_as_encoded(record, run)
    groups = [" = ".join(group[:4]) for group in reading.merged[:3]]
    named = f": {'; '.join(groups)}{'; …' if len(reading.merged) > 3 else ''}" if groups else ""
    story = f"{sum(map(len, reading.merged))} of {reading.tokens} tokens of train are the same as others{named}"
    cased = [group for group in reading.merged if len({token.casefold() for token in group}) == 1]
    case = " and differ in letter case alone" if cased and len(cased) == len(reading.merged) else ""
    story += case
    evidence = {"share": reading.merged_share, "groups": [list(one) for one in reading.merged[:10]]}
    story = f"{story} ({format_share(reading.merged_share)} of all)"
    return Told(reading.merged_share >= SHARE, story, evidence, looking.severity_unfitted(record, run))
