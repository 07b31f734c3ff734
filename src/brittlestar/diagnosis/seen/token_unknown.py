"""Finding `token.unknown`, of models that read rows their own way."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen import looking
from brittlestar.diagnosis.seen.looking import SeenRun, Told, format_share, judge_seen

CODE = "token.unknown"
SHARE = 0.05  # convention: one token in twenty
THRESHOLD = (
    "In every run seen, tokens that make up 5 % of train or more are answered as a token that was never seen, in rows "
    "where others are told apart."
)
REMEDY = "Look at how the function makes its vocabulary: its size, a least frequency, another pattern, or another case."


def check(record: StudyRecord) -> Iterator[Finding]:
    """To an own model, tokens of train are unknown.

    **What it means.** All of these tokens are one to the model, and the same as any that comes later.

    **How it is decided.** After training, in six rows of train one token is exchanged for each of the 150 most frequent
    ones, and for one that was never seen, in batches of one length. A token is unknown where its answers are those of
    the stranger, to .00001 nats of every class, in every row in which the place matters. Tokens must usually be told
    apart by .001 nats.

    **Thresholds.** As in the rule. Severity: warning; information where train is fitted (90 %): words may be left out
    on purpose.

    **What it cannot see.** Models that do not train in PyTorch; those that are in training mode when they answer.

    **What to do.** Look at how the function makes its vocabulary.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "tokens of train are unknown to the model")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    reading = run.seen.reading
    if reading is None:
        return looking.reads_as_encoded(record, run)
    named = f": {', '.join(reading.unknown[:5])}{', …' if len(reading.unknown) > 5 else ''}" if reading.unknown else ""
    story = f"{len(reading.unknown)} of {reading.tokens} are what a new token is{named}"
    evidence = {"share": reading.unknown_share, "tokens": list(reading.unknown[:10])}
    story = f"{story} ({format_share(reading.unknown_share)} of all)"
    return Told(reading.unknown_share >= SHARE, story, evidence, looking.severity_unfitted(record, run))
