# A check of a study: brittlestar report STUDY --check check_range:RANGE
from brittlestar import Check, Finding

RULE = "The best and the worst finished seed of a variant lie more than 10 points apart on test."


def check(record):
    """One variant's seeds lie far apart: which of them is reported decides the result."""
    for name in record.variants:
        runs = [run for run in record.cells if run.variant == name and "test" in run.scores]
        scores = {run.seed: run.scores["test"]["best"][record.metric] for run in runs}
        where = {"variant": name}
        if "test" not in record.splits:
            yield Finding("house.seed-range", "not-applicable", "There is no test split.", RULE, None, where)
            continue
        if len(scores) < 2:
            text = f"{name}: {len(scores)} of 2 seeds are scored on test. Missing: more seeds."
            yield Finding("house.seed-range", "inconclusive", text, RULE, None, where)
            continue
        low, high = min(scores.values()), max(scores.values())
        present = high - low > 0.1
        text = f"{name}: {len(scores)} seeds reach {100 * low:.1f} to {100 * high:.1f} on test."
        status, severity = ("present", "warning") if present else ("absent", None)
        yield Finding("house.seed-range", status, text, RULE, severity, where, remedy="Report the mean over seeds.")


RANGE = Check("house.seed-range", check, needs="record")
