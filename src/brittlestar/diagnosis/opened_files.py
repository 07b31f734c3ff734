"""Files with rows of evaluation splits that own code opened while it trained: part of `leak.selection`."""

from brittlestar.core.seen_training import SeenFile
from brittlestar.diagnosis.results import VariantResult, report_missing
from brittlestar.diagnosis.variant_runs import VariantRuns

QUESTION = "whether test was read"
REMEDY = "Use the rows that the function is given: what is fitted or chosen on {split} belongs on train, or on dev."


def judge_opened(variant: VariantRuns) -> VariantResult | None:
    """What the files of a variant's runs say: an error where test or a shifted split was read, information where dev
    was; None where nothing was to be seen, and all of it could be."""
    looked = [cell.opened for cell in variant.done if cell.opened is not None]
    if not variant.record.own or not variant.done or all(cell.outcome == "imported" for cell in variant.done):
        return None
    if not looked:
        return report_missing(variant, QUESTION, "runs whose opened files were noted", "Train it again.")
    files = sorted({file for one in looked for file in one.files}, key=_rank)
    unseen = sorted({name for one in looked for name in one.unseen})
    if files:
        return _tell_file(variant, files, sum(bool(one.files) for one in looked), len(looked))
    if unseen:
        missing = f"what your code reads with {', '.join(unseen)}, which opens files past Python"
        return report_missing(variant, QUESTION, missing, "Look there for files of test; read them with open or pandas.")
    return None


def _rank(file: SeenFile) -> tuple[bool, bool, str]:
    return file.whole, file.split == "dev", repr(file)


def _tell_file(variant: VariantRuns, files: list[SeenFile], runs: int, looked: int) -> VariantResult:
    first = files[0]
    rows = f"rows of {first.split}" if not first.whole else f"rows of train and of {first.split}"
    story = f"{variant.name}: {first.line} opens {first.name}, which holds {rows}, in {runs} of {looked} runs"
    listed = [{"split": one.split, "file": one.name, "line": one.line} for one in files]
    evidence = {"runs": looked, "found": runs, "opened": listed, "out_of_reach": "files read past Python's open"}
    where = {"line": first.line}
    if first.whole:
        missing = "which of its rows your code uses"
        return VariantResult(
            "inconclusive",
            f"{story}. Missing: {missing}.",
            evidence | {"missing": missing},
            f"Open a file with rows of train alone, or use the rows that the function is given ({first.line}).",
            split=first.split,
            where=where,
        )
    severity = "info" if first.split == "dev" else None
    return VariantResult(
        "present", f"{story}.", evidence, REMEDY.format(split=first.split), severity, first.split, where
    )
