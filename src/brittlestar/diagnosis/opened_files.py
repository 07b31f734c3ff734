"""Files with rows of evaluation splits that own code opened while it trained: part of `leak.selection`."""

from brittlestar.core.checks import Observed
from brittlestar.core.seen_training import SeenFile
from brittlestar.diagnosis.results import report_missing
from brittlestar.diagnosis.variant_runs import VariantRuns
from brittlestar.study.units import count

REMEDY = "Use the rows that your code is given, in place of this file: fit on train, and choose on dev."


def judge_opened(variant: VariantRuns) -> Observed | None:
    """What the files of a variant's runs say: an error where test or a shifted split was read, information where dev
    was; None where nothing was read, and all that was could be seen."""
    if not variant.record.own or not any(cell.outcome in ("fitted", "trained", "diverged") for cell in variant.done):
        return None
    looked = [cell.opened for cell in variant.done if cell.opened is not None]
    files = sorted({file for one in looked for file in one.files}, key=_rank)
    unseen = sorted({name for one in looked for name in one.unseen})
    if files:
        return _tell_file(variant, files, sum(bool(one.files) for one in looked), len(looked))
    if looked and not unseen:
        return None
    missing = f"what your code reads with {', '.join(unseen)}, past Python" if unseen else "runs whose files were noted"
    return report_missing(variant, "whether test was read", missing, "Look in your code for files of test.")


def _rank(file: SeenFile) -> tuple[bool, bool, str]:
    return file.whole, file.split == "dev", repr(file)


def _tell_file(variant: VariantRuns, files: list[SeenFile], runs: int, looked: int) -> Observed:
    first = files[0]
    rows = f"rows of {'train and of ' if first.whole else ''}{first.split}"
    sentence = (
        f"{variant.name}: {first.line} opens {first.name}, which holds {rows}, in {runs} of {count(looked, 'run')}"
    )
    listed = [{"split": file.split, "file": file.name, "line": file.line} for file in files]
    evidence = {"runs": looked, "found": runs, "opened": listed, "out_of_reach": "what is read past Python"}
    where = {"line": first.line}
    if first.whole:
        note = f"{sentence}. Missing: which of them your code uses."
        evidence |= {"missing": "rows used"}
        return Observed("inconclusive", note, evidence, remedy=REMEDY, split=first.split, where=where)
    severity = "info" if first.split == "dev" else None
    return Observed("present", sentence, evidence, remedy=REMEDY, severity=severity, split=first.split, where=where)
