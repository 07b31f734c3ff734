"""From what `trace` saw to findings of one code."""

from collections.abc import Callable, Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.core.tracing import CODES, UNREPEATABLE, Traced

AGAIN = "Trace it again: `brittlestar trace STUDY`."


def tell_traced(
    record: StudyRecord, code: str, threshold: str, advise: Callable[[Traced], str], without: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """A warning for each thing of this code but those `without`, or that nothing was found; nothing where nobody traced
    main. What cannot be told is inconclusive."""
    if record.traced is None:
        return
    mine = [one for one in record.traced.traced if CODES[one.kind] == code and one.name not in without]
    told = [one for one in mine if one.effect != "cannot-tell"]
    where, rows = {"variant": record.main}, record.traced.rows
    for one in mine:
        here = {**where, one.kind: one.name} if code != UNREPEATABLE else where
        evidence = {"changed": one.told, "rows": rows, "why": one.why}
        if one.code is not None:
            summary = f"{record.main}: {one.sentence}; seen on {rows} rows of train."
            yield Finding(code, "present", summary, threshold, "warning", here, evidence, advise(one))
        elif one.effect == "cannot-tell":
            summary = f"{record.main}: whether {one.name} has an effect cannot be told: {one.why}."
            yield Finding(code, "inconclusive", summary, threshold, None, here, evidence, AGAIN)
    evidence = {"told": len(told), "rows": rows}
    if not mine and any(one.code == UNREPEATABLE for one in record.traced.found):
        summary = f"{record.main}: nothing else was changed, since the same run gives something else each time."
        yield Finding(code, "inconclusive", summary, threshold, None, where, evidence, "Mend seed.undeclared first.")
    elif told and all(one.code is None for one in told):
        summary = f"{record.main}: {len(told)} of {len(mine)} were changed, one at a time, and nothing is odd."
        yield Finding(code, "absent", summary, threshold, where=where, evidence=evidence)
