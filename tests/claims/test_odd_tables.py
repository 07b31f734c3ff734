"""Odd tables: a right answer, or one clear error with row and value; never a warning, a NaN or a traceback."""

import datetime
import json
import math
import subprocess
import sys
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import brittlestar as package
from brittlestar.claims.judgement import Judgement
from brittlestar.core.errors import InputError

CLAIM = "a > b by 0.01 on accuracy"
HERE = {"claim": CLAIM, "population": "fixed-test-set"}
OWN = {"claim": "a > b by 1 on bleu", "higher_is_better": True, "population": "fixed-test-set"}


def judged(outcomes: Any, claim: Any = HERE, **options: Any) -> Judgement:
    """Judge with warnings as errors, and look at what comes out."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = package.judge(outcomes, claim, **options)
    text = json.dumps(found.as_json(), allow_nan=False)
    assert "nan" not in text.lower().replace("nan'", "")
    return found


def refused(outcomes: Any, claim: Any = HERE, **options: Any) -> str:
    """The one problem that is told."""
    with warnings.catch_warnings(), pytest.raises(InputError) as caught:
        warnings.simplefilter("error")
        package.judge(outcomes, claim, **options)
    assert len(caught.value.problems) == 1, caught.value
    return str(caught.value)


def score_lines(values: tuple[str, ...] = (), separator: str = ",", header: str = "variant,seed,score") -> str:
    """A table of scores as text: 6 seeds of a and b; `values` replace the first scores of a."""
    lines = [header]
    for k, variant in enumerate("ab"):
        for seed in range(6):
            score = f"{0.9 - 0.1 * k + 0.001 * (seed * 7 % 5) + 0.0003 * k * seed:.4f}"
            if k == 0 and seed < len(values):
                score = values[seed]
            lines.append(",".join((variant, str(seed), score)))
    return "\n".join(lines).replace(",", separator) + "\n"


def frame(**changes: Any) -> pl.DataFrame:
    """A table of scores: 12 lines, 6 seeds of a and b."""
    lines = [line.split(",") for line in score_lines().splitlines()[1:]]
    columns = {
        "variant": [line[0] for line in lines],
        "seed": [int(line[1]) for line in lines],
        "score": [float(line[2]) for line in lines],
    }
    return pl.DataFrame({**columns, **changes}, strict=False)


def by_row(seeds: int = 6, rows: int = 40, **changes: Any) -> pl.DataFrame:
    """A table row by row: a is right on 9 rows of 10, b on 6."""
    random = np.random.default_rng(3)
    keys = [(variant, seed, row) for variant in "ab" for seed in range(seeds) for row in range(rows)]
    right = [float(random.random() < (0.9 if variant == "a" else 0.6)) for variant, _, _ in keys]
    variants, numbers, rows_ = zip(*keys, strict=True)
    return pl.DataFrame(
        {"variant": variants, "seed": numbers, "example": rows_, "outcome": right, **changes}, strict=False
    )


# Files


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", b"\xef\xbb\xbf" + score_lines().encode()),
        ("t.csv", score_lines(header="variant,seed,score").encode()),
        ("t.csv", score_lines(("0.9000 ", " 0.9020")).encode()),
        ("t.tsv", score_lines(separator="\t").encode()),
        ("t.jsonl", b"\xef\xbb\xbf" + frame().write_ndjson().replace("\n", "\r\n").encode()),
        ("▲.csv", score_lines().encode()),
    ],
)
def test_files_that_say_the_same_give_the_same(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert judged(path).as_json() == judged(frame()).as_json()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("t.csv", score_lines(("0.9", "n/a")),
         "column 'score' contains non-numeric values (first: line 3, 'n/a'); leave"),
        ("t.csv", score_lines(("0.9", "-inf")), "not finite (first: line 3, '-inf'); score a run that diverged"),
        ("t.csv", score_lines(("0.9", "")), "column 'score' has 1 missing value (first: line 3); leave out"),
        ("t.csv", score_lines(('"0,93"',)), "(first: line 2, '0,93'); write 0.93, with a point"),
        ("t.csv", score_lines(("93.1 %",)), "(first: line 2, '93.1 %'); write 0.931, not 93.1 %"),
        ("t.csv", score_lines(("93.1",)), "accuracy of variant a, seed 0 is 93.1; it is a fraction: 93.1 % is 0.931"),
        ("t.csv", score_lines(("1e308",)), "values too large to compute with (first: line 2, '1e308')"),
        ("t.csv", score_lines(separator="|"), "fields look separated by '|': use commas in .csv and tabs in .tsv"),
        ("t.csv", score_lines(header="variant,run,score"), "the outcomes lack seed; columns are variant,seed"),
        ("t.csv", score_lines() + "a,0,0.5\n", "1 duplicate (variant, seed) row (first: line 14, a, 0); keep one"),
        ("t.csv", "variant,seed,score\n", "t.csv: the table has no rows"),
        ("t.csv.zip", score_lines(), "'.zip' is no format that is read; unpack it first"),
    ],
)  # fmt: skip
def test_files_that_are_wrong_are_told_with_line_and_value(tmp_path: Path, name: str, content: str, told: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    found = refused(path)
    assert told in found and found.startswith((str(path), "outcomes"))


@pytest.mark.parametrize(("separator", "notes"), [(",", []), (";", ["t.csv: fields are separated by semicolons"])])
def test_another_separator_is_read_and_told(
    separator: str, notes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(score_lines(separator=separator), encoding="utf-8")
    found = package.judge("t.csv", [HERE])
    assert found.document.get("notes", []) == notes and found.document["claims"][0]["seeds"] == 6


# Columns


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"seed": [datetime.date(2024, 1, 1 + k % 6) for k in range(12)]},
         "no seeds (first: row 0, datetime.date(2024"),
        ({"seed": [k % 2 == 0 for k in range(12)]}, "no seeds (first: row 0, True)"),
        ({"seed": [0.0, 0.5, 2, 3, 4, 5] * 2}, "no seeds (first: row 1, 0.5); a seed is a whole number or a name"),
        ({"seed": [0, None, 2, 3, 4, 5] * 2}, "column 'seed' has 2 missing values (first: row 1)"),
        ({"variant": [None, *"aaaaabbbbbb"]}, "column 'variant' has 1 missing value (first: row 0)"),
        ({"variant": [[k] for k in range(12)]}, "column 'variant' contains values that are no text and no number"),
        ({"score": [datetime.date(2024, 1, 1)] * 12},
         "column 'score' contains non-numeric values (first: row 0, datetime"),
        ({"score": [True, False] * 6}, "column 'score' contains non-numeric values (first: row 0, True)"),
        ({"score": [0.5] * 11 + [None]}, "column 'score' has 1 missing value (first: row 11)"),
        ({"score": [0.5] * 11 + [math.inf]}, "column 'score' contains values that are not finite (first: row 11, inf)"),
        ({"score": [1e-300] * 12}, "column 'score' contains values too small to compute with (first: row 0, 1e-300)"),
    ],
)  # fmt: skip
def test_odd_columns_are_told_with_row_and_value(changes: dict[str, Any], told: str) -> None:
    assert told in refused(frame(**changes))
    if not any(isinstance(value, bytes | dict) for value in next(iter(changes.values()))):
        name, values = next(iter(changes.items()))
        assert f"column '{name}'" in refused(frame().to_pandas().assign(**{name: values}))


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": [float(k % 6) for k in range(12)]},
        {"seed": [str(k % 6) for k in range(12)]},
        {"seed": pl.Series([Decimal(k % 6) for k in range(12)])},
        {"seed": pl.Series([str(k % 6) for k in range(12)], dtype=pl.Categorical)},
        {"score": [str(value) for value in frame()["score"]]},
        {"score": [Decimal(str(value)) for value in frame()["score"]]},
        {"unused": [b"x"] * 12, "other": [None] * 12, "label": [[1]] * 12, "weight_x": [-1] * 12},
        {"group": [[k] for k in range(12)]},
    ],
)
def test_columns_of_another_kind_give_the_same(changes: dict[str, Any]) -> None:
    changed = frame(**changes)
    first = judged(frame()).as_json()
    for given_ in (changed, changed.lazy(), changed.to_pandas(), changed.to_arrow(), changed.to_dicts()):
        assert judged(given_).as_json() == first


@pytest.mark.parametrize("texts", [False, True])
def test_true_and_false_are_outcomes(texts: bool) -> None:
    table = by_row()
    right = table["outcome"].cast(pl.Boolean)
    changed = table.with_columns(outcome=right.cast(pl.String).str.to_titlecase() if texts else right)
    assert judged(changed, CLAIM).as_json() == judged(table, CLAIM).as_json()


@pytest.mark.parametrize(
    ("written", "order"),
    [
        (["run10", "run9", "run1", "run2", "run11", "run0"], ["run0", "run1", "run2", "run9", "run10", "run11"]),
        (["01", "1", "10", "2", "003", "x"], ["01", "1", "2", "003", "10", "x"]),
    ],
)
def test_seeds_come_in_natural_order(written: list[str], order: list[str]) -> None:
    random = np.random.default_rng(0)
    lines = [
        {"variant": variant, "seed": seed, "score": random.uniform(0.5, 0.9)} for variant in "ab" for seed in written
    ]
    claim = {**HERE, "looks": [6]}
    tables = (pl.DataFrame(lines), pl.DataFrame(lines[::-1]), pd.DataFrame(lines))
    found = [judged(table, claim) for table in tables]
    assert [list(one.as_json()["per_seed"]) for one in found] == [order] * 3
    mapping = {
        variant: {"seeds": written, "score": [line["score"] for line in lines if line["variant"] == variant]}
        for variant in "ab"
    }
    assert judged(mapping, claim).as_json() == found[0].as_json()


# Mappings


def mapping(**changes: Any) -> dict[str, Any]:
    random = np.random.default_rng(5)
    fields = {"seeds": list(range(6)), "examples": list(range(20)), "outcome": (random.random((6, 20)) < 0.8) * 1.0}
    return {"a": {**fields, **changes}, "b": dict(fields)}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"seeds": [True, False, 2, 3, 4, 5]}, ".seeds: seeds contain a value that is no seed (first: True)"),
        ({"seeds": [0, 1, 2, 3, 4, 10**400]}, "no seed (first: 1000"),
        ({"seeds": [0, 1, 2, 3, 4, None]}, "no seed (first: None)"),
        ({"seeds": "012345"}, "outcomes['a'].seeds: it is a str, not a list"),
        ({"seeds": []}, "outcomes['a'].seeds: it is empty"),
        ({"seeds": [0, 1, 2, 3, 4, 4]}, "20 duplicate (variant, seed, example) rows (first: row 100, a, 4, 0)"),
        ({"examples": [[k] for k in range(20)]}, "column 'example' contains values that are no text and no number"),
        ({"examples": [10**400] * 20}, "outcomes: column 'example' holds a number that is too large"),
        ({"outcome": [["x"] * 20] * 6}, "column 'outcome' contains non-numeric values (first: row 0, 'x')"),
        ({"outcome": np.full((6, 20), 1j)}, "column 'outcome' contains non-numeric values (first: row 0, 1j)"),
        ({"outcome": [[1.0] * 19 + [math.inf]] * 6}, "values that are not finite (first: row 19, inf)"),
        ({"outcome": [[1.0] * 19] * 6}, "outcome has shape (6, 19), not (6, 20); seeds x examples"),
        ({"outcome": [[1.0] * 20] * 5 + [[1.0]]}, "outcome is no table of numbers"),
        ({"score": [1.0] * 6}, "some variants have scores alone, and others outcomes row by row"),
        ({"group": ["x"]}, "1 groups are given for 20 examples"),
    ],
)
def test_odd_mappings_are_told_with_their_place(changes: dict[str, Any], told: str) -> None:
    assert told in refused(mapping(**changes), CLAIM)


def test_mappings_of_another_kind_give_the_same() -> None:
    first = judged(mapping(), CLAIM).as_json()
    table = mapping()["a"]["outcome"]
    for changes in (
        {"seeds": np.arange(6)},
        {"seeds": tuple(float(k) for k in range(6))},
        {"examples": np.arange(20)},
        {"outcome": table.astype(bool)},
        {"outcome": table.tolist()},
        {"outcome": pl.DataFrame(table)},
        {"outcome": pd.DataFrame(table)},
        {"outcome": [[Decimal(int(one)) for one in row] for row in table]},
    ):
        assert judged(mapping(**changes), CLAIM).as_json() == first


# What a metric can be


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([2.0, 0.0, 1.0], "an outcome of accuracy is 0 (wrong) or 1 (right) (variant a, seed 0, example 0: 2); "
         "outcomes that are classes are predictions: give columns label and prediction"),
        ([0.5, 1.0, 93.1], "(variant a, seed 0, example 2: 93.1); it is a fraction: 93.1 % is 0.931"),
    ],
)  # fmt: skip
def test_accuracy_is_looked_at_cell_by_cell(values: list[float], told: str) -> None:
    table = by_row(rows=3)
    outcome = np.r_[values, table["outcome"].to_numpy()[3:]]
    assert told in refused(table.with_columns(outcome=pl.Series(outcome)), CLAIM)
    wide = outcome.reshape(2, 6, 3)
    given_ = {variant: {"seeds": range(6), "examples": range(3), "outcome": wide[k]} for k, variant in enumerate("ab")}
    assert told in refused(given_, CLAIM)


@pytest.mark.parametrize("metric", ["macro_f1", "size_weighted_accuracy"])
def test_scores_of_known_fractions_lie_between_0_and_1(metric: str) -> None:
    claim = {"claim": f"a > b by 0.01 on {metric}", "population": "fixed-test-set"}
    assert f"{metric} of variant b, seed 5 is 1.2; it is a fraction: 1.2 % is 0.012" in refused(
        frame(score=[*frame()["score"][:11], 1.2]), claim
    )
    assert judged(frame(), claim).estimate is not None


def test_log_loss_is_not_negative() -> None:
    claim = {"claim": "a > b by 0.01 on log_loss", "population": "fixed-test-set"}
    assert "log_loss of variant a, seed 0 is -1; log_loss is 0 or more" in refused(frame(score=[-1.0] * 12), claim)
    assert judged(frame(score=np.r_[frame()["score"][:6] * 9, frame()["score"][6:]]), claim).verdict == "supported"


def test_a_metric_with_a_scale_of_its_own_keeps_its_units() -> None:
    table = frame(score=frame()["score"] * 100)
    found = judged(table, {**OWN, "claim": "a > b by 2 on bleu"})
    assert found.verdict == "supported" and found.claim.threshold == 2 and found.estimate == pytest.approx(9.925)
    assert "point" not in found.sentence and "at least 2 of bleu" in found.sentence and "+9.93 [" in found.sentence
    worse = judged(table, {**OWN, "claim": "a > b by 2 on perplexity", "higher_is_better": False})
    assert (worse.verdict, worse.relation) == ("supported", "worse")
    assert (
        'must say which way is better; write {claim: "a > b by 2 on bleu", higher_is_better: true}, or false'
        in refused(table, "a > b by 2 on bleu")
    )


@pytest.mark.parametrize("size", [1e-40, 1e50])
def test_the_size_of_numbers_does_not_matter(size: float) -> None:
    table = frame(score=frame()["score"] * 10)
    first, found = (
        judged(table.with_columns(pl.col("score") * by), {**OWN, "claim": f"a > b by {0.5 * by!r} on bleu"})
        for by in (1.0, size)
    )
    assert (found.verdict, found.relation) == (first.verdict, first.relation) == ("supported", "better")
    assert found.estimate == pytest.approx((first.estimate or 0) * size) and len(found.sentence) < 600


# Labels, weights, groups


def predictions(**changes: Any) -> pl.DataFrame:
    table = by_row()
    label = [str(row % 3) for row in table["example"]]
    predicted = [y if right else str((int(y) + 1) % 3) for y, right in zip(label, table["outcome"], strict=True)]
    weight = [1 + row % 4 for row in table["example"]]
    return table.drop("outcome").with_columns(
        **{"label": pl.Series(label), "prediction": pl.Series(predicted), "weight_size": pl.Series(weight), **changes}
    )


SIZE = {"claim": "a > b by 0.01 on size_weighted_accuracy"}


@pytest.mark.parametrize(
    ("name", "row", "value", "told"),
    [
        ("weight_size", 45, 9,
         "example 5 has several values of 'weight_size': 2.0 (row 5) and 9.0 (row 45); one weight an example"),
        ("label", 250, "0",
         "example 10 has several values of 'label': '1' (row 10) and '0' (row 250); one label an example"),
        ("weight_size", 7, -2, "column 'weight_size' contains negative weights (first: row 7, -2); a weight is"),
        ("prediction", 8, None, "column 'prediction' has 1 missing value (first: row 8)"),
    ],
)  # fmt: skip
def test_weights_and_labels_are_one_an_example(name: str, row: int, value: Any, told: str) -> None:
    values = predictions()[name].to_list()
    values[row] = value
    assert told in refused(predictions(**{name: pl.Series(values, strict=False)}), SIZE)
    assert judged(predictions(), SIZE).estimate is not None


def test_numbers_that_pandas_made_floats_are_the_same_labels() -> None:
    first = judged(predictions(), "a > b by 0.01 on macro_f1").as_json()
    floats = predictions(label=predictions()["label"].cast(pl.Float64))
    assert judged(floats, "a > b by 0.01 on macro_f1").as_json() == first


def test_rows_with_one_list_of_tokens_are_one_unit() -> None:
    table = by_row()
    texts = table.with_columns(sequence=pl.format("t{} x", pl.col("example") // 4))
    lists = texts.with_columns(sequence=pl.col("sequence").str.split(" "))
    assert judged(lists, CLAIM).as_json() == judged(texts, CLAIM).as_json() != judged(table, CLAIM).as_json()
    assert "column 'sequence' contains values that cannot name a group" in refused(
        table.with_columns(sequence=pl.struct("example")), CLAIM
    )


def test_an_example_of_two_groups_is_told() -> None:
    table = by_row().with_columns(group=pl.when(pl.int_range(pl.len()) == 41).then(pl.lit("y")).otherwise(pl.lit("x")))
    assert "example 1 has several values of 'group': 'x' (row 1) and 'y' (row 41)" in refused(table, CLAIM)


def test_rows_are_named_as_they_stand_in_a_table_of_several_splits(tmp_path: Path) -> None:
    both = pl.concat([by_row(rows=4).with_columns(split=pl.lit(name)) for name in ("dev", "test")])
    again = pl.concat([both, both[[60]]])
    assert "1 duplicate (variant, seed, example) row (first: row 96, a, 3, 0)" in refused(again, CLAIM)
    path = tmp_path / "t.csv"
    again.write_csv(path)
    assert "(first: line 98, a, 3, 0)" in refused(path, CLAIM)


def test_variants_with_any_name_can_be_claimed_about(tmp_path: Path) -> None:
    names = {"a": "my model (v2)", "b": "größe ▲"}
    table = frame().with_columns(pl.col("variant").replace(names))
    sentence = '"my model (v2)" > "größe ▲" by 0.01 on accuracy'
    path = tmp_path / "t.csv"
    table.write_csv(path)
    for given_ in (table, table.to_pandas(), path):
        found = judged(given_, {**HERE, "claim": sentence})
        assert found.verdict == "supported" and found.as_json()["claim"] == sentence
        assert "my model (v2) exceeds größe ▲" in found.sentence
    assert 'variants: "größe ▲", "my model (v2)"' in refused(table, {**HERE, "claim": "x > y by 0.01 on accuracy"})


# Without pyarrow


SCRIPT = """
import sys
sys.modules["pyarrow"] = None  # as if it were not installed
import pandas as pd
import brittlestar as bs
lines = [(variant, str(seed), f"row {row}", bool((seed + row) % 7 or variant == "new model"), "x")
         for variant in ("new model", "old") for seed in range(12) for row in range(30)]
