"""Clean folders and planted faults are what they say, the same on every machine, and fixed where they are sealed."""

from __future__ import annotations

import hashlib
import itertools
import random as python_random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from brittlestar.core.errors import InputError
from brittlestar.core.seeds import generator
from exam import benchmark
from exam.benchmark import STREAM
from exam.cases import Case
from exam.clean.alphabets import ALPHABETS
from exam.clean.building import RULES, SOURCES, build_task
from exam.clean.folders import KINDS, clean_case
from exam.clean.sources import heavy, uniform
from exam.clean.tasks import places
from exam.faults.fifth.sealed import FIFTH
from exam.faults.known import FAULTS
from exam.planted import planted

ALL = (*FAULTS, *FIFTH.faults)
CODES_OF = {
    "data": "duplicates encoding small sorted truncation",
    "embedding": "collapsed exploding frozen misaligned unused",
    "label": "conflict imbalance missing noise",
    "leak": "exact group near preprocess selection",
    "padding": "side",
    "position": "missing overflow",
    "shift": "combination composition label length order vocabulary",
    "shortcut": "bag length position token",
    "token": "collision mismatch padding unknown",
}
CODES = {f"{family}.{name}" for family, names in CODES_OF.items() for name in names.split()}
BY_NAME = {fault.name: fault for fault in ALL}


@pytest.mark.parametrize("number", range(len(KINDS)))
def test_a_clean_case_is_whole_the_same_every_time_and_no_row_crosses_splits(number: int) -> None:
    case = clean_case(number)
    assert case.digest() == clean_case(number).digest()
    assert case.kind == tuple(KINDS)[number]
    train = set(case.splits["train"].labels)
    assert len(train) >= 2
    for name, split in case.splits.items():
        assert len(set(split.ids)) == split.n_rows == len(split.labels) > 0
        assert set(split.labels) <= train, name
        assert all(token and " " not in token for row in split.rows for token in row)
    if case.kind != "chance collisions":
        rows = [set(split.rows) for split in case.splits.values()]
        crossing = sum(len(a & b) for a, b in itertools.combinations(rows, 2))
        assert crossing <= 0.01 * sum(map(len, rows))


def test_clean_cases_differ() -> None:
    numbers = range(0, 3 * len(KINDS), 8)
    assert len({clean_case(number).digest() for number in numbers}) == len(numbers)


def test_the_global_seed_changes_no_case() -> None:
    python_random.seed(1)
    np.random.seed(1)
    before = clean_case(3).digest()
    python_random.seed(2)
    np.random.seed(2)
    assert clean_case(3).digest() == before


RANDOM = generator(0, "test of tasks")
TOKENS = tuple("abcdefghijklmnopqrst")


def drawn(rule: str, n: int = 1_500, n_classes: int = 2) -> tuple[list[tuple[str, ...]], np.ndarray]:
    task = build_task(rule, TOKENS, SOURCES["zipf"], uniform(6, 20), n_classes, RANDOM)
    return task.draw(n, RANDOM)


@pytest.mark.parametrize("rule", [name for name in RULES if name != "chance"])
def test_a_rule_gives_equal_rows_equal_labels_and_every_class_rows(rule: str) -> None:
    rows, labels = drawn(rule)
    seen: dict[tuple[str, ...], int] = {}
    assert all(seen.setdefault(row, label) == label for row, label in zip(rows, labels.tolist(), strict=True))
    assert np.bincount(labels, minlength=2).min() >= 0.1 * len(labels)


def told(rule: str, of: object) -> float:
    """Share of rows that a property of the row sorts into the right class, with the better of two namings."""
    rows, labels = drawn(rule)
    guess = np.asarray([of(row) for row in rows], bool)  # type: ignore[operator]
    return max(float((guess == labels).mean()), float((guess != labels).mean()))


def test_rules_are_what_their_names_say() -> None:
    rows, labels = drawn("first token", n_classes=3)
    for token in TOKENS:
        assert len({label for row, label in zip(rows, labels, strict=True) if row[0] == token}) <= 1
    rows, labels = drawn("length")
    assert max(len(r) for r, k in zip(rows, labels, strict=True) if k == 0) < min(
        len(r) for r, k in zip(rows, labels, strict=True) if k == 1
    )
    assert told("equal ends", lambda row: row[0] == row[-1]) == 1.0
    rows, labels = drawn("order")
    counts = [
        sum(row.count(token) for row, k in zip(rows, labels, strict=True) if k == j) for token in TOKENS for j in (0, 1)
    ]
    table = np.asarray(counts).reshape(-1, 2)
    assert chi2_contingency(table[table.sum(axis=1) > 0]).pvalue > 1e-4  # the bag says nothing


