"""Compositional splits from one table: certificates that recount, rows that are all there, clear refusals."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.verbs.audit import audit
from brittlestar.verbs.split import SplitResult, split

from ..command import brittlestar, csv_text, folder, tree

WAYS = ("pairs", "predicates", "mcd")
ALPHA = {"atoms": 0.5, "compounds": 0.1}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder; the audit of what was made has one check only, which is quicker."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("brittlestar.verbs.split.audit", partial(audit, only=["leak.exact"]))


def table(n: int = 400, seed: int = 0, copies: int = 0, tokens: list[str] | None = None) -> pl.DataFrame:
    """Rows of 3 to 8 tokens, of 12 by default; the last `copies` rows are copies of the first ones."""
    random = np.random.default_rng(seed)
    names = tokens or [f"t{k}" for k in range(12)]
    rows = [" ".join(names[k] for k in random.integers(0, len(names), random.integers(3, 9))) for _ in range(n)]
    rows[n - copies :] = rows[:copies]
    labels = ["yes" if random.random() < 0.4 else "no" for _ in rows]
    return pl.DataFrame({"id": [f"r{i}" for i in range(n)], "sequence": rows, "label": labels})


SHAPES = [shape + colour for shape in "▲■●◆" for colour in "rgby"]


def atoms_and_compounds(row: str, by: str, factors: bool) -> tuple[Counter[str], Counter[str]]:
    """What one row holds, by the definition and with no array."""
    tokens = row.split()
    if by == "predicates":
        present = sorted({*tokens, *("".join(tokens) if factors else "")})
        return Counter(present), Counter(" + ".join(pair) for pair in combinations(present, 2))
    if factors:
        return Counter("".join(tokens)), Counter(" ".join(token) for token in tokens)
    return Counter(tokens), Counter(f"{a} {b}" for a, b in pairwise(tokens))


def recounted(result: SplitResult, by: str, factors: bool) -> dict[str, Any]:
    """The numbers of the certificate, from the rows of the splits."""
    name = f"shift_{by}"
    held = {
        split_: [atoms_and_compounds(row, by, factors) for row in frame["sequence"]]
        for split_, frame in result.frames.items()
    }
    total = {s: [sum((row[k] for row in held[s]), Counter[str]()) for k in (0, 1)] for s in ("train", name)}
    distance: dict[str, float] = {}
    for k, what in enumerate(("atoms", "compounds")):
        train, last = total["train"][k], total[name][k]
        both = ((train[x] / train.total()) ** ALPHA[what] * (last[x] / last.total()) ** (1 - ALPHA[what]) for x in last)
        distance[what] = 1 - sum(both)
    shifts = {
        x: total[name][0][x] / total[name][0].total() - n / total["train"][0].total()
        for x, n in total["train"][0].items()
    }
    unseen = {x: n for x, n in total[name][1].items() if not total["train"][1][x]}
    shares = {s: result.frames[s]["label"].value_counts(normalize=True) for s in ("train", name)}
    share = {s: dict(frame.iter_rows()) for s, frame in shares.items()}
    return {
        "rows": {s: len(rows) for s, rows in held.items()},
        "distance": distance,
        "shift": max(map(abs, shifts.values())),
        "unseen": (len(unseen), sum(unseen.values()) / total[name][1].total()),
        "gap": max(abs(share["train"].get(x, 0) - share[name].get(x, 0)) for x in ("yes", "no")),
        "holding": lambda compound: {s: sum(compound in row[1] for row in rows) for s, rows in held.items()},  # type: ignore[reportUnknownLambdaType]
        "with": lambda atom: sum(atom in row[0] for row in held["train"]),  # type: ignore[reportUnknownLambdaType]
    }


@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("factors", [False, True])
def test_every_number_of_a_certificate_recounts(by: str, factors: bool) -> None:
    rows = table(600, 1, 30, SHAPES if factors else None)
    result = split(rows, by=by, seed=3)
    certificate, expected = result.document["certificate"], recounted(result, by, factors)
    name = f"shift_{by}"
    assert (certificate["by"], certificate["split"]) == (by, name)
    assert certificate["rows"] == expected["rows"] and sum(expected["rows"].values()) == 600
    for what in ("atoms", "compounds"):
        assert certificate[what]["divergence"] == pytest.approx(expected["distance"][what], abs=1e-9)
        assert certificate[what]["alpha"] == ALPHA[what]
    moved = certificate["atoms"]["largest_shift"]
    assert abs(moved["train"] - moved[name]) == pytest.approx(expected["shift"])
    unseen = certificate["compounds"]["unseen"]
    assert (unseen["number"], unseen["share"]) == pytest.approx(expected["unseen"])
    assert certificate["labels"]["largest_difference"] == pytest.approx(expected["gap"])
    for held in certificate["compounds"]["held_out"]:
        assert held["rows"] == expected["holding"](held["compound"])
        assert {split_ for split_, n in held["rows"].items() if n} == {name}
        assert all(part["train_rows"] == expected["with"](part["atom"]) >= 10 for part in held["parts"])
    assert bool(certificate["compounds"]["held_out"]) is (by != "mcd")
    assert (certificate["factors"] is not None) is factors == (result.document["settings"]["factors"] is not None)
    if by == "mcd":
        assert certificate["atoms"]["divergence"] <= certificate["atoms"]["cap"] == 0.02
        assert certificate["compounds"]["divergence"] > 1.5 * certificate["random"]["compound_divergence"]


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.sampled_from(WAYS), st.booleans())
def test_no_row_is_lost_or_doubled_and_what_is_held_out_is_nowhere_else(seed: int, by: str, factors: bool) -> None:
    random = np.random.default_rng(seed)
    n = int(random.integers(200, 400))
    rows = table(n, seed, int(random.integers(0, n // 4)), SHAPES if factors else None)
    try:
        result = split(rows, by=by, seed=seed)
    except InputError as error:
        assert any(word in str(error) for word in ("component", "held out", "same atoms"))
        return
    parts = pl.concat([frame.with_columns(split=pl.lit(name)) for name, frame in result.frames.items()])
    assert parts.select(rows.columns).sort("id").equals(rows.sort("id"))
    assert parts.group_by("sequence").agg(pl.col("split").n_unique())["split"].max() == 1
    names = {held["compound"] for held in result.document["certificate"]["compounds"]["held_out"]}
    if by == "mcd":
        shift = result.frames["shift_mcd"]["label"] == "yes"
        train = result.frames["train"]["label"] == "yes"
        assert abs(float(shift.mean()) - float(train.mean())) < 0.08  # type: ignore[arg-type]
    else:
        for name, frame in result.frames.items():
            holds = [bool(names & atoms_and_compounds(row, by, factors)[1].keys()) for row in frame["sequence"]]
            assert all(holds) if name == f"shift_{by}" else not any(holds)
    shuffled = split(rows.sample(fraction=1, shuffle=True, seed=1), by=by, seed=seed)
    for name, frame in result.frames.items():
        assert set(frame["id"]) == set(shuffled.frames[name]["id"])


def test_near_copies_and_groups_are_never_parted_by_mcd_and_are_counted_by_pairs() -> None:
    rows = table(400).with_columns(group=pl.Series([f"g{i // 4}" for i in range(400)]))
    by_mcd = split(rows, by="mcd", sizes="50/10/10/30")
    assert by_mcd.assignment.group_by(rows["group"]).agg(pl.col("split").n_unique())["split"].max() == 1
    assert by_mcd.document["certificate"]["joined_across"] == 0
    by_pairs = split(rows, by="pairs")
    where = by_pairs.assignment["split"].to_list()
    inside = [any(where[4 * (i // 4) + k] != "shift_pairs" for k in range(4)) for i in range(400)]
    crossing = sum(crosses for crosses, split_ in zip(inside, where, strict=True) if split_ == "shift_pairs")
    assert by_pairs.document["certificate"]["joined_across"] == crossing > 0
    base = by_pairs.assignment.with_columns(group=rows["group"]).filter(pl.col("split") != "shift_pairs")
    assert base.group_by("group").agg(pl.col("split").n_unique())["split"].max() == 1


@pytest.mark.slow
def test_a_folder_with_a_certificate_is_written_and_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brittlestar.verbs.split.audit", audit)
    table(400, tokens=SHAPES).write_csv("shapes.csv")
    said = brittlestar(
        "split", "shapes.csv", "--by", "pairs", "--held-out", "▲r", "--held-out", "■ g", "--seed", "2", "-v"
    )
    assert said.code == 0 and said.errors == [], said
    text = " ".join(said.output.split())
    assert "certificate of shift_pairs against train (values of shape and colour in one token)" in text
    assert "held out '■ g', '▲ r'" in text and "absent in 0 of " in text and "atoms divergence 0.0" in text
    assert "most of all " in text and "class shares differ by up to" in text
    document = json.loads(Path("shapes.splits/manifest.json").read_text(encoding="utf-8"))
    assert document["settings"]["held_out"] == ["▲r", "■ g"] and document["settings"]["factors"].startswith(
        "(?P<shape>"
    )
    assert sorted(tree(Path("shapes.splits"))) == [
        "dev.csv", "manifest.csv", "manifest.json", "shift_pairs.csv", "test.csv", "train.csv",
    ]  # fmt: skip
    combination = [f for f in audit("shapes.splits", only=["shift.combination"]).findings if f.status == "present"]
    assert [f.where for f in combination] == [{"split": "shift_pairs"}]
    again = brittlestar("split", "shapes.csv", "--by", "mcd", "--factors", "none", "--out", "m", "--json").document
    assert again["certificate"]["compound"] == "neighbouring tokens" and again["folder"] == "m"
    same = brittlestar("split", "shapes.csv", "--by", "mcd", "--factors", "none", "--out", "n", "--json").document
    assert tree(Path("m")) == tree(Path("n")) and same["certificate"] == again["certificate"]
    assert brittlestar("split", "shapes.csv", "--out", "r", "--json").document["certificate"] is None


def refused(text: str, *arguments: str) -> None:
    """Exit code 2, one line with the text, and nothing written."""
    there = tree(Path())
    said = brittlestar("split", *arguments)
    assert said.code == 2 and said.output == "" and tree(Path()) == there, said
    assert text in "\n".join(said.errors), said.errors


@pytest.mark.slow
def test_what_cannot_be_composed_is_refused() -> None:
    words = csv_text([(f"r{i}", f"u{3 * i} u{3 * i + 1} u{3 * i + 2}", str(i % 2)) for i in range(90)])
    folder(
        Path(),
        {
            "words.csv": words,
            "tiny.csv": csv_text([(f"r{i}", f"a b{i % 3} c", str(i % 2)) for i in range(6)]),
            "every.csv": csv_text([(f"r{i}", f"a b c{i % 7} d{i % 11}", str(i % 2)) for i in range(300)]),
            "one.csv": csv_text([(f"r{i}", f"a b{i % 3}", "yes") for i in range(30)]),
            "single.csv": csv_text([(f"r{i}", f"w{i % 40}x", str(i % 2)) for i in range(90)]),
        },
    )
    refused("no split with the same atoms on both sides was found: atom divergence", "words.csv", "--by", "mcd")
    refused("of 270 atoms stand in one row only", "words.csv", "--by", "mcd")
    refused("can be held out: 180 in fewer than 10 rows", "words.csv", "--by", "pairs")
    refused("can be held out", "tiny.csv", "--by", "predicates")
    refused("same atoms", "tiny.csv", "--by", "mcd", "--sizes", "25/25/25/25")
    refused("1 in more than 90% of the rows", "every.csv", "--by", "pairs")
    refused("300 of 300 rows hold 'a b', which leaves 0 rows", "every.csv", "--by", "pairs", "--held-out", "a b")
    refused("has one class, 'yes'", "one.csv", "--by", "pairs")
    refused("no row holds neighbouring tokens", "single.csv", "--by", "mcd", "--tokens", "whitespace")
    refused("names one factor, and a pair takes two", "every.csv", "--by", "mcd", "--factors", "(?P<a>.).*")
    refused("has no named group", "every.csv", "--by", "mcd", "--factors", "(.)")


def test_options_that_do_not_go_together_are_all_named() -> None:
    folder(Path(), {"d.csv": csv_text()})
    both = ("--factors", "(?P<a>.)", "--held-out", "a b")
    refused("--factors applies to --by pairs, predicates, mcd (got --by random)", "d.csv", *both)
    refused("--held-out applies to --by pairs and --by predicates (got --by random)", "d.csv", *both)
    refused("--held-out applies to --by pairs and --by predicates (got --by mcd)", "d.csv", "--by", "mcd", *both[2:])
    refused("does not name 4 sizes; write train/dev/test/shift_mcd", "d.csv", "--by", "mcd", "--sizes", "80/10/10")
    refused("(got 'pair'); did you mean 'pairs'?", "d.csv", "--by", "pair")