table = pd.DataFrame(lines, columns=["variant", "seed", "example", "outcome", "unused"])
table["kind"] = pd.Categorical(table["variant"])
table["when"] = pd.Timestamp("2024-01-01")
found = bs.judge(table, '"new model" > old by 0.01 on accuracy')
print(found.verdict, found.rows, list(found.per_seed))
scores = table.groupby(["variant", "seed"], as_index=False)["outcome"].mean().rename(columns={"outcome": "score"})
print(bs.judge(scores, {"claim": '"new model" > old by 0.01 on accuracy', "population": "fixed-test-set"}).verdict)
assert sys.modules["pyarrow"] is None
"""


def test_pandas_frames_with_text_need_no_pyarrow() -> None:
    command = [sys.executable, "-W", "error", "-c", SCRIPT]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"supported 30 {list(range(12))}", "supported"]


# Anything at all


WORDS = st.sampled_from(
    ["a", "b", "", " ", "NA", "nan", "0,93", "1", "0", "-1", "True", "1e308", "1e-300", "▲", "10", "9", "x y"]
)
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.floats(width=64),
    st.sampled_from([0.0, 1.0, 0.5, 1e308, -1e308, 1e-300, 5e-324, math.nan, math.inf]),
    WORDS,
    st.dates(),
    st.binary(max_size=2),
    st.lists(st.integers(0, 2), max_size=2),
    st.complex_numbers(max_magnitude=2),
)
METRIC_NAMES = ("accuracy", "macro_f1", "x_weighted_accuracy", "log_loss", "bleu", "ece")
LAYOUTS = (("score",), ("example", "outcome"), ("example", "label", "prediction", "weight_x"))


@st.composite
def columns(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Columns of a good table, up to two of them replaced by values of one kind, or of any."""
    seeds, rows = draw(st.integers(1, 7)), draw(st.integers(1, 4))
    layout = draw(st.sampled_from(LAYOUTS))
    rows = 1 if layout == ("score",) else rows
    keys = [(variant, seed, row) for variant in "ab" for seed in range(seeds) for row in range(rows)]
    draws = {"score": st.floats(0, 1), "outcome": st.sampled_from([0, 1]), "prediction": st.sampled_from("xyz")}
    good: dict[str, Any] = {
        "variant": [key[0] for key in keys],
        "seed": [key[1] for key in keys],
        "example": [key[2] for key in keys],
        "label": ["xyz"[key[2] % 3] for key in keys],
        "weight_x": [key[2] + 1 for key in keys],
    }
    found: dict[str, list[Any]] = {}
    for name in ("variant", "seed", *layout):
        found[name] = good.get(name) or draw(st.lists(draws[name], min_size=len(keys), max_size=len(keys)))
    for name in draw(st.lists(st.sampled_from([*found, "group", "split", "sequence", "unused"]), max_size=2)):
        value = draw(
            st.sampled_from([st.sampled_from([0, 1]), st.floats(0, 1), st.floats(), st.booleans(), WORDS, CELLS])
        )
        found[name] = draw(st.lists(value, min_size=len(keys), max_size=len(keys)))
    return found


