"""Arrays as predictions: labels or probabilities of any library, for splits, variants and seeds."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from brittlestar import InputError
from brittlestar.data.sources import SplitFrames
from brittlestar.training.imported import ImportedVariant, read_predictions
from brittlestar.training.prediction_sources import sources_of

TEST = pl.DataFrame({"id": ["x", "y", "z"], "sequence": ["a", "b", "c"], "label": ["pos", "neg", "pos"]})
DEV = pl.DataFrame({"id": ["0", "1"], "sequence": ["d", "e"], "label": ["pos", "neg"]})
FRAMES = {"dev": DEV, "test": TEST}
LABELS = ["pos", "neg", "neg"]
SHARES = np.array([[0.25, 0.75], [0.5, 0.5], [1.0, 0.0]])


def list_variant_runs(
    given: Any, frames: Any = FRAMES, classes: tuple[str, ...] = ("neg", "pos")
) -> tuple[ImportedVariant, ...]:
    return read_predictions(sources_of(given), frames, classes)


def answers(given: Any) -> dict[tuple[str, int], dict[str, list[int]]]:
    return {
        (variant.name, variant.seed): {name: table.argmax(1).tolist() for name, table in variant.probabilities.items()}
        for variant in list_variant_runs(given)
    }


@pytest.fixture(scope="module")
def labels_in_every_form() -> list[Any]:
    pandas, arrow, datasets = (pytest.importorskip(name) for name in ("pandas", "pyarrow", "datasets"))
    return [
        LABELS,
        tuple(LABELS),
        np.array(LABELS),
        np.array(LABELS, dtype=object),
        np.array(LABELS)[:, None],
        pl.Series(LABELS),
        pandas.Series(LABELS, index=[7, 8, 9]),
        pandas.Categorical(LABELS),
        arrow.array(LABELS),
        datasets.Dataset.from_dict({"y": LABELS})["y"],
    ]


def test_labels_of_any_library(labels_in_every_form: list[Any]) -> None:
    for given in labels_in_every_form:
        assert answers(given) == {("model", 0): {"test": [1, 0, 0]}}, type(given)
        assert answers([given, given]) == {("model", seed): {"test": [1, 0, 0]} for seed in (0, 1)}, type(given)
        assert answers({"lstm": given, "bag": [given]}).keys() == {("lstm", 0), ("bag", 0)}, type(given)
        assert answers({"test": given, "validation": ["neg", "neg"]}) == {
            ("model", 0): {"test": [1, 0, 0], "dev": [0, 0]}
        }, type(given)


def test_probabilities_of_any_library_keep_their_values() -> None:
    torch = pytest.importorskip("torch")
    for given in (SHARES, SHARES.astype(np.float32), SHARES.tolist(), [*SHARES], torch.tensor(SHARES), [SHARES]):
        (variant,) = list_variant_runs(given)
        assert variant.probabilities["test"].tolist() == SHARES.tolist(), type(given)
        assert variant.hard == frozenset()


def test_a_split_may_have_a_list_of_seeds() -> None:
    dev = SHARES[:2]
    assert answers({"test": [SHARES, SHARES], "dev": [dev, dev]}) == {
        ("model", seed): {"test": [1, 0, 0], "dev": [1, 0]} for seed in (0, 1)
    }


def test_labels_of_seeds_are_no_rows_of_probabilities() -> None:
    numbers = {"test": TEST.with_columns(label=pl.Series(["1", "0", "1"]))}
    found = read_predictions(sources_of([[1, 0, 0], [0, 1, 0]]), numbers, ("0", "1"))
    assert {variant.seed: variant.probabilities["test"].argmax(1).tolist() for variant in found} == {
        0: [1, 0, 0],
        1: [0, 1, 0],
    }


def test_without_a_test_split_rows_are_those_of_dev() -> None:
    (variant,) = list_variant_runs(["pos", "pos"], {"dev": DEV})
    assert list(variant.probabilities) == ["dev"]


def test_a_list_of_probabilities_in_a_column_is_one_row() -> None:
    ids = {"id": ["z", "x", "y"], "prediction": SHARES[[2, 0, 1]]}
    for given in (ids, pl.DataFrame({"id": ids["id"], "prediction": ids["prediction"].tolist()})):
        (variant,) = list_variant_runs(given)
        assert variant.probabilities["test"].tolist() == SHARES.tolist()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (LABELS[:2], "2 rows without ids for 3 rows of test; dev has 2 rows: name the split, as a column or"),
        ([*LABELS, "pos"], "4 rows without ids for 3 rows of test; give the column id"),
        (np.full((3, 4), 0.25), "predictions: 4 probabilities in each row, and 2 classes (neg, pos); give a"),
        ({"test": LABELS, "dev": LABELS}, "3 rows without ids for 2 rows of dev; test has 3 rows"),
        (SHARES * 3, "a probability outside [0, 1]"),
    ],
)
def test_what_does_not_fit_says_both_numbers(given: Any, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        list_variant_runs(given)
    assert expected in str(caught.value)


def test_the_order_of_classes_by_number_is_that_of_the_data_and_is_said() -> None:
    """`ClassLabel` names in their own order; as text they are sorted otherwise."""
    frames = SplitFrames({"train": TEST, "test": TEST}, numbered=["pos", "neg"])
    (variant,) = list_variant_runs(SHARES, frames)
    assert variant.probabilities["test"].tolist() == SHARES[:, ::-1].tolist()
    assert "columns of probabilities are in the order of the data's class names: pos, neg" in variant.notes
    (variant,) = list_variant_runs([0, 1, 1], frames)
    assert variant.probabilities["test"].argmax(1).tolist() == [1, 0, 0]
    assert "numbers of classes are the data's class names: pos, neg" in variant.notes
    (variant,) = list_variant_runs(LABELS, frames)
    assert variant.probabilities["test"].argmax(1).tolist() == [1, 0, 0] and len(variant.notes) == 1


def test_numbers_that_text_sorts_otherwise_are_refused_without_names() -> None:
    labels = [str(k) for k in range(11)]
    data = pl.DataFrame({"id": labels, "sequence": labels, "label": labels})
    with pytest.raises(InputError, match=r"as numbers the classes have another order than as text \(0, 1, 10, 2"):
        list_variant_runs(np.eye(11), {"test": data}, tuple(sorted(labels)))


def test_a_class_that_train_lacks_is_named() -> None:
    frames = SplitFrames({"train": TEST, "test": TEST}, numbered=["neg", "neutral", "pos"])
    with pytest.raises(InputError, match=r"3 probabilities in each row, and 2 classes \(neg, pos\); train has no row"):
        list_variant_runs(np.full((3, 3), 1 / 3), frames)
