import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.training.batches import TOKEN_BUDGET, pad_rows, scoring_batches, training_batches, within_budget
from tests.training.toy import toy_split


def test_padded_rows_are_the_rows() -> None:
    split = toy_split("train", 20, 0)
    rows = np.array([7, 3, 19])
    tokens, lengths = pad_rows(split, rows)
    for row, padded, length in zip(rows, tokens, lengths, strict=True):
        own = split.codes[split.offsets[row] : split.offsets[row + 1]]
        assert padded[:length].tolist() == own.tolist()
        assert (padded[length:] == 0).all()


def test_rows_without_tokens_pad_to_nothing() -> None:
    split = toy_split("train", 3, 0, lengths=(0, 0))
    tokens, lengths = pad_rows(split, np.arange(3))
    assert tokens.shape == (3, 0) and lengths.tolist() == [0, 0, 0]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=300), st.integers(1, 17), st.integers(0, 5))
def test_an_epoch_has_every_row_once(lengths: list[int], batch_size: int, epoch: int) -> None:
    batches = training_batches(np.array(lengths), batch_size, 11, epoch)
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(lengths)))
    assert all(0 < len(batch) <= batch_size for batch in batches)


def test_batches_depend_on_seed_and_epoch_only() -> None:
    lengths = np.random.default_rng(0).integers(1, 30, 500)
    first, again = (training_batches(lengths, 16, 3, 1) for _ in range(2))
    assert [batch.tolist() for batch in first] == [batch.tolist() for batch in again]
    for other in (training_batches(lengths, 16, 4, 1), training_batches(lengths, 16, 3, 2)):
        assert [batch.tolist() for batch in first] != [batch.tolist() for batch in other]


def test_buckets_save_padding() -> None:
    lengths = np.random.default_rng(0).integers(8, 25, 2000)
    used = sum(len(batch) * lengths[batch].max() for batch in training_batches(lengths, 64, 0, 1))
    random = np.random.default_rng(0).permutation(2000)
    plain = sum(len(part) * lengths[part].max() for part in np.split(random, range(64, 2000, 64)))
    assert used < 0.8 * plain


@given(st.lists(st.integers(0, TOKEN_BUDGET * 2), min_size=1, max_size=60), st.integers(1, 20))
def test_pieces_stay_within_the_budget_or_hold_one_row(lengths: list[int], most: int) -> None:
    sizes = np.array(sorted(lengths))
    pieces = list(within_budget(np.arange(len(sizes)), sizes, most))
    assert np.concatenate(pieces).tolist() == list(range(len(sizes)))
    for piece in pieces:
        assert len(piece) <= most
        assert len(piece) == 1 or len(piece) * sizes[piece].max() <= TOKEN_BUDGET


def test_scoring_covers_the_rows_asked_for() -> None:
    lengths = np.random.default_rng(0).integers(0, 30, 700)
    rows = np.random.default_rng(1).permutation(700)[:600]
    assert sorted(np.concatenate(list(scoring_batches(lengths, rows))).tolist()) == sorted(rows.tolist())