LONG_NAMES: dict[str, list[Any]] = {
    "variant": [False, False, False, False, True, 0, 1e301, 1e308, -1e305, "a"],
    "seed": [0, 1, 2, 3, 4, 0, 1, 2, 3, 4],
    "score": [0.0] * 10,
}
LATE_PAIRS: dict[str, list[Any]] = {  # of the first five seeds no variant has a pair
    "variant": ["a"] * 4 + ["b"] * 4,
    "seed": [0.0, 1.0, 0.5, 0.25, 0.375, 0.4375, 0.125, 1.0],
    "score": [0.0] * 8,
}
LONG_SPLITS = {"split": LONG_NAMES["variant"], **LONG_NAMES, "variant": ["a"] * 5 + ["b"] * 5}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(columns(), st.sampled_from(METRIC_NAMES), st.sampled_from(["pandas", "dicts", "csv", "jsonl"]), st.booleans())
@example(LONG_NAMES, METRIC_NAMES[0], "jsonl", False)
@example(LONG_SPLITS, METRIC_NAMES[0], "jsonl", False)
@example(LATE_PAIRS, "accuracy", "csv", False)
def test_any_table_gives_a_judgement_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, given_: dict[str, list[Any]], metric: str, kind: str, fixed: bool
) -> None:
    claim: dict[str, Any] = {"claim": f"a > b by 0.01 on {metric}"}
    claim |= {"higher_is_better": True} if metric == "bleu" else {}
    claim |= {"population": "fixed-test-set"} if fixed else {}
    pandas = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in given_.items()})
    outcomes: Any = pandas
    if kind == "dicts":
        outcomes = pandas.to_dict("records")
    elif kind in ("csv", "jsonl"):
        outcomes = tmp_path_factory.getbasetemp() / f"fuzz.{kind}"
        if kind == "csv":
            pandas.to_csv(outcomes, index=False)
        else:
            lines = [json.dumps(row, default=str) for row in pandas.to_dict("records")]
            outcomes.write_text("\n".join(lines), encoding="utf-8")
    _answered(outcomes, claim)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_mapping_gives_a_judgement_or_an_input_error(data: st.DataObject) -> None:
    n, m = data.draw(st.integers(1, 7)), data.draw(st.integers(1, 4))
    values = st.one_of(st.sampled_from([0.0, 1.0]), CELLS) if data.draw(st.booleans()) else st.sampled_from([0.0, 1.0])
    seeds = st.lists(CELLS, min_size=n, max_size=n) if data.draw(st.booleans()) else st.just(list(range(n)))
    given_: dict[str, Any] = {}
    for variant in "ab":
        one: dict[str, Any] = {"seeds": data.draw(seeds)}
        if data.draw(st.booleans()):
            one["score"] = data.draw(st.lists(values, min_size=n, max_size=n))
        else:
            one["outcome"] = data.draw(st.lists(st.lists(values, min_size=m, max_size=m), min_size=n, max_size=n))
        given_[variant] = one
    _answered(given_, {"claim": "a > b by 0.01 on accuracy", "population": data.draw(st.sampled_from(POPULATIONS))})


