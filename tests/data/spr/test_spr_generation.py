"""What the generator promises of its rows."""

import itertools
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from brittlestar.core.errors import InputError
from brittlestar.data.spr import Flip, Rule, SprSettings, SprSplit, generate_spr, parse_rule
from brittlestar.data.spr.sampler import ACCEPT, ANY_REJECT, RowSampler
from brittlestar.data.spr.settings import parse_flip, token_weights
from brittlestar.data.spr.symbols import TOKENS, distinct_counts
from tests.data.spr.labelling import label_rows

FOUNDING = parse_rule("founding")
SIZES = (400, 101, 200)


def by_name(settings: SprSettings) -> dict[str, SprSplit]:
    return {split.name: split for split in generate_spr(settings).splits}


def broken_alone(rule: Rule, sequences: list[list[str]]) -> np.ndarray:
    """int (n, k), by relabelling with each predicate as a rule of its own."""
    return np.stack([1 - label_rows(Rule((predicate,)), sequences) for predicate in rule.predicates], axis=1)


def test_near_misses_break_exactly_one_predicate_and_each_as_often() -> None:
    for split in by_name(SprSettings(FOUNDING, sizes=SIZES)).values():
        broken = broken_alone(FOUNDING, split.sequences)
        assert set(broken[split.labels].sum(axis=1)) == {0}
        assert set(broken[~split.labels].sum(axis=1)) == {1}
        counts = broken.sum(axis=0)
        assert counts.max() - counts.min() <= 1


def test_half_are_accepts_and_labels_are_the_rules() -> None:
    for rejects in ("random", "near-miss"):
        for split in by_name(SprSettings(FOUNDING, rejects=rejects, sizes=SIZES)).values():
            assert split.labels.sum() == len(split.labels) // 2
            assert split.labels.tolist() == label_rows(FOUNDING, split.sequences).astype(bool).tolist()
            assert not split.flipped.any()


def test_lengths_span_the_range_for_both_labels() -> None:
    train = by_name(SprSettings(FOUNDING, lengths=(8, 12), sizes=(2000, 2, 2)))["train"]
    for label in (True, False):
        counts = Counter(train.lengths[train.labels == label].tolist())
        assert sorted(counts) == [8, 9, 10, 11, 12]
        assert min(counts.values()) > 140  # 200 expected; 140 is 4.7 standard deviations below


def test_random_rejects_are_random_rows_that_the_rule_rejects() -> None:
    train = by_name(SprSettings(parse_rule("public-6"), rejects="random", lengths=(6, 6), sizes=(8000, 2, 2)))["train"]
    rejects = [sequence for sequence, label in zip(train.sequences, train.labels, strict=True) if not label]
    first_is_red = np.mean([sequence[0][1:] == "r" for sequence in rejects])
    assert first_is_red == pytest.approx(0.25, abs=0.03)


def test_probabilities_are_those_of_full_enumeration() -> None:
    rule = parse_rule("colour 2 is r AND at least 1 ▲ AND odd number of ● AND first ■ before ▲")
    weights = token_weights(
        SprSettings(1, colourless=0.2, shape_weights=(3, 1, 1, 1), colour_weights=(2, 1, 1, 0)), hold_out=False
    )
    rows = [list(row) for row in itertools.product(TOKENS, repeat=3)]
    chances = np.prod([[weights[TOKENS.index(token)] for token in row] for row in rows], axis=1)
    broken = broken_alone(rule, rows)
    wanted = [chances[broken.sum(axis=1) == 0].sum()]
    wanted += [chances[(broken.sum(axis=1) == 1) & (broken[:, i] == 1)].sum() for i in range(4)]
    wanted += [chances[broken.sum(axis=1) > 0].sum()]
    assert RowSampler(rule, weights).probabilities(3)[3] == pytest.approx(wanted, rel=1e-12)
    assert chances.sum() == pytest.approx(1)


