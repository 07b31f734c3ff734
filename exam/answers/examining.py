"""One scenario from end to end: brought, measured, graded, its advice followed."""

import tempfile
import traceback
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

from exam.answers.following import follow_all
from exam.answers.grading import Truth, compare_surfaces, grade_answer, grade_first, grade_gate, know_answers
from exam.answers.measuring import Measured, measure_copies, measure_gain, measure_loss, measure_mend
from exam.answers.scenarios import Half, Scenario, draw_scenario
from exam.answers.tasks import FRESH
from exam.answers.ways import bring


def examine_number(half: Half, seed: int, data: Path | None, number: int) -> dict[str, Any]:
    """The scenario of this number, examined; one that the package, or the exam, failed on has an `error` alone."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        scenario = draw_scenario(half, seed, number, data)
        try:
            return examine(scenario, Path(folder)) | {"number": number}
        except Exception:
            fault = scenario.fault.name if scenario.fault else None
            return {"name": scenario.name, "fault": fault, "number": number, "error": traceback.format_exc()[-1_500:]}


def examine(scenario: Scenario, place: Path) -> dict[str, Any]:
    """Bring a scenario, measure it, and grade what was said, as plain JSON values."""
    given, fault, brought = scenario.given, scenario.fault, bring(scenario, place)
    fresh = given.right(FRESH)
    truth = Truth(
        measure_gain(given),
        measure_loss(given),
        Measured(float(fresh.mean()), float(fresh.std() / len(fresh) ** 0.5)),
        measure_mend(given, scenario.mended, fault.on_fresh) if fault else None,
        measure_copies(given),
    )
    headline = brought.document["headline"]
    act, wanted = headline["act_first"], know_answers(truth, fault)
    followed = follow_all(brought.document, place)
    return {
        "name": scenario.name,
        "fault": fault.name if fault else None,
        "error": None,
        "answers": {name: grade_answer(headline[name]["answer"], yes) for name, yes in wanted.items()},
        "gate": grade_gate(brought.required.get("least"), brought.least, truth.fresh),
        "first": grade_first(act and act["code"], truth, fault),
        "next": [{**asdict(one), "wrong": one.wrong} for one in followed],
        "surfaces": compare_surfaces(
            brought.document, brought.text, brought.page, brought.required, float(given.right("test").mean())
        ),
        "truth": asdict(truth) | {"yes": wanted},
        "said": {name: headline[name] for name in ("score", "best_trivial", "real", "holds", "sound", "act_first")},
        "present": [
            {key: one[key] for key in ("code", "severity", "summary")}
            for one in brought.document["findings"]
            if one["status"] == "present" and one["severity"] != "info"
        ],
        "least": brought.least,
    }
