import json
import random
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from brittlestar.core.catalogue import check_all, find_checks
from brittlestar.core.results import CellRecord
from brittlestar.core.seeds import generator

from .synthetic import EPOCHS, cell, diverged, falling, noise, study, turning, variant

CODES = {code for code in find_checks("record") if not code.startswith(("report.", "seed.undeclared"))}
"""All but those of studies that somebody traced."""


def messy():
    """Every fault at once, over three variants and six seeds."""
    cells = []
    for seed in range(6):
        dev = turning(0.69, 0.45, 8, 0.02) + noise(seed, 21, 0.01)
        stuck = falling(0.5, 0.75, tau=2) + noise(seed, 21, 0.01)
        test = 0.5 if seed == 2 else 0.75 + float(noise(seed, 1, 0.05)[0])
        cells.append(cell("main", seed, dev_loss=dev, dev=stuck, train=falling(0.5, 0.99), test=test))
        cells.append(cell("wide", seed, dev=falling(0.5, 0.93, tau=2), train=falling(0.5, 0.99), test=0.93))
        cells.append(cell("bag", seed, dev_loss=np.linspace(0.69, 0.4, 21), test=0.7))
    cells[-1] = diverged("bag", 5)
    return study(cells, {"bag": variant("bag", {"training.epochs": 40})})


def partial():
    cells = [cell("main", 0), CellRecord(hash="1" * 64, variant="main", seed=1, state="running")]
    cells += [CellRecord(hash="2" * 64, variant="bag", seed=s, state="planned") for s in range(2)]
    cells += [cell("fit", s, outcome="fitted", curves={}, best_epoch=None, epochs=None) for s in range(2)]
    cells += [cell("bad", s, state="failed", outcome=None, curves={}, scores={}) for s in range(2)]
    return study(cells)


RECORDS = {
    "messy": messy,
    "partial": partial,
    "healthy": lambda: healthy(0),
    "no cells": lambda: study([], {"main": variant("main")}),
    "no splits": lambda: study([cell(seed=s) for s in range(5)], splits={}),
}


def jitter(rng, scale):
    return rng.normal(0, scale, EPOCHS + 1)


def healthy(root, variants=("main", "bidirectional")):
    """A converged study whose variants differ by little, with noise of random size on every curve."""
    rng = generator(root, "healthy")
    floor, scale, tau = rng.uniform(0.05, 0.5), rng.uniform(0.001, 0.02), rng.uniform(1, 2.5)
    ceiling, spread = rng.uniform(0.75, 0.99), rng.uniform(0.001, 0.012)
    cells = []
    for name in variants:
        for seed in range(5):
            level = ceiling + rng.normal(0, spread)
            cells.append(
                cell(
                    name,
                    seed,
                    dev_loss=np.maximum(falling(0.69, floor, tau=tau) + jitter(rng, scale), 1e-4),
                    train_loss=np.maximum(falling(0.69, 0.8 * floor, tau=tau) + jitter(rng, scale), 1e-4),
                    dev=np.clip(falling(0.5, level, tau=tau) + jitter(rng, scale / 2), 0, 1),
                    train=np.clip(falling(0.5, level + 0.02, tau=tau) + jitter(rng, scale / 2), 0, 1),
                    test=float(np.clip(level, 0, 1)),
                )
            )
    return study(cells)


def test_the_messy_study_shows_every_fault_where_it_is():
    present = {(f.code, f.where["variant"]) for f in check_all("record", messy()) if f.status == "present"}
    assert present == {
        ("train.overfit", "main"),
        ("seed.collapse", "main"),
        ("train.short", "bag"),
        ("train.nonfinite", "bag"),
        ("seed.collapse", "bag"),
        ("seed.inert", "wide"),
        ("claim.unequal-budget", "bag"),
    }


def test_every_variant_is_spoken_of():
    record = messy()
    findings = check_all("record", record)
    for code in CODES - {"claim.unequal-budget", "eval.disagree"}:
        assert {f.where["variant"] for f in findings if f.code == code} == set(record.variants)
    assert {f.where["variant"] for f in findings if f.code == "claim.unequal-budget"} == {"wide", "bag"}
    beside = set(record.variants) - {record.main}
    assert {f.where["variant"] for f in findings if f.code == "eval.disagree"} == beside


@pytest.mark.parametrize("name", RECORDS)
def test_every_finding_is_complete_and_plain_json(name):
    findings = check_all("record", RECORDS[name]())
    assert findings or name == "no cells"
    for finding in findings:
        assert json.loads(json.dumps(finding.as_json(), allow_nan=False))["code"] == finding.code
        assert finding.threshold.endswith(".") and finding.where and finding.evidence
        assert re.search(r"\d", finding.summary) and finding.summary.endswith("."), finding.summary
        assert "nan" not in finding.summary.lower().split()
        if finding.status == "absent":
            assert finding.severity is None
        else:
            assert str(finding.remedy).endswith("."), finding.summary
        if finding.status == "inconclusive":
            assert re.search("issing|0 of|no per-epoch|none of|needs two", finding.summary), finding.summary


@pytest.mark.parametrize("name", ["messy", "partial", "healthy"])
def test_the_order_of_cells_and_variants_changes_nothing(name):
    record = RECORDS[name]()
    expected = sorted(json.dumps(f.as_json(), sort_keys=True) for f in check_all("record", record))
    for seed in range(3):
        order = random.Random(seed)
        cells, variants = list(record.cells), list(record.variants.items())
        order.shuffle(cells)
        order.shuffle(variants)
        turned = replace(record, cells=tuple(cells), variants=dict(variants))
        found = sorted(json.dumps(f.as_json(), sort_keys=True) for f in check_all("record", turned))
        assert found == expected


def test_false_alarms_on_healthy_studies_are_at_most_2_percent():
    alarms = [f for root in range(300) for f in check_all("record", healthy(root)) if f.status == "present"]
    assert len(alarms) <= 6, [(f.code, f.summary) for f in alarms]


def test_healthy_is_mostly_absent_and_not_merely_open():
    findings = [
        f
        for root in range(50)
        for f in check_all("record", healthy(root))
        if f.code in {"train.overfit", "train.short"}
    ]
    assert sum(f.status == "absent" for f in findings) >= 0.9 * len(findings)


def test_every_check_documents_itself():
    for check in find_checks("record").values():
        for part in ("What it means", "How it is decided", "What it cannot see", "What to do"):
            assert part in check.page, check


def test_no_heavy_import():
    code = (
        "import sys; from brittlestar.core.catalogue import find_checks; find_checks('record')\n"
        "print(sorted({'scipy.stats', 'torch', 'polars', 'pandas', 'sklearn'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_metrics_that_tell_different_stories():
    record = healthy(0)
    names = list(record.variants)
    assert len(names) > 1
    other = next(name for name in names if name != record.main)

    def scored(cell, right, loss):
        shift = 0.001 * (cell.seed % 3)
        return replace(cell, scores={"test": {"best": {"accuracy": right + shift, "log_loss": loss + shift}}})

    cells = tuple(scored(c, 0.9, 0.9) if c.variant == other else scored(c, 0.8, 0.3) for c in record.cells)
    apart = replace(record, metric="accuracy", metrics=("accuracy", "log_loss"), cells=cells)
    found = [f for f in find_checks("record")["eval.disagree"].function(apart) if f.where["variant"] == other]
    shared = {c.seed for c in cells if c.variant == other} & {c.seed for c in cells if c.variant == record.main}
    assert [f.status for f in found] == (["present"] if len(shared) >= 5 else ["inconclusive"])
