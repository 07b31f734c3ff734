"""What batches hold: which rows, and whether their classes are theirs."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import RidgeClassifier
from sklearn.metrics import balanced_accuracy_score

from brittlestar.core.seeds import generator
from brittlestar.training.batches import read_counts, read_ids
from brittlestar.training.pair_watch import COLUMNS, FOLDS, PENALTY, PairWatch, count_tokens, measure_association
from brittlestar.training.training_watch import RowWatch


def table(seed: int, rows: int = 300, columns: int = 40, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Counts whose first columns tell the class, mostly."""
    random = np.random.default_rng(seed)
    labels = random.integers(classes, size=rows)
    counts = random.poisson(0.5, (rows, columns)).astype(np.float32)
    counts[np.arange(rows), labels] += random.integers(3, size=rows)
    return counts, labels


def test_the_association_is_that_of_another_implementation() -> None:
    counts, labels = table(0)
    found = measure_association(counts, labels)
    assert found is not None
    fold = generator(0, "folds").permutation(len(counts)) % FOLDS
    named = np.empty_like(labels)
    inputs = np.concatenate([np.log1p(counts), np.ones((300, 1))], axis=1)
    for k in range(FOLDS):
        model = RidgeClassifier(PENALTY, fit_intercept=False, class_weight="balanced", solver="cholesky")
        named[fold == k] = model.fit(inputs[fold != k], labels[fold != k]).predict(inputs[fold == k])
    assert found == (300, pytest.approx(balanced_accuracy_score(labels, named)))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_labels_of_other_rows_are_told_as_chance_does(seed: int) -> None:
    counts, labels = table(seed)
    kept, mixed = (
        measure_association(counts, one) for one in (labels, np.random.default_rng(seed).permutation(labels))
    )
    assert kept is not None and mixed is not None
    assert kept[1] > 0.5 and abs(mixed[1] - 1 / 3) < 0.15


def test_a_row_that_comes_again_counts_once() -> None:
    counts, labels = table(3)
    again = measure_association(np.concatenate([counts, counts]), np.concatenate([labels, 2 - labels]))
    assert again == measure_association(counts, labels)
    assert measure_association(counts[:99], labels[:99]) is None


def test_rows_are_read_alike_from_a_table_and_from_bags() -> None:
    padded = torch.tensor([[3, 1, 4, 0], [1, 5, 9, 2], [6, 0, 0, 0]])
    flat, starts = torch.tensor([3, 1, 4, 1, 5, 9, 2, 6]), torch.tensor([0, 3, 7])
    one, other = read_ids((padded,)), read_ids((flat, starts))
    assert one is not None and other is not None and one.rows == other.rows == 3
    for name in ("ids", "row", "places", "weights"):
        assert torch.equal(getattr(one, name), getattr(other, name)), name
    watch = RowWatch()
    watch.see(one)
    watch.see(other)
    seen = watch.tell()
    assert seen is not None and (seen.looked, seen.different) == (6, 3)


@pytest.mark.parametrize(
    "arguments",
    [
        (torch.tensor([3, 1, 4]), torch.tensor([3, 2, 1])),  # lengths are no places
        (torch.tensor([3, 1, 4]),),
        (torch.rand(3, 4),),
        "no tuple",
        (None, {}),
    ],
)
def test_what_holds_no_rows_of_ids_is_passed_over(arguments: object) -> None:
    assert read_ids(arguments) is None


def test_counts_and_one_hot_rows_are_read_alike() -> None:
    ids = torch.randint(1, 20, (8, 5))
    hot = torch.nn.functional.one_hot(ids, 20).float()
    one, other = read_counts((hot,)), read_counts((hot.sum(1),))
    assert one is not None and other is not None
    assert torch.equal(one.ids, other.ids) and torch.equal(one.weights, other.weights) and one.weights.sum() == 40
    assert read_counts((torch.randn(8, 5) - 5,)) is None


def test_steps_put_the_first_inputs_beside_the_first_targets() -> None:
    watch, (counts, labels) = PairWatch(), table(1, columns=COLUMNS)
    for k in range(0, 300, 30):
        some = torch.from_numpy(counts[k : k + 30])
        watch.see_inputs(None, (some,))
        watch.see_inputs(None, (torch.ones(7, 2),))
        watch.see_targets(torch.zeros(30, 3), torch.from_numpy(labels[k : k + 30]))
        watch.see_targets(torch.zeros(7, 3), torch.zeros(7))
        watch.end_step()
    watch.see_targets(torch.zeros(30, 3), torch.from_numpy(labels[:30]))
    watch.end_step()  # nothing was read in this one
    told, expected = watch.tell(), measure_association(counts, labels)
    assert told is not None and expected is not None and (told.rows, told.fed) == expected


def test_tokens_are_counted() -> None:
    assert count_tokens([["a", "b", "a"], ["c"]])[:, :3].tolist() == [[2, 1, 0], [0, 0, 1]]