def test_draws_follow_the_conditional_distribution() -> None:
    """Chi-square over every row of length 2 that can be drawn."""
    rule, weights = parse_rule("exactly 1 ▲ AND colour 1 is r"), np.full(20, 0.05)
    rng = np.random.default_rng(5)
    for target in (ACCEPT, 1, 2, ANY_REJECT):
        drawn = RowSampler(rule, weights).draw(np.full(20_000, target), np.full(20_000, 2), rng)
        broken = broken_alone(rule, [[TOKENS[a], TOKENS[b]] for a, b in itertools.product(range(20), repeat=2)])
        total = broken.sum(axis=1)
        possible = {ACCEPT: total == 0, ANY_REJECT: total > 0}.get(target, (total == 1) & (broken[:, target - 1] == 1))
        counts = np.bincount(drawn[:, 0].astype(int) * 20 + drawn[:, 1], minlength=400)
        assert not counts[~possible].any()
        expected = 20_000 / possible.sum()
        statistic, freedom = ((counts[possible] - expected) ** 2 / expected).sum(), possible.sum() - 1
        assert abs(statistic - freedom) < 5 * np.sqrt(2 * freedom)


def test_rare_rows_are_drawn_at_once_and_none_occurs_in_two_splits_while_there_are_enough() -> None:
    rare = parse_rule("exactly 18 ▲ AND colour 1 is r AND colour 2 is g AND first ◆ before ▲")
    data = generate_spr(SprSettings(rare, lengths=(20, 20), sizes=(200, 50, 50)))
    assert 0 < data.acceptance[20] < 1e-9
    assert label_rows(rare, data.splits[0].sequences).sum() == 100
    rule = parse_rule("exactly 1 ▲ AND colour 1 is r")
    splits = by_name(SprSettings(rule, lengths=(3, 3), sizes=(600, 300, 300)))
    sets = [set(map(tuple, split.sequences)) for split in splits.values()]
    assert [split.repeats for split in splits.values()] == [0, 0, 0]
    assert all(not a & b for a, b in itertools.combinations(sets, 2))
    few = by_name(SprSettings(rule, lengths=(1, 1), sizes=(200, 50, 50)))
    earlier = set(map(tuple, few["train"].sequences))
    repeated = sum(tuple(sequence) in earlier for sequence in few["dev"].sequences)
    assert few["dev"].repeats == repeated > 40


def test_colourless_share_and_skewed_frequencies() -> None:
    settings = SprSettings(1, colourless=0.3, shape_weights=(4, 2, 1, 1), colour_weights=(1, 1, 2, 4))
    weights = token_weights(settings, hold_out=False)
    rule = parse_rule("even number of ▲")
    rng = np.random.default_rng(0)
    targets = np.where(rng.random(3000) < RowSampler(rule, weights).probabilities(10)[10, ACCEPT], ACCEPT, ANY_REJECT)
    tokens = np.array(TOKENS)[RowSampler(rule, weights).draw(targets, np.full(3000, 10), rng)].ravel()
    share = {symbol: np.mean([symbol in token for token in tokens]) for symbol in "▲■●◆rgby"}
    assert np.mean([len(token) == 1 for token in tokens]) == pytest.approx(0.3, abs=0.012)
    assert [share[s] for s in "▲■●◆"] == pytest.approx([0.5, 0.25, 0.125, 0.125], abs=0.012)
    assert [share[c] / 0.7 for c in "rgby"] == pytest.approx([0.125, 0.125, 0.25, 0.5], abs=0.015)