def test_a_task_of_chance_has_a_ceiling_of_about_seven_tenths() -> None:
    task = build_task("chance", TOKENS, SOURCES["zipf"], heavy(20), 2, RANDOM)
    rows, labels = task.draw(6_000, RANDOM)
    half = len(rows) // 2
    x = np.asarray([[row.count(token) / len(row) ** 0.5 for token in TOKENS] for row in rows])
    weights = np.linalg.lstsq(np.c_[x[:half], np.ones(half)], labels[:half] * 2.0 - 1, rcond=None)[0]
    accuracy = (((np.c_[x[half:], np.ones(half)] @ weights) > 0) == labels[half:]).mean()
    assert 0.64 <= accuracy <= 0.76


def test_random_places_are_distinct_and_uniform() -> None:
    found = places(np.full(20_000, 5), 2, RANDOM)
    assert (found[:, 0] != found[:, 1]).all()
    assert (
        np.abs(np.bincount(found[:, 0] * 5 + found[:, 1], minlength=25) - 1_000 * (1 - np.eye(5).ravel())).max() < 200
    )


def test_alphabets_are_distinct_tokens_without_blanks() -> None:
    for kind, make in ALPHABETS.items():
        tokens = make(24, RANDOM)
        assert len(set(tokens)) == len(tokens) >= 4, kind
        assert all(token.strip() == token != "" and " " not in token for token in tokens)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_fault_names_rows_of_its_own_case(name: str) -> None:
    fault = BY_NAME[name]
    stream = FIFTH.stream if fault in FIFTH.faults else STREAM
    found, clean = planted(fault, fault.doses[-1], 0, stream)
    assert fault.matters in fault.doses and list(fault.doses) == sorted(fault.doses)
    assert found.case.digest() != clean.digest()
    for split, ids in (found.rows or {}).items():
        assert ids and ids <= set(found.case.splits[split].ids)
    splits = found.place.get("split", "train")
    assert set((splits,) if isinstance(splits, str) else splits) <= set(found.case.splits)
    for split in found.case.splits.values():
        assert len(set(split.ids)) == split.n_rows > 0


def dosed(name: str, dose: float) -> tuple[Case, Case]:
    fault = BY_NAME[name]
    found, clean = planted(fault, dose, 1, STREAM)
    return found.case, clean


def test_doses_are_in_their_units() -> None:
    case, clean = dosed("leak.exact (oversampled before the split)", 0.1)
    train = set(case.splits["train"].rows)
    test = case.splits["test"]
    assert abs(sum(row in train for row in test.rows) - 0.1 * test.n_rows) <= 0.02 * test.n_rows + 1
    case, clean = dosed("label.noise (uniform)", 0.2)
    wrong = sum(a != b for a, b in zip(case.splits["dev"].labels, clean.splits["dev"].labels, strict=True))
    assert wrong == round(0.2 * clean.splits["dev"].n_rows)
    case, clean = dosed("shift.length (shorter rows)", 0.35)
    mean = [float(np.mean([len(row) for row in one.splits["dev"].rows])) for one in (case, clean)]
    assert 0.6 < mean[0] / mean[1] < 0.7
    case, clean = dosed("label.conflict (template not filled in)", 0.1)
    rows = Counter(case.splits["train"].rows)
    assert abs(sum(count for _, count in rows.most_common(4)) - 0.1 * clean.splits["train"].n_rows) < 3


SAMPLE = "f2a7ca4a1f64e5f10a416dd7e8c8293b2c72db27e1795ded44c4bd7985fd420a"
"""Digest of one case of every ninth fault of the fifth set, and of two clean ones."""


def test_cases_of_the_fifth_set_are_those_that_were_sealed() -> None:
    found = [planted(fault, fault.doses[-1], 0, FIFTH.stream)[0].case for fault in FIFTH.faults[::9]]
    found += [FIFTH.clean_case(number) for number in (1, 2)]
    assert hashlib.sha256("".join(case.digest() for case in found).encode()).hexdigest() == SAMPLE


def test_a_sealed_set_that_is_another_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(FIFTH, faults=FIFTH.faults[:1], clean=1, cases=1)
    with pytest.raises(InputError, match="the cases of the fifth set are not those that were sealed"):
        small.check()
    sealed = replace(small, sealed=small.digest())
    assert sealed.check() == sealed.sealed
    monkeypatch.setitem(benchmark.SEALED, "fifth", small)
    with pytest.raises(InputError, match="not those that were sealed"):
        benchmark.sha256_of("fifth")


def test_the_known_set_has_fifty_kinds_of_all_codes_that_its_sets_had() -> None:
    assert len(FAULTS) == len({fault.name for fault in FAULTS}) == 50
    assert {fault.code for fault in FAULTS} == CODES


def test_the_fifth_set_has_many_kinds_of_what_is_hardest_to_tell() -> None:
    codes = [fault.code for fault in FIFTH.faults]
    for code in ("label.noise", "embedding.misaligned", "data.encoding", "token.mismatch"):
        assert codes.count(code) >= 7
