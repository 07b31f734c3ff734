"""What an audit of these very data would have caught: faults of growing dose, beside clean splits of the same rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from brittlestar.audits.analysis import analyse
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.planting import FAULTS, Fault, pool_of, resplit
from brittlestar.audits.running import Progress, correct_findings
from brittlestar.audits.showing import FEWEST_ROWS
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.catalogue import find_checks
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.seeds import generator
from brittlestar.core.splits import headline_split, is_shifted
from brittlestar.statistics.proportions import bound_share_above
from brittlestar.study.settings import TrivialSettings

DOSES = (0.002, 0.004, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)  # convention: steps of about two from 1 in 500 rows on
COPIES = 20  # budget: plantings of each dose
CAUGHT = 19  # convention: 95 % of the plantings
CLEAN = 40  # derived: no alarm in 40 bounds their rate by 7.2 % (95 %)


def codes_of(only: Sequence[str]) -> tuple[str, ...]:
    """The codes, of those that can be planted, that `--only` names; all of them without it."""
    return tuple(code for code in FAULTS if not only or code in only or code.partition(".")[0] in only)


def limits(
    dataset: AuditDataset,
    codes: tuple[str, ...] = tuple(FAULTS),
    copies: int = COPIES,
    clean: int = CLEAN,
    progress: Progress = lambda what, done, of: None,
) -> dict[str, Any]:
    """Detection limits of the checks in `codes` on clean splits of these rows, as JSON values.

    `split` is where faults were planted. Of each of `limits`, `dose` is the smallest of which at least 19 of 20
    plantings were `present` in the right place, None where not even the `largest` was; `caught` maps every dose that
    was tried to the number caught of `of`, dose 0 being clean splits; `there_already`: these have the finding anyway,
    so that no dose can be told. `false_alarms` says how many of the clean splits raised an error or a warning in these
    checks, those left out whose finding is there already (near copies, where the source is made of them), and the
    upper 95 % bound of that rate (Clopper and Pearson 1934). Raises InputError where the data have no evaluation split,
    or too few rows for one.
    """
    rows = {one.name: one.n_rows for one in dataset.evaluations if not is_shifted(one.name)}
    split = headline_split(rows) or next(iter(rows), None)
    if split is None:
        raise InputError("there is no dev or test split to plant faults in", "--limits", "the split command makes some")
    quick = dataset.study.model_copy(update={"trivial": TrivialSettings(linear="off")})  # a copy costs seconds with it
    dataset = replace(dataset, study=quick)
    if dataset.splits[split].n_rows < FEWEST_ROWS or dataset.train.n_rows < FEWEST_ROWS:
        raise InputError(f"fewer than {FEWEST_ROWS} rows in train or {split}", "--limits", "add rows")
    pool = pool_of(dataset)
    faults = [FAULTS[code] for code in codes if code in find_checks("data")]
    raised: list[set[str]] = []
    there: dict[str, list[bool]] = {fault.code: [] for fault in faults}
    for number in range(clean):
        progress("clean splits", number, clean)
        fresh = analyse(resplit(dataset, pool, generator(0, "limits", "clean", number)))
        each = {fault.code: list(find_checks("data")[fault.code].function(fresh)) for fault in faults}
        found = correct_findings([f for own in each.values() for f in own])
        raised.append({f.code for f in found if f.status == "present" and f.severity in ("error", "warning")})
        for fault in faults:
            there[fault.code].append(_present(each[fault.code], fault.split or split))
    copies = min(copies, clean)
    already = {code: sum(found[:copies]) for code, found in there.items()}
    told = [_limit(dataset, pool, split, fault, already[fault.code], copies, progress) for fault in faults]
    deserved = {one["code"] for one in told if one["there_already"]}
    alarms = sum(bool(codes - deserved) for codes in raised)
    below = bound_share_above(alarms, clean, 0.05)
    return {"split": split, "limits": told, "false_alarms": {"splits": alarms, "of": clean, "below": below}}


def _limit(
    dataset: AuditDataset, pool: BaselineRows, split: str, fault: Fault, there: int, copies: int, progress: Progress
) -> dict[str, Any]:
    """Halving over the doses, until nearly all plantings are caught. `there`: clean splits with the finding anyway."""
    caught, already = {0.0: there}, there > copies // COPIES
    needed = -(-CAUGHT * copies // COPIES)
    low, high = 0, len(DOSES)
    while low < high and not already:
        middle = (low + high) // 2
        dose = DOSES[middle]
        progress(f"{fault.code} at {100 * dose:g} %", len(caught), 3)
        caught[dose] = 0
        for number in range(copies):
            random = generator(0, "limits", fault.code, str(dose), number)
            planted = analyse(fault.plant(resplit(dataset, pool, random), split, dose, random))
            caught[dose] += _present(list(find_checks("data")[fault.code].function(planted)), fault.split or split)
        low, high = (low, middle) if caught[dose] >= needed else (middle + 1, high)
    return {
        "code": fault.code,
        "dose": None if already or low == len(DOSES) else DOSES[low],
        "unit": fault.unit,
        "of": copies,
        "caught": {f"{dose:g}": number for dose, number in sorted(caught.items())},
        "there_already": already,
        "largest": DOSES[-1],
    }


def _present(findings: list[Finding], place: str) -> bool:
    found = correct_findings(findings)
    return any(f.status == "present" and f.where.get("split", place) == place for f in found)