def test_held_out_pairs_occur_in_every_row_of_their_split_and_nowhere_else() -> None:
    held_out = ("▲r", "●b")
    splits = by_name(SprSettings(FOUNDING, sizes=SIZES, held_out=held_out, long=(25, 30), colourless=0.1))
    assert list(splits) == ["train", "dev", "test", "shift_long", "shift_held_out_pairs"]
    for name, split in splits.items():
        with_pair = [any(token in held_out for token in sequence) for sequence in split.sequences]
        assert all(with_pair) if name == "shift_held_out_pairs" else not any(with_pair)
    shifted = splits["shift_held_out_pairs"]
    assert set(held_out) <= {token for sequence in shifted.sequences for token in sequence}
    assert shifted.labels.tolist() == label_rows(FOUNDING, shifted.sequences).astype(bool).tolist()


def test_holding_pairs_out_keeps_shapes_and_the_colourless_share() -> None:
    settings = SprSettings(1, held_out=("▲r", "▲g"), colourless=0.2)
    for weights in (token_weights(settings, hold_out=True), token_weights(settings, hold_out=False)):
        shape_share = weights.reshape(4, 5).sum(axis=1)
        assert shape_share == pytest.approx([0.25] * 4)
        assert weights.reshape(4, 5)[:, 0] == pytest.approx([0.05] * 4)
    assert token_weights(settings, hold_out=True)[[1, 2]].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("text", "touched"),
    [
        ("all:0.2", {"train", "dev", "test", "shift_long"}),
        ("dev+test:0.25", {"dev", "test"}),
        ("test:0.2", {"test"}),
        ("four-shapes:1", {"train", "dev", "test", "shift_long"}),
        ("four-colours:0.5", {"train", "dev", "test", "shift_long"}),
        ("test/four-shapes:0.63", {"test"}),
    ],
)
def test_corrupted_shares_are_exact(text: str, touched: set[str]) -> None:
    flip = parse_flip(text)
    settings = SprSettings(FOUNDING, lengths=(8, 9), long=(10, 11), sizes=SIZES)
    clean = by_name(settings)
    flipped = by_name(SprSettings(FOUNDING, lengths=(8, 9), long=(10, 11), sizes=SIZES, flip=flip))
    for name, split in flipped.items():
        assert split.sequences == clean[name].sequences
        differs = split.labels != clean[name].labels
        assert differs.tolist() == split.flipped.tolist()
        weights = {"four-shapes": split.rows.shapes, "four-colours": split.rows.colours}.get(flip.which)
        eligible = np.ones(len(differs), bool) if weights is None else distinct_counts(weights) == 4
        wanted = Decimal(text.split(":")[1]) * int(eligible.sum()) if name in touched else Decimal(0)
        assert differs.sum() == int(wanted.quantize(Decimal(1), ROUND_HALF_UP))
        assert not differs[~eligible].any()
        assert (differs.sum() > 0) == (name in touched)


@pytest.mark.parametrize("text", ["all:0.2", "dev+test:0.2", "test:1.0", "four-shapes:0.63", "test/four-colours:0.5"])
def test_flip_text_reads_back(text: str) -> None:
    assert parse_flip(str(parse_flip(text))) == parse_flip(text)
    assert str(parse_flip(text)) == text


@pytest.mark.parametrize("text", ["", "all", "0.2", "al:0.2", "test/test:0.2", "dev+test/test:0.2", "test:x", "all:2"])
def test_flip_text_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="flip: "):
        parse_flip(text)


def test_perfect_model_on_corrupted_four_shape_rows_scores_as_the_public_study() -> None:
    """Length 6, random rejects: flipping .63 of the four-shape rows gives accuracy .69, SWA .64, HWA .67."""
    rule = parse_rule("public-6")
    flip = Flip(0.63, which="four-shapes")
    settings = SprSettings(rule, rejects="random", lengths=(6, 6), sizes=(2, 2, 20_000), flip=flip)
    test = by_name(settings)["test"]
    correct = label_rows(rule, test.sequences).astype(bool) == test.labels
    shapes, colours = distinct_counts(test.rows.shapes), distinct_counts(test.rows.colours)
    swa = (shapes * correct).sum() / shapes.sum()
    cwa = (colours * correct).sum() / colours.sum()
    assert correct.mean() == pytest.approx(0.69, abs=0.008)
    assert swa == pytest.approx(0.64, abs=0.01)
    assert 2 * swa * cwa / (swa + cwa) == pytest.approx(0.67, abs=0.01)


