"""Spellings: healthy models of words, and models that read one spelling of tokens that train has in two."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from brittlestar import probe
from brittlestar.core.findings import Finding
from brittlestar.core.probing import Familiarity
from brittlestar.pipeline.probe_result import ProbeResult
from tests.diagnosis.probes.making import ROWS, breaks, condition, status, stays, study, summary

Rows = list[list[str]]
CODE = "probe.token-brittle"


def written(folder: Path, draw: Callable[[np.random.Generator], tuple[Sequence[str], bool]]) -> Path:
    """Splits of rows that are drawn one by one."""
    random = np.random.default_rng(0)
    folder.mkdir()
    for split, many in (("train", 1500), ("dev", 100), ("test", 600)):
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["id", "sequence", "label"])
            for k in range(many):
                row, label = draw(random)
                out.writerow([f"{split}{k}", " ".join(row), int(label)])
    return folder


def probed(data: Path, accepts: Callable[[list[str]], bool]) -> ProbeResult:
    def predict(rows: Rows) -> np.ndarray:
        return np.eye(2)[[int(accepts(row)) for row in rows]]

    return probe(data, predict=predict, settings={"only": ["tokenisation"]})


def found(result: ProbeResult) -> Finding:
    (one,) = [finding for finding in result.findings if finding.code == CODE]
    return one


WORDS = [f"{first}{middle}{last}" for first in "bcdfg" for middle in "aeiou" for last in "lmnrt"]


def sentence(random: np.random.Generator) -> tuple[Sequence[str], bool]:
    """Words, among them `a` and `i`; more words with an `e` than with an `o` are good."""
    row = random.choice([*WORDS, *["a", "i"] * 6], int(random.integers(5, 12))).tolist()
    return row, sum("e" in word for word in row) > sum("o" in word for word in row)


def test_a_model_of_whole_words_is_not_blamed_for_single_letters(tmp_path: Path) -> None:
    data = written(tmp_path / "data", sentence)
    good, bad = ({word for word in WORDS if vowel in word} for vowel in "eo")
    one = found(probed(data, lambda row: sum(w in good for w in row) > sum(w in bad for w in row)))
    assert one.status == "inconclusive" and one.severity is None
    assert "nothing can be concluded" in one.summary and "are unknown, or over 10 times as frequent" in one.summary


@pytest.mark.parametrize(("familiar", "wanted"), [(29, "inconclusive"), (30, "present"), (ROWS, "present")])
def test_thirty_rows_in_familiar_tokens_are_needed(familiar: int, wanted: str) -> None:
    one = condition("tokenisation.merged@1", known=False, expectation="invariant")
    rows = Familiarity(1.0, 0.9, np.arange(ROWS) < familiar)
    turned = lambda before: 1 - before  # noqa: E731
    assert status(study(replace(one, familiarity=rows), turned), CODE).status == wanted


@pytest.mark.parametrize("known", [True, False])
def test_rows_in_unknown_tokens_are_left_out(known: bool) -> None:
    """Every fifth answer turns, and these are the rows in tokens that train lacks."""
    one = condition("tokenisation.merged@1", known=known, expectation="invariant")
    rows = Familiarity(1.0, 0.8, np.arange(ROWS) % 5 != 0)
    assert status(study(replace(one, familiarity=rows), breaks), CODE).status == "absent"
    assert status(study(replace(one, familiarity=Familiarity(1.0, 0.8, ~rows.rows)), breaks), CODE).status == "present"
    assert status(study(replace(one, familiarity=rows), stays), CODE).status == "absent"


def test_look_alikes_that_train_lacks_say_nothing_about_noise() -> None:
    """A model of words does not know them; one of characters is held to those that train has."""
    one = condition("noise.look-alike@0.1", known=False, expectation="invariant")
    unknown, known = (Familiarity(1.0, share, np.full(ROWS, share > 0)) for share in (0.0, 1.0))
    assert status(study(replace(one, familiarity=known), breaks), "probe.noise-brittle").status == "present"
    told = summary(study(replace(one, familiarity=unknown), breaks)).findings
    assert not [one for one in told if one.code == "probe.noise-brittle" and one.status == "present"]
    declared = replace(one, familiarity=unknown, declared=True)
    assert status(study(declared, breaks), "probe.noise-brittle").status == "present"
