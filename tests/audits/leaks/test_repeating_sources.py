"""Sources that repeat themselves, split fairly: phrases, short rows that obey a rule, tiny spaces, templates."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from brittlestar.audits.chance import Overlap, Rate, repeats_among
from brittlestar.audits.leaks.near import near_copies
from brittlestar.audits.leaks.shared_rows import beyond_model_error
from brittlestar.audits.running import audit_dataset
from brittlestar.core.findings import BY_SOURCE, Finding

from ..making import make_analysis

Source = Callable[[np.random.Generator], Sequence[str]]
SHARES = (0.7, 0.15, 0.15)


def dealt(draw: Source, n: int, seed: int) -> dict[str, tuple[list[str], list[str]]]:
    """Train, dev and test of independent rows of one source."""
    random = np.random.default_rng(seed)
    rows = [" ".join(draw(random)) for _ in range(n)]
    bounds = np.cumsum([0, *(round(share * n) for share in SHARES)]).tolist()
    return {
        name: (rows[a:b], [str(k % 2) for k in range(b - a)])
        for name, a, b in zip(("train", "dev", "test"), bounds, bounds[1:], strict=False)
    }


def alarms(draw: Source, n: int, seed: int) -> list[Finding]:
    found = audit_dataset(make_analysis(dealt(draw, n, seed)), only=["leak.exact", "leak.near", "leak.selection"])
    return [finding for finding in found if finding.severity in ("error", "warning")]


def phrases(most: int) -> Source:
    """Rows of two to `most` of 25 phrases of eight tokens."""
    library = np.random.default_rng(0).integers(0, 20, (25, 8))

    def draw(random: np.random.Generator) -> list[str]:
        return [f"t{k}" for k in library[random.integers(0, 25, random.integers(2, most + 1))].ravel()]

    return draw


def molecule(random: np.random.Generator) -> str:
    """A string in the manner of SMILES, by character."""
    parts = ["C", "CC", "N", "O", "c1ccccc1", "C(=O)O", "C(=O)N", "Cl", "F", "[nH]", "S(=O)(=O)", "C#N", "OC"]
    parts += ["N(C)C", "c1ccncc1"]
    weight = 1 / (np.arange(len(parts)) + 3.7) ** 0.8
    return "".join(random.choice(parts, random.integers(3, 9), p=weight / weight.sum()))


def name(random: np.random.Generator) -> list[str]:
    """Letters, each of which few others follow."""
    follow = np.random.default_rng(1).dirichlet(np.full(26, 0.12), (6, 27))[random.integers(0, 6)].cumsum(axis=1)
    state, letters = 26, []
    for _ in range(random.integers(4, 12)):
        state = min(int(np.searchsorted(follow[state], random.random())), 25)
        letters.append(chr(97 + state))
    return letters


def brackets(random: np.random.Generator) -> list[str]:
    closing, row, left = {"(": ")", "[": "]", "{": "}"}, [], []
    length = 2 * int(random.integers(5, 16))
    while len(row) + len(left) < length:
        if left and random.random() < 0.45:
            row.append(closing[left.pop()])
        else:
            left.append("([{"[random.integers(0, 3)])
            row.append(left[-1])
    return row + [closing[one] for one in reversed(left)]


def ticket(random: np.random.Generator) -> list[str]:
    asked = ("my order number # has not arrived", "how do i reset the password for account #", "i cannot open page #")
    text = asked[random.integers(0, 3)].replace("#", str(random.integers(1_000, 9_999)))
    return (
        f"{('hi', 'hello', '')[random.integers(0, 3)]} {text} {('thanks', 'asap', '')[random.integers(0, 3)]}".split()
    )


def test_a_source_of_recurring_phrases_is_no_window_of_anything():
    made = make_analysis(dealt(phrases(most=5), 1_500, 3))
    found = list(near_copies.function(made))
    assert [f.severity for f in found] == ["info", "info"]
    assert all(f.evidence["across"] > 20 and "continue" not in f.summary for f in found)
    assert not alarms(molecule, 1_500, 4)


@pytest.mark.parametrize(("draw", "seeds"), [(name, range(3)), (brackets, range(3)), (ticket, range(3))])
def test_rows_of_one_source_raise_no_alarm(draw: Source, seeds: Sequence[int]):
    assert not [alarm.summary for seed in seeds for alarm in alarms(draw, 3_000, seed)]


def test_windows_of_longer_texts_are_a_leak_even_among_recurring_phrases():
    """Texts of many tokens, cut into windows at any place, and as many rows of phrases beside them."""
    random = np.random.default_rng(5)
    rows = [" ".join(phrases(most=3)(random)) for _ in range(200)]
    for _ in range(150):
        text = [f"t{k}" for k in random.integers(0, 20, 120)]
        rows += [" ".join(text[start : start + 30]) for start in np.sort(random.integers(0, 90, 8)).tolist()]
    rows = [rows[k] for k in random.permutation(len(rows))]
    labels = [str(k % 2) for k in range(len(rows))]
    made = make_analysis({"train": (rows[:1_000], labels[:1_000]), "test": (rows[1_000:], labels[1_000:])})
    (found,) = near_copies.function(made)
    assert (found.status, found.severity) == ("present", "warning")
    assert "rows continue each other like windows of one text" in found.summary


def test_copies_are_found_in_a_source_that_has_some_of_its_own():
    made = dealt(name, 1_500, 0)
    train, (test, labels) = made["train"][0], made["test"]
    long = [row.split() for row in train if len(row.split()) > 9][:40]
    planted = [" ".join([*row[:4], "b" if row[4] != "b" else "d", *row[5:]]) for row in long]
    found = [
        f for f in near_copies.function(make_analysis({**made, "test": ([*planted, *test[40:]], labels)})) if f.severity
    ]
    assert [(f.where["split"], f.severity) for f in found if f.severity != "info"] == [("test", "warning")]


def test_a_space_of_few_rows_nearly_all_of_which_stand_in_train_is_no_error():
    def draw(random: np.random.Generator) -> list[str]:
        row = ["a" if one else "b" for one in random.random(8) < 0.5]
        return row if row[0] == row[-1] else [*row[:-1], row[0]]

    found = audit_dataset(make_analysis(dealt(draw, 4_000, 0)), only=["leak.exact"])
    assert all(f.severity in (None, "info") and f.evidence["share"] > 0.95 for f in found)


def test_what_repeats_beyond_chance_and_beyond_the_source_is_an_error_still():
    def found(shared: int, rate: float) -> Overlap:
        return Overlap(np.arange(shared), 1_000, rate, np.arange(shared), np.arange(shared))

    assert not beyond_model_error(found(990, 0.94), Rate(2_950, 3_000))
    assert beyond_model_error(found(860, 0.06), Rate(2_580, 3_000))
    assert beyond_model_error(found(990, 0.94), Rate(2_400, 3_000))
    assert beyond_model_error(found(5, 0.0), Rate(0, 3_000))


def test_rows_that_repeat_train_as_often_as_train_repeats_itself_are_information_and_more_are_a_warning():
    random = np.random.default_rng(0)
    common = [" ".join(f"w{k}" for k in random.integers(0, 500, 12)) for _ in range(60)]

    def row() -> str:
        again = random.random() < 0.06
        return common[random.integers(60)] if again else " ".join(f"w{k}" for k in random.integers(0, 500, 12))

    made = {
        name: ([row() for _ in range(n)], [str(k % 2) for k in range(n)])
        for name, n in (("train", 1_500), ("dev", 400), ("test", 400))
    }
    honest = audit_dataset(make_analysis(made), only=["leak.exact"])
    assert [f.severity for f in honest] == ["info", "info"]
    assert all("no more than that" in f.summary and f.evidence[BY_SOURCE] for f in honest)
    planted = {**made, "dev": ([*made["train"][0][:80], *made["dev"][0][80:]], made["dev"][1])}
    severities = {f.where["split"]: f.severity for f in audit_dataset(make_analysis(planted), only=["leak.exact"])}
    assert severities == {"dev": "warning", "test": "info"}


def test_rows_thinned_to_fewer_repeat_less():
    rows = make_analysis(
        {"train": ([*["a b"] * 2, *[f"c{k}" for k in range(99)]], [str(k % 2) for k in range(101)])}
    ).train
    assert repeats_among(rows, 100) == Rate(2, 101)
    assert repeats_among(rows, 50) == Rate(1, 101)
    assert repeats_among(rows.take(np.arange(1, 101)), 50) == Rate(0, 100)