def test_single_predicate_is_a_strong_shortcut_only_among_random_rejects() -> None:
    rule, shortcut = parse_rule("public-16"), parse_rule("colour 1 is r")
    scores = {}
    for rejects in ("random", "near-miss"):
        train = by_name(SprSettings(rule, rejects=rejects, lengths=(16, 16), sizes=(4000, 2, 2)))["train"]
        scores[rejects] = (label_rows(shortcut, train.sequences) == train.labels).mean()
    assert scores["random"] == pytest.approx(0.88, abs=0.02)
    assert scores["near-miss"] == pytest.approx(0.625, abs=0.001)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_drawn_rules_are_neither_contradictory_nor_near_impossible(k: int) -> None:
    for seed in range(8):
        data = generate_spr(SprSettings(k, seed=seed, sizes=(40, 8, 8)))
        assert len(data.rule.predicates) == k
        assert 0.001 <= np.mean(list(data.acceptance.values())) <= 0.9
        train = data.splits[0]
        assert set(train.broken[~train.labels]) == {1}


@pytest.mark.parametrize(
    ("rule", "rejects", "message"),
    [
        ("exactly 2 ▲ AND exactly 3 ▲", "near-miss", "the rule accepts no row of length 8 to 24"),
        ("at least 10 ▲", "random", "the rule accepts no row of length 8 to 9"),
        ("at most 30 ▲", "random", "the rule rejects no row of length 8 to 24"),
        ("exactly 1 ▲ AND odd number of ▲", "near-miss", "no row breaks 'odd number of ▲' alone of length 8 to 24"),
    ],
)
def test_rows_that_cannot_exist_are_refused(rule: str, rejects: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        generate_spr(SprSettings(parse_rule(rule), rejects=rejects))
    assert str(caught.value).startswith(f"rule, train: {message}")


def test_settings_tell_all_problems_at_once() -> None:
    with pytest.raises(InputError) as caught:
        SprSettings(
            parse_rule("colour 9 is r"),
            rejects="some",  # pyright: ignore[reportArgumentType]
            lengths=(8, 4),
            sizes=(2000, 1, 1000),
            seed=-1,
            colourless=1.0,
            shape_weights=(1, 1, 1),
            colour_weights=(0, 0, 0, 0),
            long=(0, 3),
        )
    places = [problem.where for problem in caught.value.problems]
    assert {"rule", "rejects", "lengths", "sizes (dev)", "seed", "colourless", "shape_weights", "long"} <= set(places)
    assert "colour_weights" in places


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"held_out": ("▲",)}, "held_out: '▲' is no pair of shape and colour; a shape and a colour, such as ▲r"),
        ({"held_out": ("▲r", "▲r")}, "a pair is named twice"),
        ({"held_out": ("▲r", "▲g", "▲b", "▲y")}, "every colour of ▲ is held out"),
        ({"held_out": ("▲r",), "colour_weights": (0, 1, 1, 1)}, "▲r never occurs"),
        ({"long": (20, 40)}, "long: rows of 20 tokens are not longer than those of the other splits; start above 24"),
        ({"sizes": (10**9, 2, 2)}, "sizes (train): 1,000,000,000 rows are more than 10,000,000"),
        ({"rule": 5}, "k: 5 predicates cannot be drawn"),
        ({"rule": parse_rule("exactly 900 ▲ AND exactly 900 ●")}, "more than 50,000"),
    ],
)
def test_settings_that_do_not_fit_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        SprSettings(**{"rule": FOUNDING, **changes})  # pyright: ignore[reportArgumentType]
    assert message in str(caught.value)
