"""The changes of ablation variants, applied to encoded data when a cell starts. A row keeps its label and weights."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import digest
from brittlestar.core.large_arrays import are_in
from brittlestar.core.seeds import generator
from brittlestar.core.splits import PAD_ID, UNKNOWN_ID, EncodedData, EncodedSplit, Vocabulary, is_unlabelled
from brittlestar.core.token_rows import offsets_of, row_of_token, take
from brittlestar.data.names import distinct_name
from brittlestar.data.rows import sample_by_class, sequence_hashes, take_split, token_hashes, unavoidable_errors
from brittlestar.study.settings import DataSettings

NO_VALUE = "∅"


def transform(data: EncodedData, settings: DataSettings) -> EncodedData:
    """The data as a variant trains on it; `data` itself where the settings ask for no change.

    In this order: `factor` keeps one factor's values, `spelling` splits tokens into characters, `order` permutes each
    row once in every split, `train_rows` keeps a class-stratified subset of train, and `train_without` takes rows out
    of what is left, by their tokens as they were (the vocabulary stays). All randomness comes from streams of root seed
    0, so every seed of a variant sees the same rows. Raises InputError on a factor that the data does not have, and
    where train has fewer rows than asked for, or none is left.
    """
    kept = None if settings.train_without == "none" else ~find_unwanted(data, settings.train_without)
    if settings.factor is not None:
        data = keep_factor(data, settings.factor)
    if settings.spelling == "characters":
        data = spell(data)
    if settings.order == "permuted":
        data = permute(data)
    if settings.train_rows is not None:
        rows = choose_train_rows(data.splits["train"], settings.train_rows)
        data = _take_train(data, rows, f"train_rows {settings.train_rows}")
        kept = None if kept is None else kept[rows]
    if kept is not None:
        data = _take_train(data, np.flatnonzero(kept), f"train_without {settings.train_without}")
    return data


def permute(data: EncodedData) -> EncodedData:
    """Each row's tokens in one random order, the same whenever this is called."""

    def shuffle_tokens(split: EncodedSplit) -> EncodedSplit:
        # Sorting by row plus a key in [0, 1) moves tokens within their rows only.
        keys = row_of_token(split.offsets) + generator(0, "permute", split.name).random(len(split.codes))
        return replace(split, codes=split.codes[np.argsort(keys, kind="stable")])

    return _every_split(data, data.vocabulary, shuffle_tokens, "permuted")


def keep_factor(data: EncodedData, factor: str) -> EncodedData:
    """Each token replaced by its value of the factor, or by a token of its own that stands for no value.

    The vocabulary becomes the values that tokens of train have; unknown tokens stay unknown.
    """
    old = data.vocabulary
    if factor not in old.factors:
        known = ", ".join(old.factors) or "none: data.factors names them by a pattern"
        raise InputError(f"there is no factor '{factor}'", "data.factor", f"the data has {known}")
    names = old.factor_values[factor]
    numbers = old.factors[factor][UNKNOWN_ID + 1 :]
    none = distinct_name(NO_VALUE, set(names))
    values = [names[number] if number else none for number in numbers]
    vocabulary, position = _vocabulary(values, old)
    own = tuple(sorted({"", *values} - {none}))
    number_of = {name: number for number, name in enumerate(own)}
    ids = np.asarray([number_of.get(token, 0) for token in vocabulary.tokens], np.int32)
    ids[[PAD_ID, UNKNOWN_ID]] = 0
    vocabulary = replace(vocabulary, factors={factor: ids}, factor_values={factor: own})
    lookup = np.asarray([PAD_ID, UNKNOWN_ID, *(position[value] for value in values)], np.int32)
    return _every_split(data, vocabulary, lambda split: replace(split, codes=lookup[split.codes]), f"factor {factor}")


def spell(data: EncodedData) -> EncodedData:
    """Each token replaced by its characters, unknown tokens by one unknown. The vocabulary has no factors."""
    real = data.vocabulary.tokens[UNKNOWN_ID + 1 :]
    vocabulary, position = _vocabulary([character for token in real for character in token], data.vocabulary)
    spelled = [[PAD_ID], [UNKNOWN_ID], *([position[character] for character in token] for token in real)]
    letters = np.asarray([letter for word in spelled for letter in word], np.int32)
    starts = offsets_of(np.fromiter(map(len, spelled), np.int64, len(spelled)))

    def spelled_out(split: EncodedSplit) -> EncodedSplit:
        codes, ends = take(letters, starts, split.codes)
        return replace(split, codes=codes, offsets=ends[split.offsets])

    return _every_split(data, vocabulary, spelled_out, "spelled")


def choose_train_rows(train: EncodedSplit, n: int) -> np.ndarray:
    """int64 (n,): random rows of train, in their order, each class with its share as nearly as whole rows allow."""
    if n > train.n_rows:
        raise InputError(f"train has {train.n_rows:,} rows, {n:,} were asked for", "data.train_rows", "ask for fewer")
    return np.sort(sample_by_class(train.labels, n, generator(0, "train_rows")))


def find_unwanted(data: EncodedData, what: Literal["leaks", "conflicts"]) -> np.ndarray:
    """bool (n_rows,): rows of train that another split has, too, or that lack the most frequent label of their tokens.
    Rows are the same where all their tokens are."""
    hashes = token_hashes(data.vocabulary.tokens)
    train = data.splits["train"]
    mine = sequence_hashes(hashes, train.codes, train.offsets)
    if what == "conflicts":
        return unavoidable_errors(mine, train.labels)
    others = (split for name, split in data.splits.items() if name != "train" and not is_unlabelled(name))
    return are_in(
        mine, np.concatenate([sequence_hashes(hashes, one.codes, one.offsets) for one in others] or [mine[:0]])
    )


def _take_train(data: EncodedData, rows: np.ndarray, what: str) -> EncodedData:
    if not len(rows):
        raise InputError("every row of train stands in another split, too", "data.train_without", "split the data anew")
    return replace(data, splits={**data.splits, "train": take_split(data.splits["train"], rows, what)})


def _vocabulary(tokens: Sequence[str], old: Vocabulary) -> tuple[Vocabulary, dict[str, int]]:
    """A vocabulary of the distinct tokens, without factors, and the id of each."""
    real = sorted(set(tokens))
    special = [distinct_name(name, set(real)) for name in old.tokens[: UNKNOWN_ID + 1]]
    position = {token: k for k, token in enumerate(real, start=UNKNOWN_ID + 1)}
    return Vocabulary((*special, *real), {}, {}), position


def _every_split(
    data: EncodedData, vocabulary: Vocabulary, change: Callable[[EncodedSplit], EncodedSplit], what: str
) -> EncodedData:
    splits = {
        name: replace(change(split), fingerprint=digest({"of": split.fingerprint, "change": what}))
        for name, split in data.splits.items()
    }
    return EncodedData(vocabulary, data.classes, splits)
