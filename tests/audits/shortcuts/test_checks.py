from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.chance import sign_test
from brittlestar.audits.shortcuts.bag import bag
from brittlestar.audits.shortcuts.effect import ClassEffect, class_effect, effect
from brittlestar.audits.shortcuts.hold import FeatureRows, hold, predict_class
from brittlestar.audits.shortcuts.single import length, position, token
from brittlestar.audits.shortcuts.without import place_of_position, take_out
from brittlestar.baselines.readings import at_position
from brittlestar.core.answers import Probabilities
from brittlestar.core.findings import Finding
from tests.answers import make_probabilities
from tests.audits.making import Made, make_analysis, random_rows

SIZES = {"train": 1500, "dev": 300, "test": 400, "shift_other": 400}


def splits(kind: str, seed: int = 0, broken: tuple[str, ...] = (), classes: int = 2) -> Made:
    """Rows whose label nothing tells, with one shortcut of `kind`; on `broken` splits it stands in random rows."""
    random = np.random.default_rng(seed)
    made: Made = {}
    for name, size in SIZES.items():
        rows = [row.split() for row in random_rows(size, random, 12, 8, 14)]
        labels = random.integers(0, classes, size)
        tied = random.permutation(labels) if name in broken else labels
        for row, label in zip(rows, tied, strict=True):
            hit = label == 1 and random.random() < 0.9
            if kind == "token" and hit:
                row[int(random.integers(0, len(row)))] = "mark"
            elif kind == "position" and hit:
                row[3] = "t11"
            elif kind == "position" and row[3] == "t11":
                row[3] = "t10"
            elif kind == "length" and hit:
                row += ["t1"] * 12
        if kind == "bag":
            labels = np.asarray([sum(t in ("t0", "t1", "t2", "t3") for t in row) > len(row) / 3 for row in rows]) * 1
        if kind == "order":
            labels = np.asarray([f"{a}{b}".count("t0t1") for a, b in ((" ".join(r), "") for r in rows)]) * 0
            for row, label in zip(rows, tied, strict=True):
                row[4:6] = ["t0", "t1"] if label == 1 else ["t1", "t0"]
            labels = tied
        made[name] = [" ".join(row) for row in rows], [f"c{label}" for label in labels]
    return made


def breaks(findings: list[Finding]) -> list[dict[str, str]]:
    return [dict(finding.where) for finding in findings if finding.severity == "warning" and "here" in finding.evidence]


def present(findings: list[Finding], severity: str) -> list[dict[str, str]]:
    return [dict(finding.where) for finding in findings if finding.status == "present" and finding.severity == severity]


@pytest.mark.parametrize(
    ("check", "kind", "place"),
    [(length, "length", {}), (position, "position", {"position": "4"}), (token, "token", {"token": "mark"})],
)
@pytest.mark.parametrize("classes", [2, 5])
def test_a_planted_shortcut_is_information_and_a_warning_only_where_it_breaks(
    check: object, kind: str, place: dict[str, str], classes: int
) -> None:
    whole = list(check.function(make_analysis(splits(kind, classes=classes))))  # type: ignore[attr-defined]
    alone = "info" if kind == "length" or (kind, classes) == ("token", 5) else "warning"
    assert any(place.items() <= where.items() and where["split"] == "test" for where in present(whole, alone))
    assert breaks(whole) == []
    broken = list(check.function(make_analysis(splits(kind, 1, ("shift_other",), classes))))  # type: ignore[attr-defined]
    warnings = breaks(broken)
    assert {where["split"] for where in warnings} == {"shift_other"}
    assert any(place.items() <= where.items() for where in warnings)
    for finding in broken:
        if "here" in finding.evidence:
            assert finding.evidence["p"] < 1e-6
            assert 0 < len(finding.evidence["rows"]) <= 10


def test_a_shortcut_of_train_alone_is_a_warning_on_every_split() -> None:
    whole = list(token.function(make_analysis(splits("token", 2, ("dev", "test", "shift_other")))))
    assert [where["split"] for where in present(whole, "warning")] == ["dev", "test", "shift_other"]
    assert present(whole, "info") == []


@pytest.mark.parametrize("seed", range(3))
def test_labels_that_nothing_tells_have_no_shortcut(seed: int) -> None:
    made = splits("none", seed)
    whole = make_analysis(made)
    for check in (length, position, token):
        (found,) = check.function(whole)
        assert found.status == "absent"
    (found,) = bag.function(whole)
    assert found.status == "inconclusive"


def test_other_class_shares_on_a_split_are_no_break() -> None:
    made = splits("token")
    rows, labels = made["shift_other"]
    kept = [k for k, label in enumerate(labels) if label == "c1" or k % 10 == 0]
    made["shift_other"] = [rows[k] for k in kept], [labels[k] for k in kept]
    assert breaks(list(token.function(make_analysis(made)))) == []


