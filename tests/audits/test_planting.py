import numpy as np
import pytest

from brittlestar.audits.limits import FAULTS, limits, pool_of, resplit
from brittlestar.core.errors import InputError
from tests.audits.making import make_analysis, three_splits


def test_a_clean_split_deals_every_distinct_row_once() -> None:
    splits = three_splits()
    splits["test"] = (
        splits["train"][0][:50] + splits["test"][0][50:],
        splits["train"][1][:50] + splits["test"][1][50:],
    )
    made = make_analysis(splits)
    fresh = resplit(made, pool_of(made), np.random.default_rng(0))
    everything = np.concatenate([rows.hashes for rows in fresh.splits.values()])
    assert len(np.unique(everything)) == len(everything) == 650
    assert [rows.n_rows for rows in fresh.splits.values()] == [371, 93, 186]


@pytest.mark.parametrize("code", list(FAULTS))
def test_a_planted_fault_touches_the_share_it_says_and_nothing_else(code: str) -> None:
    made = make_analysis(three_splits())
    before = {name: (rows.hashes.copy(), rows.labels.copy()) for name, rows in made.splits.items()}
    planted = FAULTS[code].plant(made, "test", 0.2, np.random.default_rng(1))
    for name, (hashes, labels) in before.items():  # the analysis itself is as it was
        assert np.array_equal(made.splits[name].hashes, hashes) and np.array_equal(made.splits[name].labels, labels)
    for name, rows in planted.splits.items():
        assert np.array_equal(rows.hashes, planted.hash_rows(rows.codes, rows.offsets))
        assert rows.n_rows == made.splits[name].n_rows == len(rows.ids) == len(rows.offsets) - 1
    if code not in ("label.noise", "shortcut.token"):
        assert planted.splits["train"] is made.train and planted.splits["dev"] is made.splits["dev"]
    test, train = planted.splits["test"], planted.train
    shared = np.isin(test.hashes, train.hashes).sum()
    if code == "leak.exact":
        assert shared == 40
    if code == "leak.near":
        assert shared < 10  # an exchange may draw the same token
    if code == "label.noise":
        assert (train.labels != made.train.labels).sum() == 80
    if code == "shift.label":
        most = np.bincount(made.splits["test"].labels).argmax()
        assert (test.labels == most).sum() == (made.splits["test"].labels == most).sum() + 40
    if code == "shift.order":
        same = np.sort(test.hashes) == np.sort(made.splits["test"].hashes)
        assert test.lengths.tolist() == made.splits["test"].lengths.tolist() and not same.all()


def test_limits_tell_the_smallest_dose_and_the_false_alarms() -> None:
    made = make_analysis(three_splits((900, 200, 400)))
    found = limits(made, codes=("leak.exact",), copies=4, clean=6)
    assert found["split"] == "test"
    assert found["false_alarms"] == {"splits": 0, "of": 6, "below": pytest.approx(1 - 0.05 ** (1 / 6))}
    (limit,) = found["limits"]
    assert limit["dose"] is not None and limit["dose"] <= 0.02 and limit["caught"][f"{limit['dose']:g}"] == 4
    assert limit["caught"]["0"] == 0 and not limit["there_already"]


def test_limits_need_a_split_to_plant_in() -> None:
    splits = three_splits()
    with pytest.raises(InputError, match="no dev or test split"):
        limits(make_analysis({"train": splits["train"], "shift_far": splits["test"]}))
    with pytest.raises(InputError, match="fewer than 50 rows"):
        limits(make_analysis({"train": splits["train"], "test": (["t1 t2", "t0"], ["no", "yes"])}))


def long_rows(n: int, random: np.random.Generator) -> list[str]:
    return [" ".join(f"w{k}" for k in random.integers(0, 500, 20)) for _ in range(n)]


def edited(row: str, random: np.random.Generator) -> str:
    tokens = row.split()
    tokens[int(random.integers(len(tokens)))] = "x"
    return " ".join(tokens)


def test_few_near_copies_are_left_out_of_clean_splits() -> None:
    random = np.random.default_rng(0)
    rows = long_rows(400, random)
    test = [edited(row, random) for row in rows[:60]] + long_rows(140, random)
    labels = ["no", "yes"] * 200
    made = make_analysis({"train": (rows, labels), "test": (test, labels[:200])})
    assert pool_of(made).n_rows == 540
    found = limits(made, codes=("leak.near",), copies=4, clean=4)
    assert not found["limits"][0]["there_already"] and found["limits"][0]["dose"] is not None
    assert found["false_alarms"]["splits"] == 0


def test_a_source_made_of_near_copies_keeps_them_and_no_alarm_over_it_is_false() -> None:
    random = np.random.default_rng(0)
    parents = long_rows(100, random)
    rows = [edited(parents[k % 100], random) for k in range(600)]
    made = make_analysis({"train": (rows[:400], ["no", "yes"] * 200), "test": (rows[400:], ["no", "yes"] * 100)})
    assert pool_of(made).n_rows == len(np.unique(pool_of(made).hashes)) > 500
    found = limits(made, codes=("leak.near",), copies=4, clean=4)
    assert found["limits"][0]["there_already"] and found["limits"][0]["dose"] is None
    assert found["false_alarms"]["splits"] == 0 and found["false_alarms"]["below"] < 1
