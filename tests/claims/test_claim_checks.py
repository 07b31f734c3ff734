"""Findings about claims: on synthetic studies whose truth is known."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from brittlestar.claims.claim_findings import JudgedStudy
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.several import judge_all
from brittlestar.claims.stated_scores import StatedScoreCheck, standing
from brittlestar.core.audit_record import Audit
from brittlestar.core.catalogue import check_all, find_checks
from brittlestar.core.findings import Finding
from brittlestar.core.results import Setting, StudyRecord
from brittlestar.core.trivial_baselines import Score, TrivialBaseline, TrivialBaselines
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import claims_document
from tests.diagnosis.synthetic import cell, study, variant

CLAIM = "main > bag by 0.02 on accuracy"


def baselines(score: float, half: float = 0.02) -> TrivialBaselines:
    def at(value: float) -> Score:
        return Score(value, (value - half, value + half), 500)

    members = [
        TrivialBaseline(name, kind, "", {"all": {split: {"accuracy": at(value)} for split in ("train", "dev", "test")}})
        for name, kind, value in (("majority class", "majority", 0.5), ("bag of tokens", "bag", score))
    ]
    return TrivialBaselines(tuple(members), {}, ("accuracy",), {"test": 500}, {"test": 500})


def made(
    first: Sequence[float],
    second: Sequence[float],
    claim: str = CLAIM,
    *,
    baseline: float | None = None,
    registered: bool = True,
    **fields: object,
) -> tuple[StudyRecord, tuple[Judgement, ...]]:
    """A study with one score a seed for two variants, and the verdicts on its one claim."""
    scores = {"main": first, "bag": second}
    cells = [cell(name, seed, test=value) for name, own in scores.items() for seed, value in enumerate(own)]
    asked = parse_claim({"claim": claim, "population": "fixed-test-set", **fields})
    record = replace(study(cells), claims=tuple(claims_document([asked], registered)))
    if baseline is not None:
        record = replace(record, audit=Audit((), baselines(baseline)))
    runs = {name: Runs(tuple(range(len(own))), score=np.asarray(own)) for name, own in scores.items()}
    return record, judge_all([(Outcomes(runs), asked)], registered=registered)


def one(code: str, given: tuple[StudyRecord, tuple[Judgement, ...]]) -> Finding:
    (found,) = findings(code, *given)
    assert found.code == code
    return found


def findings(
    code: str, record: StudyRecord, judged: Sequence[Judgement], stated: StatedScoreCheck | None = None
) -> list[Finding]:
    return list(find_checks("claims")[code].function(JudgedStudy(record, judged, {}, stated)))


NOISE = np.asarray([0.02, -0.03, 0.01, 0.03, -0.03])
"""Seeds that differ by points."""


def test_an_open_claim_of_a_study_that_could_not_have_seen_it_is_underpowered() -> None:
    found = one("claim.underpowered", made(0.83 + NOISE, 0.8 + NOISE[::-1]))
    assert (found.status, found.severity) == ("present", "info")
    assert found.evidence["smallest_detectable"] > 0.02 and "5 seeds find" in found.summary
    assert "seeds" in str(found.remedy)
    settled = one("claim.underpowered", made(0.93 + NOISE / 10, 0.8 + NOISE[::-1] / 10))
    assert settled.status == "absent" and "supported" in settled.summary
    sharp = one("claim.underpowered", made(0.82 + NOISE / 10, 0.8 + NOISE[::-1] / 10, margin=0.05))
    assert sharp.status == "absent" and "within its margin" in sharp.summary
    alone = one("claim.underpowered", made([0.9], [0.8]))
    assert alone.status == "inconclusive" and "Missing: two seeds" in alone.summary
    record, judged = made(0.83 + NOISE, 0.8 + NOISE[::-1], registered=False)
    assert not findings("claim.underpowered", record, judged), "an exploratory claim is not planned for"


@pytest.mark.parametrize(("baseline", "status"), [(0.95, "present"), (0.6, "absent"), (0.82, "inconclusive")])
def test_a_trivial_predictor_at_the_claimed_level_makes_an_easy_benchmark(baseline: float, status: str) -> None:
    found = one("claim.easy-benchmark", made(0.9 + NOISE, 0.8 + NOISE, baseline=baseline))
    assert found.status == status
    assert found.evidence["level"] == pytest.approx(0.82) and found.evidence["rung"] == "bag of tokens"


def test_claims_that_ask_for_the_baselines_themselves_are_no_matter_of_it() -> None:
    for claim in ("main > best-trivial by 0.01 on accuracy", "main == bag within 0.01 on accuracy"):
        record, judged = made(0.9 + NOISE, 0.8 + NOISE, baseline=0.95)
        asked = replace(judged[0], claim=parse_claim(claim))
        assert not findings("claim.easy-benchmark", record, (asked,))
    without = one("claim.easy-benchmark", made(0.9 + NOISE, 0.8 + NOISE))
    assert without.status == "inconclusive" and "Missing: trivial baselines" in without.summary


def test_claims_written_after_results_or_withdrawn_are_selected() -> None:
    record, judged = made(0.9 + NOISE, 0.8 + NOISE)
    assert one("claim.selected", (record, judged)).status == "absent"
    later = ({**record.claims[0], "registered": False},)
    found = one("claim.selected", (replace(record, claims=later), judged))
    assert (found.status, found.severity) == ("present", "info") and CLAIM in found.summary
    gone = ({**record.claims[0], "withdrawn": True}, *later)
    found = one("claim.selected", (replace(record, claims=gone), judged))
    assert (found.status, found.severity) == ("present", "warning") and "registered and withdrawn" in found.summary


def test_a_stated_score_that_is_the_best_of_the_seeds_is_selected() -> None:
    record, _ = made(0.9 + NOISE, 0.8 + NOISE)
    record = replace(record, claims=())

    def status(stands: StatedScoreCheck) -> str:
        (found,) = findings("claim.selected", record, (), stands)
        return found.status

    scores = {seed: 0.9 + seed / 100 for seed in range(5)}
    assert [status(standing(scores, stated)) for stated in (0.94, 0.99, 0.92)] == ["present"] * 2 + ["absent"]
    assert status(standing({0: 0.9}, 0.9)) == "inconclusive"


def tuned(path: str, mine: tuple[object, str], theirs: tuple[object, str]) -> tuple[StudyRecord, tuple[Judgement, ...]]:
    record, judged = made(0.9 + NOISE, 0.8 + NOISE)
    variants = {
        name: replace(variant(name), settings=(Setting(path, value, origin),))
        for name, (value, origin) in (("main", mine), ("bag", theirs))
    }
    return replace(record, variants=variants), judged


def test_a_variant_with_settings_of_its_own_beside_defaults_is_untuned() -> None:
    rate = "training.learning_rate"
    found = one("claim.untuned", tuned(rate, (0.003, "study.yaml:4"), (0.001, "our default")))
    assert (found.status, found.severity) == ("present", "warning")
    assert found.evidence["settings"] == {rate: {"main": 0.003, "bag": 0.001}}
    same = [
        tuned(rate, (0.003, "study.yaml:4"), (0.003, "our default")),
        tuned(rate, (0.003, "study.yaml:4"), (0.002, "variant bag")),
        tuned("training.epochs", (3, "study.yaml:4"), (20, "our default")),
        tuned("model.hidden", (64, "study.yaml:4"), (0, "our default")),
    ]
    assert {one("claim.untuned", given).status for given in same} == {"absent"}


def test_a_study_without_claims_has_no_findings_about_them() -> None:
    record, judged = made(0.9 + NOISE, 0.8 + NOISE)
    found = check_all("claims", JudgedStudy(record, judged, {}))
    assert {finding.code for finding in found} == {*find_checks("claims")} - {"eval.below-trivial", "eval.slice"}
    assert check_all("claims", JudgedStudy(replace(record, claims=()), (), {})) == []


def test_given_predictions_have_no_settings_that_were_tuned_for_one_of_them() -> None:
    record, judged = made(0.9 + NOISE, 0.8 + NOISE)
    imported = replace(record, cells=tuple(replace(one, outcome="imported") for one in record.cells))
    (found,) = findings("claim.untuned", imported, judged)
    assert found.status == "not-applicable" and "predictions were given" in found.summary
    (trained,) = findings("claim.untuned", record, judged)
    assert trained.status == "absent"