def test_lengths_that_train_lacks_are_no_break() -> None:
    made = splits("length")
    rows, labels = made["shift_other"]
    made["shift_other"] = [row + " t1" * 60 for row in rows], labels
    assert present(list(length.function(make_analysis(made))), "warning") == []


def test_the_position_is_named_with_the_token_that_tells_a_class() -> None:
    (found, *_) = position.function(make_analysis(splits("position")))
    assert found.status == "present"
    told = found.evidence["telling"]
    assert (found.where["position"], told["token"], told["class"]) == ("4", "t11", "c1")
    assert told["in_class"] > 0.8 and "'t11' stands there in" in found.summary


def test_a_bag_that_is_enough_says_that_order_adds_nothing() -> None:
    (found, *rest) = bag.function(make_analysis(splits("token")))
    assert (found.status, found.severity) == ("present", "info")
    assert rest == []


def test_order_that_neighbours_show_makes_the_bag_absent() -> None:
    (found,) = bag.function(make_analysis(splits("order")))
    assert found.status == "absent"
    assert found.evidence["order"]["accuracy"] > 0.9


def bare_labels(answers: np.ndarray) -> Probabilities:
    return make_probabilities(np.eye(2)[answers], bare=True)


def test_a_model_that_reads_order_better_than_the_bag_makes_it_absent_and_one_that_does_not_makes_it_present() -> None:
    random = np.random.default_rng(0)
    made = splits("bag", 3)
    for name, (rows, labels) in made.items():  # noise that the bag cannot see
        flip = random.random(len(rows)) < 0.15
        made[name] = rows, [f"c{int(label == 'c0')}" if f else label for label, f in zip(labels, flip, strict=True)]
    whole = make_analysis(made)
    (alone,) = bag.function(whole)
    assert alone.status == "inconclusive"

    def predicted(right: float) -> Analysis:
        tables = {}
        for rows in whole.evaluations:
            answer = np.where(random.random(rows.n_rows) < right, rows.labels, 1 - rows.labels)
            tables[rows.name] = bare_labels(answer)
        return replace(whole, predictions={"model": tables})

    (better,) = bag.function(predicted(0.97))
    assert better.status == "absent"
    (equal, *_) = bag.function(predicted(0.75))
    assert (equal.status, equal.severity) == ("present", "info")


def test_a_bag_that_is_enough_on_test_and_not_on_another_split_is_a_warning() -> None:
    made = splits("token")
    whole = make_analysis(made)
    tables = {rows.name: bare_labels(rows.labels) for rows in whole.evaluations}
    answers = whole.baselines.answers["bag of tokens"]["test"].predicted[0]
    tables["test"] = bare_labels(answers)
    shifted = make_analysis({**made, "shift_other": splits("token", 5, ("shift_other",))["shift_other"]})
    tables["shift_other"] = bare_labels(shifted.splits["shift_other"].labels)
    found = list(bag.function(replace(shifted, predictions={"model": tables})))
    assert present(found, "warning") == [{"split": "shift_other"}]


def test_few_rows_are_inconclusive_and_say_how_many_would_do() -> None:
    made = splits("none")
    small = {**made, "test": (made["test"][0][:20], made["test"][1][:20])}
    for check in (length, token):
        (found,) = check.function(make_analysis(small))
        assert found.status == "inconclusive"
        assert "50 would do" in found.summary


def test_effects_are_those_of_brute_force() -> None:
    whole = make_analysis(splits("token"))
    scored = whole.baselines
    answers, labels = scored.answers["single token"]["test"], scored.splits["test"].labels
    majority = int(np.bincount(whole.train.labels).argmax())
    found = effect(scored, answers, "test")
    predicted = answers.predicted[0]
    assert found.score == np.mean(predicted == labels)
    assert found.majority == np.mean(labels == majority)
    assert found.reach == pytest.approx((found.score - found.majority) / (found.best - found.majority))
    wins = int(np.sum((predicted == labels) & (labels != majority)))
    losses = int(np.sum((predicted != labels) & (labels == majority)))
    assert found.p == pytest.approx(stats.binomtest(wins, wins + losses, alternative="greater").pvalue)
    assert sign_test(0, 0) == 1.0


def test_the_test_of_one_class_is_fishers() -> None:
    found = ClassEffect(12, 20, 9, 70)
    table = [[12, 9], [8, 61]]
    assert found.p == pytest.approx(stats.fisher_exact(table, alternative="greater").pvalue)
    assert found.informed == pytest.approx(12 / 20 - 9 / 70)
    says, labels = np.array([True, True, False, True]), np.array([1, 0, 1, -1])
    assert class_effect(says, labels, 1) == ClassEffect(1, 2, 1, 1)


