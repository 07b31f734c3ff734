"""Finding `data.truncation`, of models that read rows their own way."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen.looking import SeenRun, Told, judge_seen, reads_as_encoded, severity_unfitted

CODE = "data.truncation"
THRESHOLD = (
    "In every run seen, exchanging a token behind (or before) one and the same place, or at the end of every row, "
    "never moves an answer: a warning where that cuts rows of mean length, else info."
)
REMEDY = "Raise the maximum length in your own code, for training and for prediction alike."


def check(record: StudyRecord) -> Iterator[Finding]:
    """An own model reads rows up to a place, and not to their end.

    **What it means.** Whatever stands behind that place cannot count, in training as in prediction.

    **How it is decided.** After training, in each of the 12 longest rows of train every token (120 at most) is
    exchanged for one that the model tells from it. Of rows that are longer than the last place that matters anywhere,
    three at least, most must react at that very place, by .01 nats or more. The same is asked from the end. And the
    first, or the last, tokens of these rows may never matter, as many in each.

    **Thresholds.** As in the rule: long rows are often cut on purpose. A token that is left out of every row is a
    warning where train is not fitted (90 %).

    **What it cannot see.** Models that do not train in PyTorch, or are in training mode when they answer; cuts behind
    120 tokens.

    **What to do.** Raise the maximum length in your own code.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "rows are cut")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    reading, train = run.seen.reading, record.splits.get("train")
    if reading is None or train is None:
        return reads_as_encoded(record, run)
    place = reading.read_to if reading.read_to is not None else reading.read_last
    skipped = [(reading.skips_first, "first", "[1:]"), (reading.skips_last, "last", "[:-1]")]
    many, which, slice_ = max(skipped)
    if place is None and many:
        tokens = "token of every row is" if many == 1 else f"{many} tokens of every row are"
        story = f"the {which} {tokens} never read"
        remedy = (
            f"Look for a slice ({slice_}) or a range that ends too early or begins too late where rows are encoded."
        )
        return Told(True, story, {"skipped": many, "end": which}, severity_unfitted(record, run), remedy)
    evidence = {"read_to": reading.read_to, "read_last": reading.read_last, "mean_length": train.mean_length}
    if place is None:
        return Told(False, f"tokens matter anywhere in rows of up to {reading.longest}", evidence)
    which = "first" if reading.read_to is not None else "last"
    story = f"only the {which} {place} tokens of a row are read (rows have {train.mean_length:.0f} in the mean)"
    return Told(True, story, evidence, "warning" if place < train.mean_length else "info")
