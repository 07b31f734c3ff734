"""A way to the scores that is broken is told from a model that has learned nothing."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from brittlestar import run
from brittlestar.core.catalogue import find_checks
from brittlestar.core.findings import Finding
from brittlestar.core.results import AnsweredStudy, StudyRecord, same_answers
from brittlestar.diagnosis.budget_checks import share_larger
from brittlestar.diagnosis.explaining import explain_scores
from brittlestar.diagnosis.label_order import turn_labels
from tests.answers import make_answers, make_split_answers
from tests.execution.tiny import forget, write_split, write_study

from .synthetic import cell, diverged, falling, split, study, variant

ROWS = 400


def check(code: str, subject: AnsweredStudy | StudyRecord) -> Finding:
    answered = subject if isinstance(subject, AnsweredStudy) else AnsweredStudy(subject, {})
    (found,) = find_checks("answers")[code].function(answered)
    return found


def answered(predicted: np.ndarray, own: np.ndarray | None = None, labels: np.ndarray | None = None, **changes: object):
    """Runs of main on test; rows are two sequences, told apart by their label."""
    labels = np.arange(predicted.shape[1]) % 2 if labels is None else labels
    own = np.where(predicted == labels, 0.8, 0.2) if own is None else own
    cells = [cell("main", seed) for seed in range(len(predicted))]
    runs = {"main": make_answers(predicted, labels, None if changes.pop("bare", False) else own)}
    n_classes = int(max(labels.max(), predicted.max())) + 1
    rows = make_split_answers(labels, runs, n_classes=n_classes, hashes=labels)
    record = replace(study(cells), classes=tuple(str(k) for k in range(int(labels.max()) + 1)), **changes)
    return AnsweredStudy(record, {"test": rows})


def with_train(subject: AnsweredStudy, labels: np.ndarray, predicted: np.ndarray) -> AnsweredStudy:
    """The same, with answers on rows of train."""
    train = answered(predicted, labels=labels).answers["test"]
    return replace(subject, answers={**subject.answers, "train": train})


def right_answers(runs: int = 5, share: float = 0.9, seed: int = 0) -> np.ndarray:
    labels, random = np.arange(ROWS) % 2, np.random.default_rng(seed)
    return np.where(random.random((runs, ROWS)) < share, labels, 1 - labels)


@pytest.mark.parametrize(
    ("sure", "rows", "status", "severity"),
    [
        (0.95, ROWS, "present", "warning"),  # right on four rows of five
        (0.65, ROWS, "present", "info"),
        (0.8, 4 * ROWS, "absent", None),
        (0.87, ROWS, "inconclusive", None),
        (None, ROWS, None, None),  # bare labels have no confidence
    ],
)
def test_confidence_of_given_predictions_is_held_against_what_is_right(
    sure: float | None, rows: int, status: str | None, severity: str | None
) -> None:
    labels, random = np.arange(rows) % 2, np.random.default_rng(1)
    subject = answered(np.where(random.random((1, rows)) < 0.8, labels, 1 - labels), labels=labels)
    runs = subject.answers["test"].runs["main"]
    sure_of = None if sure is None else np.full((1, rows), sure)
    here = make_split_answers(labels, {"main": replace(runs, confidence=sure_of)})
    given_cells = tuple(replace(one, outcome="imported", curves={}, best_epoch=None) for one in subject.record.cells)
    given_study = AnsweredStudy(replace(subject.record, cells=given_cells), {"test": here})
    found = [*find_checks("answers")["eval.calibration"].function(given_study)]
    assert [(one.status, one.severity) for one in found] == ([] if status is None else [(status, severity)])
    asked = replace(given_study, record=subject.record)
    assert not [*find_checks("answers")["eval.calibration"].function(asked)], "probes judge models that can be asked"


class TestConstant:
    def test_one_output_is_an_error_that_says_the_input_does_not_arrive(self):
        found = check("eval.constant", answered(np.zeros((5, ROWS), np.int64), np.full((5, ROWS), 0.5)))
        assert (found.status, found.severity, found.evidence["one_output"]) == ("present", "error", 5)
        assert "does not reach its scores" in found.summary

    def test_one_class_with_outputs_that_vary_is_a_warning_that_speaks_of_classes(self):
        own = np.random.default_rng(0).uniform(0.4, 0.6, (5, ROWS))
        found = check("eval.constant", answered(np.zeros((5, ROWS), np.int64), own))
        assert (found.status, found.severity) == ("present", "warning")
        assert "most frequent class" in found.summary and "resample" in str(found.remedy)
        bare = check("eval.constant", answered(np.zeros((5, ROWS), np.int64), bare=True))
        assert bare.severity == "warning"

    def test_a_model_that_answers_is_no_alarm_and_few_rows_are_none(self):
        assert check("eval.constant", answered(right_answers())).status == "absent"
        assert check("eval.constant", answered(np.zeros((5, 6), np.int64))).status == "inconclusive"
        assert check(
            "eval.constant", answered(np.zeros((5, ROWS), np.int64), labels=np.zeros(ROWS, np.int64))
        ).status == ("inconclusive")

    def test_runs_that_diverged_are_left_out(self):
        subject = answered(np.zeros((2, ROWS), np.int64), np.full((2, ROWS), 0.5))
        everyone = [replace(diverged("main", seed), scores=cell("main", seed).scores) for seed in range(2)]
        found = check("eval.constant", replace(subject, record=replace(subject.record, cells=tuple(everyone))))
        assert found.status == "inconclusive" and "diverged" in found.summary


class TestLabelOrder:
    def test_two_classes_that_changed_places(self):
        found = check("eval.label-order", answered(1 - right_answers()))
        assert (found.status, found.severity) == ("present", "error")
        assert found.evidence["answers_for_labels"] == {"0": "1", "1": "0"}

    def test_a_model_that_is_right_is_none_and_one_run_that_is_turned_is_told(self):
        assert check("eval.label-order", answered(right_answers())).status == "absent"
        one = right_answers()
        one[0] = 1 - one[0]
        found = check("eval.label-order", answered(one))
        assert (found.status, found.evidence["turned"]) == ("present", 1) and "in 1 of 5 runs" in found.summary

    def test_an_order_of_its_own_in_each_run_is_that_of_a_set(self):
        labels = np.arange(ROWS) % 3
        runs = np.stack([(labels + 1) % 3, (labels + 2) % 3])
        found = check("eval.label-order", answered(runs, labels=labels))
        assert found.status == "present" and "another way from run to run" in found.summary

    @pytest.mark.parametrize("n_classes", [2, 3, 20])
    def test_chance_is_no_order_and_no_proof_of_one(self, n_classes: int):
        notes: list[str] = []
        for seed in range(100):
            random = np.random.default_rng(seed)
            labels = random.integers(0, n_classes, 120)
            guesses = answered(random.integers(0, n_classes, (1, 120)), labels=labels)
            notes.append(check("eval.label-order", guesses).status)
        assert "present" not in notes and notes.count("absent") <= 10

    def test_absent_does_not_contradict_its_evidence(self):
        """A rare class named in every row: in the other order 76.5 % would be right, as by naming the frequent one."""
        labels = (np.arange(1000) < 235).astype(np.int64)
        found = check("eval.label-order", answered(np.ones((3, 1000), np.int64), labels=labels))
        assert (found.status, found.evidence["right"]) == ("inconclusive", [0.235] * 3)
        assert "answers that tell the classes apart" in found.summary

    @pytest.mark.parametrize("rare", [0.05, 0.2])
    def test_a_weak_model_that_names_a_rare_class_too_often_is_no_alarm(self, rare: float):
        """As class weights make it: more rows would be right in the other order, and fewer of each class."""
        for seed in range(50):
            random = np.random.default_rng(seed)
            labels = (random.random(4000) < rare).astype(np.int64)
            named = (random.random((2, 4000)) < np.where(labels, 0.85, 0.7)).astype(np.int64)
            found = check("eval.label-order", answered(named, labels=labels))
            assert found.status == "absent" and "only names frequent classes" in found.summary

    def test_a_hardly_learned_model_is_turned_where_rows_of_train_prove_it(self):
        random = np.random.default_rng(0)
        labels = random.integers(0, 2, 20_000)
        named = np.where(random.random((2, 20_000)) < 0.55, labels, 1 - labels)
        healthy = with_train(answered(right_answers(2, 0.5)), labels, named)
        assert check("eval.label-order", healthy).status == "absent"
        found = check("eval.label-order", with_train(answered(right_answers(2, 0.5)), labels, 1 - named))
        assert (found.status, found.evidence["found_on"]["split"]) == ("present", "train")
        assert len(found.evidence["right"]) == 2 and found.evidence["of"] == ROWS

    def test_train_is_asked_first_and_says_what_a_small_test_cannot(self):
        labels = np.arange(ROWS) % 2
        small = answered(1 - right_answers(2)[:, :20], labels=labels[:20])
        assert check("eval.label-order", small).status == "inconclusive"
        told = check("eval.label-order", with_train(small, labels, 1 - right_answers(2)))
        assert told.status == "present" and "400 rows of train" in told.summary and told.where["split"] == "test"
        redrawn = with_train(small, labels, 1 - right_answers(2))
        redrawn = replace(redrawn, record=replace(redrawn.record, streams={"sampling": "varied"}))
        assert check("eval.label-order", redrawn).status == "inconclusive"

    def test_a_rare_class_of_many_that_is_named_in_every_row_proves_no_order(self):
        labels = np.random.default_rng(0).choice(18, 13_000, p=np.r_[0.47, np.full(17, 0.53 / 17)])
        found = check("eval.label-order", answered(np.full((1, 13_000), 5), labels=labels))
        assert found.status == "inconclusive" and found.evidence["right_in_other_order"][0] > 0.4

    def test_a_split_that_is_unlike_train_is_no_alarm_where_train_is_not_known(self):
        """Two classes that it mostly takes for each other, one of them frequent: naming that does hardly worse."""
        labels = np.r_[np.zeros(300), np.ones(60), np.full(40, 2)].astype(np.int64)
        named = np.where((labels < 2) & (np.arange(ROWS) % 5 > 0), 1 - labels, labels)
        found = check("eval.label-order", answered(named[None], labels=labels))
        assert found.status == "inconclusive" and "answers on rows of train" in found.summary

    def test_where_train_is_right_another_split_has_to_come_half_way(self):
        labels = np.arange(ROWS) % 2
        turned = with_train(answered(1 - right_answers(2)), labels, right_answers(2, 0.99))
        assert check("eval.label-order", turned).status == "present"
        unlike = with_train(answered(right_answers(2, 0.35)), labels, right_answers(2, 0.99))
        found = check("eval.label-order", unlike)
        assert found.status == "inconclusive" and "on train the order is right" in found.summary

    def test_two_classes_of_many_that_changed_places_are_found(self):
        labels = np.arange(20_000) % 40
        moved = np.where(labels == 3, 5, np.where(labels == 5, 3, labels))
        found = check("eval.label-order", answered(moved[None], labels=labels))
        assert found.status == "present" and found.evidence["answers_for_labels"]["3"] == "5"

    @given(st.integers(0, 10_000), st.integers(2, 4))
    def test_the_order_is_the_best_of_all(self, seed: int, n_classes: int):
        random = np.random.default_rng(seed)
        labels, predicted = random.integers(0, n_classes, (2, 60))
        found = turn_labels(labels, predicted, random.random(60) < 0.5, n_classes)
        best = max(int((np.array(order)[predicted] == labels).sum()) for order in permutations(range(n_classes)))
        assert int((np.array(found.order)[predicted] == labels).sum()) == best
        assert found.right == float((labels == predicted).mean())


def test_runs_with_the_same_answers_are_one_result():
    one = answered(np.repeat(right_answers(1), 3, axis=0))
    assert same_answers(one.record, one.answers, "main")
    swapped = answered(right_answers(3))  # as many right, and of other rows
    assert not same_answers(swapped.record, swapped.answers, "main")
    apart = [replace(run, scores={"test": {"best": {"accuracy": 0.1 * k}}}) for k, run in enumerate(one.record.cells)]
    assert not same_answers(replace(one.record, cells=tuple(apart)), one.answers, "main")
    assert not same_answers(replace(one.record, cells=one.record.cells[:1]), one.answers, "main")


class TestTrainMismatch:
    def test_train_rows_that_score_worse_than_their_steps(self):
        worse = [cell("main", s, train_loss=falling(0.69, 0.1)) for s in range(5)]
        worse = [replace(one, curves=one.curves | {"train.log_loss": falling(0.69, 0.9)}) for one in worse]
        found = check("eval.train-mismatch", study(worse))
        assert (found.status, found.severity) == ("present", "error")
        assert check("eval.train-mismatch", study([*worse[1:], cell("main", 0)])).status == "absent"

    def test_a_healthy_model_whose_dropout_costs_its_steps_much(self):
        cells = [cell("main", s, train_loss=falling(0.69, 0.1)) for s in range(5)]
        cells = [replace(one, curves=one.curves | {"train.loss": falling(0.69, 0.5)}) for one in cells]
        assert check("eval.train-mismatch", study(cells)).status == "absent"

    def test_a_loss_with_class_weights_cannot_be_compared(self):
        weighted = {"main": variant("main", {"training.class_weights": "balanced"})}
        assert check("eval.train-mismatch", study([cell()], weighted)).status == "inconclusive"

    @pytest.mark.parametrize(
        ("losses", "balanced", "counts", "status"),
        [
            ([0.7, 0.4, 0.05], 0.5, {"0": 500, "1": 500}, "present"),
            ([0.7, 0.4, 0.05], 0.9, {"0": 500, "1": 500}, "absent"),
            ([0.7, 0.68, 0.6], 0.5, {"0": 500, "1": 500}, "absent"),
            ([0.7, 0.3, 0.05], 0.5, {"0": 950, "1": 50}, "inconclusive"),
        ],
    )
    def test_a_fit_function_that_reports_what_it_does_not_answer(
        self, losses: list[float], balanced: float, counts: dict[str, int], status: str
    ):
        scores = {"train": {"best": {"balanced_accuracy": balanced}}}
        own = cell(outcome="fitted", curves={"train.loss": np.array([np.nan, *losses])}, scores=scores)
        train = split("train", rows=1000, counts=counts)
        assert check("eval.train-mismatch", study([own], splits={"train": train})).status == status

    @staticmethod
    def knowing(answered_with: np.ndarray, labels: np.ndarray) -> AnsweredStudy:
        """Two runs of which nine of ten answers on train are those."""
        errs = np.random.default_rng(1).random((2, len(labels))) < 0.1
        runs = np.where(errs, (answered_with + 1) % 3, answered_with)
        return with_train(answered(right_answers(2)), labels, runs)

    @pytest.mark.parametrize(("lag", "place"), [(1, "stands 1 row before"), (-2, "stands 2 rows after")])
    def test_labels_that_are_shifted_against_rows(self, lag: int, place: str):
        labels = np.random.default_rng(0).integers(0, 3, 900)
        subject = self.knowing(np.roll(labels, lag), labels)
        found = check("eval.train-mismatch", subject)
        assert (found.status, found.severity, found.evidence["shifted_by"]) == ("present", "error", lag)
        assert place in found.summary and "shifted against rows" in found.summary
        redrawn = replace(subject, record=replace(subject.record, streams={"sampling": "varied"}))
        assert check("eval.train-mismatch", redrawn).status == "absent"

    @pytest.mark.parametrize("turned", [0, 1], ids=["right", "in another order of classes"])
    @pytest.mark.parametrize("kind", ["drawn", "sorted", "in turn"])
    def test_labels_that_stand_at_their_rows(self, kind: str, turned: int):
        drawn = np.random.default_rng(0).integers(0, 3, 900)
        labels = {"drawn": drawn, "sorted": np.sort(drawn), "in turn": np.arange(900) // 2 % 2}[kind]
        found = check("eval.train-mismatch", self.knowing((labels + turned) % 3, labels))
        assert found.status == "absent"


class TestTrainedOnDev:
    """`leak.selection` by how sure a model is."""

    @given(st.lists(st.integers(0, 8), min_size=1, max_size=40), st.lists(st.integers(0, 8), min_size=1, max_size=40))
    def test_how_often_one_is_larger_is_that_of_scipy(self, one: list[int], other: list[int]):
        expected = mannwhitneyu(one, other, method="asymptotic").statistic / (len(one) * len(other))
        assert share_larger(np.array(one), np.array(other)) == pytest.approx(expected)

    @staticmethod
    def judged(train: float, dev: float, test: float, easier: float = 0.0, **changes: object) -> Finding:
        """A fit function whose answers are right alike, and as sure as that on each split; by `easier` the rows of dev
        are easier to a trivial baseline."""
        random, answers = np.random.default_rng(0), {}
        for name, sure in (("train", train), ("dev", dev), ("test", test)):
            own = np.clip(random.normal(sure, 0.1, (3, ROWS)), 0, 1)
            labels = np.arange(ROWS) % 2
            bag = random.normal(0.6 + easier * (name == "dev"), 0.1, ROWS)
            rows = make_answers(np.tile(labels, (3, 1)), labels, None if changes.get("bare", False) else own)
            trivial = {"bag": make_answers(labels[None], labels, bag[None])}
            answers[name] = make_split_answers(labels, {"main": rows}, hashes=labels, trivial=trivial)
        scores = {name: {"best": {"accuracy": 0.95}} for name in answers}
        cells = [cell("main", seed, outcome="fitted", scores=scores) for seed in range(3)]
        return check("leak.selection", AnsweredStudy(study(cells), answers))

    def test_a_model_that_is_as_sure_of_dev_as_of_train(self):
        found = self.judged(0.9, 0.9, 0.8)
        assert (found.status, found.severity, found.where["split"]) == ("present", "warning", "dev")
        assert "The score on test stands" in found.summary

    @pytest.mark.parametrize(
        ("sure", "changes"),
        [
            ((0.9, 0.8, 0.8), {}),  # what is held out is unsure alike
            ((0.9, 0.9, 0.9), {}),  # nothing is learned by heart
            ((0.9, 0.85, 0.8), {}),  # chosen on dev
            ((0.9, 0.9, 0.8), {"easier": 0.1}),  # dev is easier
            ((0.9, 0.9, 0.8), {"bare": True}),
        ],
    )
    def test_others_are_not_said_to_be_trained_on_dev(
        self, sure: tuple[float, float, float], changes: dict[str, float]
    ):
        assert self.judged(*sure, **changes).status == "absent"


class TestExplaining:
    def test_a_cause_takes_what_follows_from_it_of_its_own_variant_alone(self):
        def found(code: str, variant: str, severity: str = "error") -> Finding:
            return Finding(code, "present", "So it is.", "Rule.", severity, {"variant": variant})  # type: ignore[arg-type]

        findings = explain_scores(
            [
                found("eval.constant", "main"), found("eval.below-trivial", "main"), found("eval.metric", "main"),
                found("eval.below-trivial", "bag", "info"), found("eval.metric", "wide"),
                found("eval.constant", "wide", "info"),
            ]
        )  # fmt: skip
        notes = [(finding.code, finding.where["variant"], finding.severity) for finding in findings]
        assert notes == [
            ("eval.constant", "main", "error"), ("eval.below-trivial", "main", "info"),
            ("eval.below-trivial", "bag", "info"), ("eval.metric", "wide", "error"), ("eval.constant", "wide", "info"),
        ]  # fmt: skip
        assert findings[0].evidence == {"explains": ["eval.below-trivial"]}
        assert findings[1].evidence == {"explained_by": ["eval.constant"]}
        assert findings[2].evidence == {}

    def test_a_loss_that_climbs_away_follows_from_what_was_seen_in_training(self):
        def found(code: str, variant: str = "main", severity: str = "warning") -> Finding:
            return Finding(code, "present", "So it is.", "Rule.", severity, {"variant": variant})  # type: ignore[arg-type]

        away = [found("train.diverging"), found("train.clip-bound"), found("train.rate-high")]
        told = explain_scores([*away, found("train.diverging", "bag")])
        assert [finding.severity for finding in told] == ["info", "warning", "warning", "warning"]
        assert told[0].evidence == {"explained_by": ["train.rate-high"]}
        assert told[2].evidence == {"explains": ["train.diverging"]} and told[1].evidence == told[3].evidence == {}
        low = explain_scores([found("train.diverging"), found("eval.below-trivial", severity="error")])
        assert [(finding.code, finding.severity) for finding in low] == [
            ("train.diverging", "error"),
            ("eval.below-trivial", "info"),
        ]
        both = explain_scores([*away, found("eval.below-trivial", severity="error")])
        assert both[2].evidence == {"explains": ["eval.below-trivial", "train.clip-bound", "train.diverging"]}

    def test_of_few_rows_train_is_answered_unlike_they_are(self):
        where = {"variant": "main"}
        few = Finding("data.small", "present", "Few.", "Rule.", "warning", where)
        apart = Finding("eval.train-mismatch", "present", "Apart.", "Rule.", "error", where)
        told = explain_scores([apart, few, replace(apart, code="eval.below-trivial")])
        assert [finding.severity for finding in told] == ["info", "error", "info"]
        assert told[1].evidence == {"explains": ["eval.below-trivial", "eval.train-mismatch"]}


OWN = """
import torch
from torch import nn

