# A check of a study: brittlestar report STUDY --check check_range:RANGE
from brittlestar import Check, Finding

CODE = "house.seed-range"
RULE = "The best and the worst finished seed of a variant lie more than 10 points apart on test."


def check(record):
    """One variant's seeds lie far apart: which of them is reported decides the result."""
    for name in record.variants if "test" in record.splits else []:
        where, scored = {"variant": name}, [run for run in record.cells if run.variant == name and "test" in run.scores]
        scores = {run.seed: 100 * run.scores["test"]["best"][record.metric] for run in scored}
        low, high = min(scores.values(), default=0), max(scores.values(), default=0)
        text = f"{name}: {len(scores)} seeds reach {low:.1f} to {high:.1f} on test."
        if len(scores) < 2:
            text = f"{name}: {len(scores)} of 2 seeds are scored on test. Missing: more seeds."
            yield Finding(CODE, "inconclusive", text, RULE, None, where)
        elif high - low > 10:
            yield Finding(CODE, "present", text, RULE, "warning", where, remedy="Report the mean over seeds.")
        else:
            yield Finding(CODE, "absent", text, RULE, None, where)


RANGE = Check(CODE, check, needs="record")
