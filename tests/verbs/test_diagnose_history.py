"""Curves made elsewhere are diagnosed by the checks of studies: one run shows, five settle."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from brittlestar import DiagnoseResult, diagnose_history
from brittlestar.diagnosis.logged_curves import CODES
from tests.command import brittlestar
from tests.training.logs import HEAD, overfitting, write_csv, write_lightning, write_trainer

PLAIN = ("epoch", "train_loss", "val_loss")
pytestmark = pytest.mark.usefixtures("in_own_folder")


def write_lost(path: Path) -> Path:
    losses = [0.7, 0.9, 2.3, 17.2, *["nan"] * 6]
    return write_csv(path, PLAIN, [(k, loss, loss) for k, loss in enumerate(losses)])


def write_climbing(path: Path) -> Path:
    losses = 0.7 + 2 * (1 - np.exp(-np.arange(12) / 3))
    return write_csv(path, PLAIN, [(k, loss, loss) for k, loss in enumerate(losses)])


def write_flat(path: Path) -> Path:
    losses = np.log(2) + np.random.default_rng(0).normal(0, 0.003, (15, 2))
    return write_csv(path, PLAIN, [(k, *row) for k, row in enumerate(losses)])


def write_healthy(path: Path, seed: int = 0) -> Path:
    """Noisy, with a bump while the rate warms up, and a dev loss that stays where it has come to."""
    random, e = np.random.default_rng(seed), np.arange(1, 31)
    train = 0.15 + 0.55 * np.exp(-e / 3) + random.normal(0, 0.01, 30) + np.where(e < 4, 0.6, 0)
    dev = 0.22 + 0.48 * np.exp(-e / 3) + random.normal(0, 0.01, 30)
    accuracy = 90 - 40 * np.exp(-e / 3) + random.normal(0, 0.5, 30)
    rows = zip(e, train, dev, accuracy, strict=True)
    return write_csv(path, ("Epoch", "Train Loss", "Valid Loss", "Valid Acc (%)"), list(rows))


FILES: dict[str, tuple[Callable[[Path], Path], list[str], list[str]]] = {
    "overfit.csv": (lambda path: write_csv(path, HEAD, overfitting()), [], ["train.overfit"]),
    "metrics.csv": (write_lightning, [], ["train.overfit"]),
    "trainer_state.json": (write_trainer, [], ["train.overfit"]),
    "lost.csv": (write_lost, ["train.nonfinite"], []),
    "climbing.csv": (write_climbing, ["train.diverging"], []),
    "flat.csv": (write_flat, [], []),
    "healthy.csv": (write_healthy, [], []),
}


@pytest.mark.parametrize("name", FILES)
def test_one_run_settles_what_was_seen_and_shows_what_is_likely(name: str) -> None:
    write, causes, likely = FILES[name]
    found = diagnose_history(write(Path(name)))
    assert [cause.code for cause in found.causes] == causes
    assert [finding.code for finding in found.likely] == likely
    assert {finding.code for finding in found.findings} == {*CODES}
    assert all(
        finding.status == "inconclusive" and "Missing: 4 more seeds" in finding.summary for finding in found.likely
    )


@pytest.mark.parametrize("name", ["overfit.csv", "flat.csv"])
def test_an_ending_is_short_and_asks_for_nothing_that_cannot_be_done(name: str) -> None:
    write, causes, likely = FILES[name]
    write(Path(name))
    said = brittlestar("diagnose", "--history", name)
    assert said.code == 0 and len(said.output.splitlines()) <= 25
    for words in (*causes, *likely, f"{name}: ", "need more than curves"):
        assert words in " ".join(said.output.split())
    whole = brittlestar("diagnose", "--history", name, "-v").output
    for wrong in ("brittlestar run", "fit function", "STUDY", "over 1 seeds"):
        assert wrong not in said.output + whole


def five(write: Callable[[Path, int], Path]) -> DiagnoseResult:
    """Five runs in one file, as the guide joins them."""
    logs = [pl.read_csv(write(Path("one.csv"), seed)).with_columns(seed=seed) for seed in range(5)]
    pl.concat(logs).write_csv("all.csv")
    return diagnose_history("all.csv")


def test_five_runs_settle_overfitting_by_the_rule_of_studies() -> None:
    found = five(lambda path, seed: write_csv(path, HEAD, overfitting(seed)))
    (cause,) = found.causes
    assert (cause.code, cause.severity) == ("train.overfit", "warning")
    assert cause.evidence["onset"]["median"] == pytest.approx(7, abs=1)
    assert cause.evidence["rise"]["estimate"] == pytest.approx(0.3, abs=0.02)
    assert cause.threshold == next(
        finding.threshold for finding in found.findings if finding.code == "train.overfit"
    ) and cause.remedy.startswith("Stop at the minimum and regularise;")
    pl.read_csv("all.csv").write_ndjson("all.jsonl")
    assert diagnose_history("all.jsonl").causes[0].evidence == cause.evidence


def test_five_healthy_runs_have_no_cause() -> None:
    found = five(write_healthy)
    assert found.causes == () and found.likely == ()
    absent = {finding.code for finding in found.findings if finding.status == "absent"}
    assert {"train.nonfinite", "train.diverging", "train.overfit", "train.short"} <= absent


def test_what_ends_while_it_still_gains_is_short() -> None:
    def write(path: Path, seed: int) -> Path:
        random = np.random.default_rng(seed)
        rows = [(k, 0.7 - 0.02 * k, 0.7 - 0.02 * k + random.normal(0, 0.004)) for k in range(1, 16)]
        return write_csv(path, PLAIN, rows)

    (cause,) = five(write).causes
    assert (cause.code, cause.remedy.split(",")[0]) == ("train.short", "Train longer")


def test_the_spread_over_runs_is_told() -> None:
    def write(path: Path, seed: int) -> Path:
        rows = [(epoch, a, b, accuracy - 0.12 * seed, dev) for epoch, a, b, accuracy, dev in overfitting(seed)]
        return write_csv(path, HEAD, rows)

    found = five(write)
    assert "seed.unstable" in {cause.code for cause in found.causes}
    assert "SD of accuracy on dev over 5 seeds" in next(
        cause.summary for cause in found.causes if cause.code == "seed.unstable"
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("overfit.csv", "dev loss is lowest at epoch 6 of 20, at 0.423, and ends at 0.7"),
        ("overfit.csv", "train loss goes from 0.552 to 0.032; dev accuracy is highest at epoch 20 of 20, at 86.0"),
        ("lost.csv", "train loss is not finite from epoch 5 on, where it was 17.200 before"),
        ("flat.csv", "train loss goes from 0.69"),
        ("healthy.csv", "dev accuracy is highest"),
    ],
)
def test_what_the_curves_show_is_said_in_words(name: str, words: str) -> None:
    assert words in diagnose_history(FILES[name][0](Path(name))).shown["Shows"]


def test_the_command_says_what_python_does_and_which_columns_it_read() -> None:
    write_csv(Path("a.csv"), ("Step", "Val Loss", "Value"), [(row[0], row[4], 1) for row in overfitting()])
    said = brittlestar("diagnose", "--history", "a.csv", "--json")
    found = diagnose_history("a.csv")
    assert json.loads(said.output) == json.loads(json.dumps(found.document, allow_nan=False))
    assert found.document["shown"]["Read"] == (
        "a.csv: 20 points, which count as epochs; dev loss from Val Loss; left out: Value."
    )
    assert found.document["how_often_right"] is None  # that was measured where training was watched
    quiet = brittlestar("diagnose", "--history", "a.csv", "--quiet")
    assert quiet.output.startswith("Cause: ") and len(quiet.output.splitlines()) == 1
    only = diagnose_history("a.csv", only=["seed"])
    assert {finding.code for finding in only.findings} == {"seed.collapse", "seed.unstable"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "nothing to diagnose; give a study's folder, or --history FILE"),
        (("a.study", "--history", "a.csv"), "--history and STUDY exclude each other"),
        (("--history", "a.csv", "--budget", "10m"), "--history and --budget exclude each other"),
        (("--history", "a.csv", "--seeds", "3", "--executor", "serial"), "and --seeds, --executor exclude each other"),
        (("--history", "a.csv", "--only", "leak"), "nothing is looked for in curves by the name leak"),
        (("--history", "b.csv"), "b.csv: no such file"),
        (("--history", "."), "is no log that is read; a .csv, a .jsonl or a trainer_state.json has columns such as"),
    ],
)
def test_what_cannot_be_asked_is_told(options: tuple[str, ...], words: str) -> None:
    write_csv(Path("a.csv"), HEAD, overfitting())
    said = brittlestar("diagnose", *options)
    assert said.code == 2 and words in "".join(said.errors)