class Sums(nn.Module):
    def __init__(self, info):
        super().__init__()
        self.table = nn.Embedding(info.vocabulary_size, 8)
        self.head = nn.Linear(8, len(info.classes))
    def forward(self, tokens, lengths):
        return self.head(self.table(tokens).sum(1))

class Silent(Sums):
    def forward(self, tokens, lengths):
        outputs = super().forward(tokens, lengths)
        return outputs if self.training else torch.zeros_like(outputs)

class Turned(Sums):
    def forward(self, tokens, lengths):
        outputs = super().forward(tokens, lengths)
        return outputs if self.training else outputs.flip(1)

def healthy(info): return Sums(info)
def silent(info): return Silent(info)
def turned(info): return Turned(info)

def misread(train, dev, seed):
    told = {}
    for row, label in zip(train.tokens, train.labels):
        told.setdefault(row[0], label)
    order = sorted(set(train.labels), reverse=True)  # columns are in sorted order, and not in this one
    return lambda rows: [[float(told.get(row[0], "yes") == name) for name in order] for row in rows]
"""


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("healthy", None),
        ("silent", "eval.constant"),
        ("turned", "eval.train-mismatch"),
        ("misread", "eval.label-order"),
    ],
)
def test_a_fault_of_the_way_to_the_scores_is_what_the_headline_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, code: str | None
):
    write_study(tmp_path)
    write_split(tmp_path / "data", "test", 200)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scoring_own.py").write_text(OWN, encoding="utf-8")
    forget("scoring_own")
    settings = {"variants": "{}", "probes.suite": "none"}
    if model != "misread":  # a fit function trains itself
        settings |= {"training.epochs": "25", "training.learning_rate": "0.02"}
    done = run(
        tmp_path / "data", model=f"scoring_own:{model}", seeds=2, settings=settings,
        out=tmp_path / "own.study", executor="serial", progress=False,
    )  # fmt: skip
    named = {finding.code for finding in done.reading.findings if finding.severity == "error"} & {
        "eval.constant", "eval.train-mismatch", "eval.label-order",
    }  # fmt: skip
    assert named == ({code} if code else set())
    assert (code or "") in done.headline.real.words
    if code is not None:
        assert done.headline.act_first is not None and done.headline.act_first.code == code
        follows = [
            finding for finding in done.reading.findings if finding.code in ("eval.below-trivial", "eval.metric")
        ]
        follows = [follow for follow in follows if follow.where.get("variant") == "main" and follow.status == "present"]
        assert {follow.severity for follow in follows} <= {"info"}
