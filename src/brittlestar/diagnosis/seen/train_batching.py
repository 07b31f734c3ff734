"""Finding `train.batching`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen.looking import MOSTLY, SeenRun, Told, format_share, judge_seen

CODE = "train.batching"
CHANCE = 0.05  # convention: what class shares explain may not come near to it
THRESHOLD = "In every run that was seen, half of the batches hold one class, where class shares explain less than 5 %."
REMEDY = "Shuffle train anew in each epoch: `DataLoader(…, shuffle=True)`, or `torch.randperm`."


def check(record: StudyRecord) -> Iterator[Finding]:
    """Batches hold one class each.

    **What it means.** From batches of one class a model learns to name the class of the moment, and forgets the one
    before; the loss repeats with the period of an epoch.

    **How it is decided.** Targets of the loss are looked at in the first 12 batches, and every 17th (every 97th
    after 1,000): does a batch of four rows or more hold one class? Chance is the sum over classes of share to the
    power of the rows in a batch.

    **Thresholds.** As in the rule. Severity: warning.

    **What it cannot see.** Batches in an order that follows something else than classes; losses that are not of
    `torch.nn.functional`.

    **What to do.** Shuffle train in each epoch.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "train is not shuffled")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    seen, train = run.seen, record.splits.get("train")
    if seen.one_class is None or seen.batch is None or train is None or not train.rows:
        return None
    chance = sum((count / train.rows) ** seen.batch for count in train.class_counts.values())
    alone = seen.one_class >= MOSTLY and chance < CHANCE
    evidence = {"one_class": seen.one_class, "by_chance": chance, "batch": seen.batch, "steps": seen.steps}
    by_chance = f"by chance {format_share(chance, 1)}"
    story = f"{format_share(seen.one_class)} of batches of {seen.batch:,.0f} rows hold one class ({by_chance})"
    return Told(alone, story, evidence)
