"""`selftest`: error rates of verdicts, measured here and now."""

import tempfile
from itertools import chain
from pathlib import Path

import numpy as np

from brittlestar.claims.calibration import ALPHA, FULL, REDUCED, Entry, calibrate, margin
from brittlestar.claims.calibration_gate import REPEATS, calibrate_gate
from brittlestar.claims.judge import judge_all
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.core.seeds import generator
from brittlestar.data.folder import write_data
from brittlestar.execution.jobs import TrainJob, site_of
from brittlestar.execution.progress import Progress, tell_progress
from brittlestar.store.layout import Store
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.training.trained import Trained
from brittlestar.verbs.opening import open_input
from brittlestar.verbs.preparing import prepare

STUDIES, SEEDS = 200, 6  # budget; a rate of .05 is known to .015 (binomial standard error)
TRAININGS = "studies of trained models"
SETTINGS = {
    "variants": "{}",
    "training.epochs": "8",
    "training.learning_rate": "2e-2",
    "training.batch_size": "8",
    "model.layers": "1",
    "model.hidden": "8",
}


def same_arm(studies: int = STUDIES, seeds: int = SEEDS, progress: bool | Progress = True) -> Entry:
    """Train 2 x `seeds` models of one variant for each of `studies` studies, all from seeds of their own, call one half
    of them another variant, and judge the two at one look: the share of studies in which they are found to differ,
    against 5 % and 3.3 standard errors. `progress` as in `selftest`."""
    from brittlestar.execution.work import perform

    claim = parse_claim({"claim": "one > two by 0 on accuracy", "looks": [seeds], "max_seeds": seeds})
    found = 0
    with tempfile.TemporaryDirectory(prefix="brittlestar-") as scratch, tell_progress(progress, TRAININGS) as tell:
        folder = Path(scratch)
        store = Store(folder)
        site = site_of(store, folder, folder)
        overrides = {**SETTINGS, "seeds": str(2 * seeds * studies)}
        prepared = prepare(open_input(_data(), overrides=overrides))
        write_data(store.data, prepared.opened.frames, prepared.opened.data)
        labels = prepared.opened.data.splits["test"].labels
        for study in range(studies):
            tell(f"study {study + 1}", study, studies)
            cells = prepared.cells[2 * seeds * study : 2 * seeds * (study + 1)]
            trained = [perform(TrainJob(site, cell), lambda epoch, epochs: None) for cell in cells]
            outputs = [one.outputs["test"]["best"].values for one in trained if isinstance(one, Trained)]
            predicted = np.stack([values.argmax(axis=1) for values in outputs])
            own = tuple(range(seeds))
            arms = {name: Runs(own, predicted=predicted[half::2]) for half, name in enumerate(("one", "two"))}
            outcomes = Outcomes(arms, np.asarray(labels, np.int64), len(prepared.opened.data.classes))
            (judged,) = judge_all([(outcomes, claim)])
            found += judged.relation in ("better", "worse")
    name = f"a variant told apart from itself, {studies} studies of trained models, {seeds} seeds"
    return Entry(name, found / studies, studies, 0.0, ALPHA + margin(ALPHA, studies))


def _data() -> dict[str, list[dict[str, str]]]:
    """Splits of eight letters whose label says whether `a` is there more often than `b`, 40 rows to train on: a task
    that models of these settings learn in part, some more and some less."""
    random = generator(0, "same variant")
    found: dict[str, list[dict[str, str]]] = {}
    for split, rows in (("train", 40), ("dev", 40), ("test", 200)):
        letters = [random.choice(list("abcde"), 8).tolist() for _ in range(rows)]
        found[split] = [{"sequence": " ".join(row), "label": str(row.count("a") > row.count("b"))} for row in letters]
    return found


FEW = 20  # budget of the reduced self-test
FEW_GATED = 100  # the same of a gate


def selftest(
    *,
    statistics: bool = True,
    trainings: bool = False,
    gate: bool = False,
    reduced: bool = False,
    progress: bool | Progress = True,
) -> tuple[Entry, ...]:
    """Measure how often verdicts err, on studies whose truth is known.

    Args:
        statistics: Every entry of the calibration suite, on simulated studies.
        trainings: Studies of small models that are trained here and now: how often a variant is found to differ from
            itself.
        gate: Simulated releases: how often `gate --against` fails an unchanged model, and one three points worse.
        reduced: 400 simulated studies an entry in place of 2,000, 20 trained studies in place of 200, and 100 releases
            in place of 500.
        progress: Tell on standard error how far it is, or not; or a function that is called with the entry or study
            that is measured, how many are done, and of how many (0 for entries: nobody counts them before).

    Returns:
        Entries with what was measured (an error rate or a coverage in [0, 1], or the number that its name says), the
        bounds that a sound method keeps, and whether they hold. Bad methods (`control`) have to lie outside.

    Example:
        >>> from brittlestar import selftest
        >>> entries = selftest(reduced=True)
        >>> any(one.control for one in entries), {type(one.passed) for one in entries}
        (True, {<class 'bool'>})
    """
    found: list[Entry] = []
    simulated = calibrate(REDUCED if reduced else FULL) if statistics else ()
    gated = calibrate_gate(FEW_GATED if reduced else REPEATS) if gate else ()
    with tell_progress(progress, "simulated studies") as tell:
        for entry in chain(simulated, gated):
            found.append(entry)
            tell(entry.name, len(found), 0)
    if trainings:
        found.append(same_arm(FEW if reduced else STUDIES, progress=progress))
    return tuple(found)