def test_a_hold_that_does_not_fall_is_calibrated() -> None:
    random = np.random.default_rng(0)
    p_values = []
    for _ in range(400):
        parts = []
        for n, shares in ((900, (0.5, 0.3, 0.2)), (250, (0.2, 0.4, 0.4))):
            labels = random.choice(3, n, p=shares)
            says = random.random(n) < np.array([0.8, 0.3, 0.1])[labels]
            parts += [FeatureRows(says, np.ones(n, np.bool_), labels)]
        found = hold(*parts, 3, 0)
        assert found is not None
        p_values.append(found.p)
    assert 0.02 <= np.mean(np.asarray(p_values) <= 0.05) <= 0.08


@pytest.mark.parametrize("seed", range(4))
def test_a_position_whose_tokens_speak_for_a_class_by_a_hair_is_not_said_to_break(seed: int) -> None:
    random = np.random.default_rng(seed)
    made: Made = {}
    for name, size in (("train", 3000), ("dev", 500), ("test", 700)):
        sizes = 2 + (random.pareto(1.5, size) * 6).astype(int)
        rows = [" ".join(f"t{k}" for k in random.integers(0, 3, n)) for n in sizes]
        made[name] = rows, ["yes" if "t0" in row.split() else "no" for row in rows]
    for check in (length, position, token):
        assert breaks(list(check.function(make_analysis(made)))) == []


def marked(random: np.random.Generator, told: float, share: float) -> Made:
    """Rows of which words tell two classes so far, and a marker one of them in that share of its rows."""
    made: Made = {}
    for name, size in (("train", 1500), ("test", 600)):
        labels = random.integers(0, 2, size)
        hints = np.where(random.random((size, 3)) < told, labels[:, None], 1 - labels[:, None])
        rows = [row.split() for row in random_rows(size, random, 12, 8, 14)]
        for row, label, some in zip(rows, labels, hints, strict=True):
            row[1:1] = [f"hint{k}{hint}" for k, hint in enumerate(some)]
            if label == 1 and random.random() < share:
                row.insert(int(random.integers(len(row))), "mark")
        made[name] = [" ".join(row) for row in rows], [f"c{label}" for label in labels]
    return made


def test_a_token_that_alone_reaches_nine_tenths_is_a_warning_with_the_score_without_it() -> None:
    whole = make_analysis(marked(np.random.default_rng(5), 0.7, 0.97))
    found = next(one for one in token.function(whole) if one.severity == "warning")
    assert found.where == {"split": "test", "token": "mark"}
    assert "before or after the label?" in found.summary and "before or after the label?" in str(found.remedy)
    without = found.evidence["without_it"]
    low, high = without["interval"]
    assert low < 0.784 < high  # two of three hints of 70 % agree with the label
    assert f"{100 * without['accuracy']:.1f} % [{100 * low:.1f}, {100 * high:.1f}]" in found.summary


def test_a_token_that_leaves_more_to_other_words_or_to_a_better_model_is_information() -> None:
    more = make_analysis(marked(np.random.default_rng(6), 0.9, 0.6))
    assert present(list(token.function(more)), "warning") == []
    made = marked(np.random.default_rng(7), 0.5, 0.7)
    alone = make_analysis(made)
    assert present(list(token.function(alone)), "warning")
    beside = replace(alone, predictions={"model": {"test": bare_labels(alone.splits["test"].labels)}})
    assert present(list(token.function(beside)), "warning") == []


def test_a_row_of_one_token_has_no_place_to_ask_about() -> None:
    made = splits("none")
    single = {name: ([f"w{label}" for label in labels], labels) for name, (_, labels) in made.items()}
    assert present([*token.function(make_analysis(single)), *position.function(make_analysis(single))], "warning") == []


@pytest.mark.parametrize("position_read", [1, 3, -1, -2])
def test_what_stands_at_a_position_is_taken_out(position_read: int) -> None:
    rows = make_analysis(splits("none")).train
    fewer = take_out(rows, place_of_position(position_read))
    for row in range(0, rows.n_rows, 50):
        stays = rows.tokens_of(row).tolist()
        del stays[position_read - (position_read > 0)]
        assert fewer.tokens_of(row).tolist() == stays


def test_rows_of_every_split_are_answered_out_of_fold() -> None:
    whole = make_analysis(splits("position"))
    twin = whole.with_splits({**whole.splits, "shift_other": replace(whole.train, name="shift_other")})
    answers = predict_class(twin.baselines, at_position(4, len(whole.tokens)), 1)
    np.testing.assert_array_equal(answers["shift_other"].says, answers["train"].says)
