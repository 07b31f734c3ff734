"""Each check on planted shifts, on clean splits, on small ones and on odd data."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.running import audit_dataset, explain_findings
from brittlestar.audits.shifts.combination import combination
from brittlestar.audits.shifts.margins import label, length
from brittlestar.audits.shifts.order import order
from brittlestar.audits.shifts.overall import overall
from brittlestar.audits.shifts.tokens import composition, left_out_rate, vocabulary
from brittlestar.core.findings import Finding
from tests.audits.making import Made, make_analysis, three_splits

ALL = (label, length, vocabulary, composition, order, combination, overall)
Check = Callable[[Analysis], Iterator[Finding]]
SIZES = (1200, 300, 400)


def of(check: Check, made: Made, split: str = "test", settings: dict[str, str] | None = None) -> Finding:
    (found,) = (one for one in check(make_analysis(made, settings)) if one.where["split"] == split)
    return found


def changed(made: Made, change: Callable[[list[str]], list[str]], split: str = "test") -> Made:
    rows, labels = made[split]
    return {**made, split: ([" ".join(change(row.split())) for row in rows], labels)}


def markov(n: int, random: np.random.Generator, size: int = 8) -> list[str]:
    """Rows in which t(k + 1) mostly follows t(k)."""
    rows: list[str] = []
    for _ in range(n):
        steps = np.where(random.random(12) < 0.8, 1, random.integers(0, size, 12))
        rows.append(" ".join(f"t{k}" for k in (random.integers(size) + np.cumsum(steps)) % size))
    return rows


def ordered(seed: int = 0) -> Made:
    random = np.random.default_rng(seed)
    made: Made = {}
    for name, n in zip(("train", "dev", "test"), SIZES, strict=True):
        made[name] = markov(n, random), [str(k) for k in random.integers(0, 2, n)]
    return made


@pytest.mark.parametrize("seed", range(3))
def test_clean_splits_raise_nothing(seed: int):
    for made in (three_splits(SIZES, seed), ordered(seed)):
        whole = make_analysis(made)
        for module in ALL:
            for found in module.function(whole):
                assert found.status != "present", found.summary
                assert found.evidence["p"] > 1e-4


@pytest.mark.parametrize("module", ALL)
def test_few_rows_are_inconclusive_and_say_how_many_would_do(module: object):
    found = of(module.function, three_splits((400, 20, 20)))  # type: ignore[attr-defined]
    assert found.status == "inconclusive"
    assert "50 would do" in found.summary


def test_labels_that_train_lacks_are_no_label_shift():
    made = three_splits(SIZES)
    rows, labels = made["test"]
    made["test"] = [*rows, *rows[:50]], [*labels, *["new"] * 50]
    assert of(label.function, made).status == "absent"


def test_length_that_class_shares_explain_is_a_note():
    random = np.random.default_rng(0)
    made: Made = {}
    for name, n, share in (("train", 1200, 0.5), ("test", 400, 0.9)):
        long = random.random(n) < share
        rows = [" ".join(f"t{k}" for k in random.integers(0, 9, 14 if one else 8)) for one in long]
        made[name] = rows, ["long" if one else "short" for one in long]
    found = of(length.function, made)
    assert (found.status, found.severity) == ("present", "info")
    assert "see shift.label" in found.summary


@pytest.mark.parametrize("share", [0.02, 0.3])
def test_a_new_token_is_a_vocabulary_shift_and_is_named_with_its_rows(share: float):
    random = np.random.default_rng(1)
    made = changed(three_splits(SIZES), lambda row: ["NEW" if random.random() < share else one for one in row])
    found = of(vocabulary.function, made)
    assert found.status == "present"
    assert list(found.evidence["tokens"]) == ["NEW"]
    holding = {i for i, row in enumerate(made["test"][0]) if "NEW" in row.split()}
    assert found.evidence["rows_with_unseen"] == len(holding) == len(found.evidence["row_ids"])


def test_a_long_tail_of_rare_tokens_is_no_vocabulary_shift_but_more_of_it_is():
    random = np.random.default_rng(2)

    def rows(n: int, power: float) -> tuple[list[str], list[str]]:
        drawn = np.minimum(random.pareto(power, (n, 12)), 1e9).astype(int)
        return [" ".join(f"w{k}" for k in row) for row in drawn], [str(k) for k in random.integers(0, 2, n)]

    made = {"train": rows(800, 0.6), "dev": rows(400, 0.6), "test": rows(400, 0.4)}
    clean = of(vocabulary.function, made, "dev")
    assert clean.evidence["share"] > 0.03
    assert clean.status == "absent"
    assert abs(clean.evidence["excess"]) < 0.02
    assert of(vocabulary.function, made).status == "present"


def test_leaving_one_row_out_agrees_with_a_loop():
    made = make_analysis(three_splits((60, 20, 20), tokens=400))
    rows = [set(row.tolist()) for row in map(made.train.tokens_of, range(60))]
    alone = 0
    for i in range(60):
        others = set[int]().union(*(rows[:i] + rows[i + 1 :]))
        alone += sum(code not in others for code in made.train.tokens_of(i).tolist())
    assert left_out_rate(made.train, None) == pytest.approx(alone / len(made.train.codes))


def test_a_token_in_place_of_others_is_a_composition_shift_and_is_named():
    random = np.random.default_rng(3)
    made = changed(three_splits(SIZES), lambda row: ["t3" if random.random() < 0.1 else one for one in row])
    found = of(composition.function, made)
    assert found.status == "present"
    assert found.evidence["tokens"][0]["token"] == "t3"


def test_unseen_tokens_alone_are_no_composition_shift():
    random = np.random.default_rng(3)
    made = changed(three_splits(SIZES), lambda row: ["NEW" if random.random() < 0.2 else one for one in row])
    assert of(composition.function, made).status == "absent"


def test_factor_values_are_compared_too():
    random = np.random.default_rng(4)
    made: Made = {}
    for name, n, red in (("train", 800, 0.5), ("test", 300, 0.8)):
        rows = [
            " ".join(f"{random.choice(list('xyz'))}{'r' if random.random() < red else 'g'}" for _ in range(8))
            for _ in range(n)
        ]
        made[name] = rows, [str(k) for k in random.integers(0, 2, n)]
    found = of(composition.function, made, settings={"data.factors": "(?P<shape>.)(?P<colour>.)"})
    assert found.status == "present"
    assert found.evidence["factors"]["colour"]["variation"] == pytest.approx(0.3, abs=0.03)
    assert found.evidence["factors"]["shape"]["excess"] < 0.02


@pytest.mark.parametrize("how", ["shuffled", "reversed"])
def test_another_order_is_an_order_shift_and_no_composition_or_combination_shift(how: str):
    random = np.random.default_rng(5)
    made = changed(ordered(), lambda row: row[::-1] if how == "reversed" else random.permutation(row).tolist())
    assert of(order.function, made).status == "present"
    for module in (composition, combination, length):
        assert of(module.function, made).status == "absent"


def test_shuffling_rows_that_have_no_order_is_no_order_shift():
    random = np.random.default_rng(6)
    made = changed(three_splits(SIZES), lambda row: random.permutation(row).tolist())
    assert of(order.function, made).status == "absent"


def test_another_composition_or_length_is_no_order_shift():
    made = ordered()
    rows, labels = made["test"]
    many = [row for row in rows for _ in range(3 if row.split().count("t0") > 2 else 1)]
    made["test"] = many, [labels[i % len(labels)] for i in range(len(many))]
    assert of(order.function, made).status != "present"
    assert of(order.function, changed(ordered(), lambda row: row[:6])).status == "absent"


def test_two_tokens_that_train_keeps_apart_are_a_combination_shift_with_their_rows():
    made = three_splits((3000, 300, 400))

    def apart(row: str) -> bool:
        return not {"t1", "t2"} <= set(row.split())

    for name in ("train", "dev"):
        kept = [(row, one) for row, one in zip(*made[name], strict=True) if apart(row)]
        made[name] = [row for row, _ in kept], [one for _, one in kept]
    found = of(combination.function, made)
    assert (found.status, found.severity) == ("present", "warning")
    (kind,) = (one for one in found.evidence["kinds"] if one["excess"] >= 0.01 and one["kind"] == "tokens of one row")
    assert set(kind["most_frequent"][0]["pair"]) == {"t1", "t2"}
    assert found.evidence["rows_with_new_pair"] == sum(not apart(row) for row in made["test"][0])
    assert of(combination.function, made, "dev").status == "absent"


def test_factor_values_that_never_meet_in_one_token_are_a_combination_shift():
    random = np.random.default_rng(7)

    def rows(n: int, without: str) -> list[str]:
        tokens = [a + b for a in "xyz" for b in "rgb" if a + b != without]
        return [" ".join(random.choice(tokens, 6)) for _ in range(n)]

    def labels(n: int) -> list[str]:
        return [str(k) for k in random.integers(0, 2, n)]

    made = {"train": (rows(800, "xr"), labels(800)), "test": (rows(300, ""), labels(300))}
    found = of(combination.function, made, settings={"data.factors": "(?P<shape>.)(?P<colour>.)"})
    assert found.status == "present"
    (kind,) = (one for one in found.evidence["kinds"] if one["kind"] == "shape and colour of one token")
    assert kind["most_frequent"][0]["pair"] == ["shape x", "colour r"]


def test_the_classifier_names_the_symbols_that_drift():
    random = np.random.default_rng(8)
    made = changed(three_splits(SIZES), lambda row: ["t5" if random.random() < 0.25 else one for one in row])
    found = of(overall.function, made)
    assert found.status == "present"
    assert found.evidence["weigh_most"][0]["feature"] == "'t5'"


def test_the_rank_sum_p_is_uniform_under_one_source():
    p = [of(overall.function, three_splits((150, 20, 60), seed)).evidence["p"] for seed in range(40)]
    assert 0.3 < np.mean(p) < 0.7
    assert np.min(p) > 1e-3


def told_again(share: float, seed: int) -> Made:
    """Texts in six versions each, of which so many words differ; all versions of a text stand in one split."""
    random = np.random.default_rng(seed)
    texts = random.integers(0, 3_000, (300, 16))
    splits: Made = {}
    for name, some in (("train", texts[:200]), ("test", texts[200:])):
        rows = [
            " ".join(f"w{k}" for k in np.where(random.random(16) < share, random.integers(0, 3_000, 16), text))
            for text in np.repeat(some, 6, axis=0)
        ]
        splits[name] = rows, [str(k % 2) for k in range(len(rows))]
    return splits


@pytest.mark.parametrize("share", [0.1, 0.25])
def test_versions_of_one_text_stay_in_one_fold_so_that_texts_dealt_at_random_are_no_shift(share: float):
    found = of(overall.function, told_again(share, 3))
    assert found.severity is None and abs(found.evidence["area"] - 0.5) < 0.12


def test_a_shift_is_found_beside_versions_of_one_text():
    made = told_again(0.1, 3)
    tokens = {"train": 40, "test": 3}  # one more in each row, of so many
    drifted = {
        name: ([f"{row} d{k % tokens[name]}" for k, row in enumerate(made[name][0])], made[name][1]) for name in made
    }
    found = of(overall.function, drifted)
    assert (found.status, found.severity) == ("present", "warning")


def test_the_order_of_rows_on_disk_changes_no_status():
    made = three_splits(SIZES)
    turned: Made = {name: (rows[::-1], labels[::-1]) for name, (rows, labels) in made.items()}
    for module in ALL:
        assert of(module.function, made).status == of(module.function, turned).status


def test_copies_made_after_drawing_raise_nothing():
    made = three_splits(SIZES)
    rows, labels = made["train"]
    made["train"] = [*rows, *[rows[0]] * 300], [*labels, *[labels[0]] * 300]
    for module in ALL:
        assert of(module.function, made).status != "present"


def test_what_the_classifier_sees_is_information_where_a_named_shift_says_it():
    longer = changed(three_splits(SIZES), lambda row: row + row[:6])
    found = {
        finding.code: finding
        for finding in audit_dataset(make_analysis(longer), only=["shift"])
        if finding.where["split"] == "test"
    }
    assert (found["shift.length"].severity, found["shift.overall"].severity) == ("warning", "info")
    assert "shift.length" in found["shift.overall"].evidence["explained_by"]
    assert "shift.length" in found["shift.overall"].summary
    (alone,) = (f for f in audit_dataset(make_analysis(longer), only=["shift.overall"]) if f.where["split"] == "test")
    assert alone.severity == "warning", "nothing else has looked"
    why = {"shift.overall": ["shift.length"]}
    of_dev = replace(alone, where={"split": "dev"})
    assert explain_findings([alone, found["shift.length"]], why)[0].severity == "info"
    assert explain_findings([of_dev, found["shift.length"]], why)[0].severity == "warning"
