"""From what tracing saw to findings: what has no effect, what nobody states and has one, and what nobody can repeat."""

from collections.abc import Callable, Iterator

from brittlestar.core.checks import Check, CheckRule, Observed, declare_check
from brittlestar.core.results import StudyRecord
from brittlestar.core.tracing import CODES, INERT, UNDECLARED, UNREPEATABLE, Traced
from brittlestar.diagnosis.results import name_variant

BY_HAND = "Change it by hand, and compare two runs."
SEEDS = "seeds"
"""That a seed has no effect is `seed.inert`."""
REMEDIES = {
    "hash seed": "Sort what comes out of sets, and use no `hash()` of texts.",
    "threads": "State the number of threads, or make sums independent of it.",
    "time zone": "Compute with UTC, or leave clocks out of training.",
    "locale": "Name the encoding of each file that is opened, and sort without the locale.",
    "working folder": "Name files relative to the module (`Path(__file__).parent`).",
    "global random state": "Draw from a generator of your own that is made from the seed.",
    "a run beside it": "Give each run files and names of its own.",
    "a process of its own": "Find what the module does when it is imported, or with processes.",
    "order of rows in train": "Shuffle train by the seed, or sort its rows by something that is in the data.",
    "order of held-out rows": "Answer each row for itself: no statistics of the batch, no state from row to row.",
}


def traced_check(code: str, threshold: str, without: str = "") -> Callable[[Callable[[Traced], str]], Check]:
    """A check from what to do about one thing that was traced; its docstring is the page of the code.

    A warning for each thing of this code but the one named `without`, or that nothing was found; nothing where nobody
    traced main. What cannot be told is inconclusive."""

    def make(advise: Callable[[Traced], str]) -> Check:
        def observe(record: StudyRecord) -> Iterator[Observed]:
            seen = _list_results(record, code, without, advise)
            return (name_variant(one, record.main) for one in seen)

        rule = CheckRule(code=code, threshold=threshold)
        return declare_check(rule, observe, advise, needs="record")

    return make


def _list_results(record: StudyRecord, code: str, without: str, advise: Callable[[Traced], str]) -> Iterator[Observed]:
    if record.traced is None:
        return
    main, rows = record.main, record.traced.rows
    mine = [one for one in record.traced.traced if CODES[one.kind] == code and one.name != without]
    notes = [one for one in mine if one.effect != "cannot-tell"]
    for one in mine:
        where = {one.kind: one.name} if code != UNREPEATABLE else {}
        evidence = {"changed": one.told, "rows": rows, "why": one.why}
        if one.code is not None:
            summary = f"{main}: {one.sentence}; seen on {rows} rows of train."
            yield Observed("present", summary, evidence, remedy=advise(one), where=where)
        elif one.effect == "cannot-tell":
            summary = f"{main}: whether {one.name} has an effect cannot be told: {one.why}."
            yield Observed("inconclusive", summary, evidence, remedy=BY_HAND, where=where)
    evidence = {"told": len(notes), "rows": rows}
    if not mine and any(one.code == UNREPEATABLE for one in record.traced.found):
        summary = f"{main}: nothing else was changed, since the same run gives something else each time."
        yield Observed("inconclusive", summary, evidence, remedy="Mend seed.undeclared first.")
    elif notes and all(note.code is None for note in notes):
        summary = f"{main}: {len(notes)} of {len(mine)} were changed, one at a time, and nothing is odd."
        yield Observed("absent", summary, evidence)


@traced_check(
    UNREPEATABLE,
    "Main's first run, repeated in the same process with the same seed, ends with other weights or answers.",
)
def seed_undeclared(_: Traced) -> str:
    """The same seed gives different results.

    **What it means.** Nobody can repeat the run, its author included, and a spread over seeds has a part that no seed
    explains.

    **How it is decided.** `diagnose --budget` trains main's first run twice on a few rows, in processes that are the
    same, and compares every weight and answer.

    **What it cannot see.** What differs rarely, or on more rows alone.

    **What to do.** Draw every random number from the seed; use no clock, no process number, no address of an object.
    """
    return "Draw every random number from the seed, and nothing from clocks, process numbers or `id()`."


@traced_check(
    INERT,
    "Main's first run with another value of a setting ends with the same weights and answers, bit by bit: on a few "
    "rows, and in the whole training.",
    SEEDS,
)
def report_inert(trial: Traced) -> str:
    """A stated setting has no effect on the run.

    **What it means.** A report that states it states something that is not so: dropout on a single recurrent layer, a
    schedule that is never stepped, a parameter that nothing reads.

    **How it is decided.** `diagnose --budget` trains main's first run again with another value of each setting that
    somebody chose, and of each parameter that own code declares, and compares every weight and answer.

    **Thresholds.** Nothing differs in a single bit, neither on a few rows of train nor in the whole training.
    Inconclusive: no other valid value is known, or the run fails with it. Severity: warning.

    **What it cannot see.** A limit that is never reached here, and may be on other data; a setting that changes a clock
    or a file, but no answer.

    **What to do.** Mend what should read the setting, or leave it out of the report.
    """
    return f"Mend what should read {trial.name.removeprefix('model.params.')}, or do not report it."


@traced_check(
    UNDECLARED,
    "Main's first run gives other weights or answers when one thing around it changes: bit by bit; for the order "
    "of rows, beyond what seeds do (p ≤ .01).",
)
def report_undeclared(trial: Traced) -> str:
    """Something that nobody states has an effect on the run.

    **What it means.** Whoever repeats the run as it is reported may get something else, and nobody knows why.

    **How it is decided.** `diagnose --budget` repeats main's first run on a few rows of train, with one thing around it
    changed at a time, and compares every weight and answer. Of rows in train, five seeds with each of two orders are
    compared.

    **Thresholds.** Something differs in a single bit, or the run fails; for the order of train's rows, answers are
    further apart than those of seeds (permutation test of the energy distance, level .01), by more than .001; of
    held-out rows, a probability moves by more than .001. Severity: warning.

    **What it cannot see.** What shows on more rows alone, and machines, versions and hardware other than this one.

    **What to do.** Its remedy names it. Where it cannot be mended, state it in the report.
    """
    return REMEDIES.get(trial.name, "State it in the report, or make the run independent of it.")