POPULATIONS = ["fixed-test-set", "new-examples", "new-training-sets"]


def _answered(outcomes: Any, claim: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = package.judge(outcomes, claim)
        except InputError as error:
            assert all(problem.what and len(str(problem)) < 1000 for problem in error.problems)
            return
    assert isinstance(found, Judgement)
    json.dumps(found.as_json(), allow_nan=False)
    assert found.interval is None or found.interval[0] <= found.interval[1]


LARGE = """
import sys
from pathlib import Path
from brittlestar.pipeline.judge import read_table
from brittlestar.claims.outcome_table import read_outcomes
(read,) = read_outcomes(read_table(Path(sys.argv[1])), "accuracy").values()
(peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak) / 1024, len(read.variants["a"].seeds))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak where Linux tells it")
def test_twenty_thousand_seeds_are_read_within_a_gigabyte(tmp_path: Path) -> None:
    seeds, rows = 20_000, 20
    table = {
        "variant": np.repeat(["a", "b"], seeds * rows),
        "seed": np.tile(np.repeat(np.arange(seeds), rows), 2),
        "example": np.tile(np.arange(rows), 2 * seeds),
        "outcome": np.tile([0.0, 1.0], seeds * rows),
    }
    pl.DataFrame(table).write_csv(tmp_path / "t.csv")
    command = [sys.executable, "-c", LARGE, str(tmp_path / "t.csv")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    megabytes, found = (float(word) for word in done.stdout.split())
    assert found == seeds and megabytes < 1_000
