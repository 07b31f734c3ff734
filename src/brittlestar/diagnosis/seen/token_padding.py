"""Finding `token.padding` of own models."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen import looking
from brittlestar.diagnosis.seen.looking import SeenRun, Told, format_share, judge_seen

CODE = "token.padding"
SHARE = 0.002  # convention: one token in 500
THRESHOLD = (
    "In every run seen, tokens of train with 0.2 % of all tokens change no answer when they are put behind a row, "
    "where most others do; or a token that was never seen changes none (info)."
)
REMEDY = "Keep an id for padding alone: number tokens from 1 or 2, and give unknown ones an id of their own."


def check(record: StudyRecord) -> Iterator[Finding]:
    """An own model that reads a token as padding.

    **What it means.** The mask that hides padding hides that token, too: rows are shorter than they are.

    **How it is decided.** After training, each of the 150 most frequent tokens of train, and one that was never seen,
    are put behind a few rows. A token that moves no probability (1e-4 of its logarithm), where most tokens move some,
    is not read.

    **Thresholds.** As in the rule. Severity: warning for tokens of train where train is not fitted (90 %); else
    information.

    **What it cannot see.** Models that read a row only up to some place (`data.truncation`); rare tokens; a token that
    is ignored on purpose.

    **What to do.** Give padding its own id.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "a token is read as padding: the mask hides it")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    reading = run.seen.reading
    if reading is None:
        return looking.reads_as_encoded(record, run)
    share, strangers = reading.ignored_share, reading.strangers_ignored
    evidence = {"tokens": list(reading.ignored[:10]), "share": share, "unknown": strangers}
    if share >= SHARE:
        story = f"{', '.join(reading.ignored[:5])} change no answer behind a row ({format_share(share, 1)} of all)"
        return Told(True, story, evidence, looking.severity_unfitted(record, run))
    if strangers:
        return Told(True, "a token that was never seen changes no answer behind a row", evidence, "info")
    return Told(False, f"each of {reading.tokens} tokens of train changes answers behind a row", evidence)
