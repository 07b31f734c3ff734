"""`judge` on studies and tables, from the command and from Python."""

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

import brittlestar as package
from brittlestar.core.seeds import describe_gaps

from ..command import brittlestar

CLAIM = "a > b by 0.01 on accuracy"
HERE = {"claim": CLAIM, "population": "fixed-test-set"}


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    path = tmp_path / "scores.csv"
    rows = [
        (variant, seed, base + 0.003 * ((seed * 7) % 5) + 0.001 * (variant == "a") * (seed % 3))
        for variant, base in (("a", 0.85), ("b", 0.78))
        for seed in range(12)
    ]
    pl.DataFrame(rows, schema=["arm", "seed", "score"], orient="row").write_csv(path)
    return path


def test_a_table_and_a_claim_give_a_verdict(scores: Path) -> None:
    said = brittlestar("judge", scores, "--claim", json.dumps(HERE), "--json")
    assert said.code == 0
    (one,) = said.document["claims"]
    assert (one["verdict"], one["relation"], one["seeds"], one["registered"]) == ("supported", "better", 12, True)
    assert (one["seeds_at_hand"], one["next_look"]) == (12, None)
    assert one["population"] == "fixed-test-set"
    wanted = (
        "verdict relation estimate interval population seeds collapsed smallest_detectable seeds_needed rows_needed"
    )
    assert {*wanted.split(), "reasons", "claim_hash", "registered"} <= set(one)
    assert package.judge(str(scores), HERE).as_json() == one


def test_the_claim_that_a_table_of_scores_supports_is_printed_to_be_pasted(scores: Path) -> None:
    said = brittlestar("judge", scores, "--claim", CLAIM)
    assert said.code == 0 and "inconclusive: a > b" in said.output
    told = re.search(r"To claim that, write (--claim '.*?')\.", " ".join(said.output.split()))
    assert told is not None
    assert brittlestar("judge", scores, *shlex.split(told[1])).output.startswith(f"Claims  supported: {CLAIM}, ")


def test_claims_come_from_files_of_several_kinds(scores: Path, tmp_path: Path) -> None:
    text, data = tmp_path / "claims.txt", tmp_path / "claims.json"
    text.write_text(f"# ours\n{CLAIM} # gained\n\nb > a by 0 on accuracy\n", encoding="utf-8")
    data.write_text(json.dumps({"claims": [{**HERE, "alpha": 0.01}]}), encoding="utf-8")
    both = brittlestar("judge", scores, "--claims", text, "--json").document["claims"]
    assert [one["claim"] for one in both] == [CLAIM, "b > a by 0 on accuracy"]
    assert [one["reasons"][1].partition("it is ")[2].partition(":")[0] for one in both] == ["supported", "refuted"]
    (strict,) = brittlestar("judge", scores, "--claims", data, "--json").document["claims"]
    assert strict["level"] < both[0]["level"]


def test_a_variant_against_itself(scores: Path) -> None:
    said = brittlestar("judge", scores, "--claim", CLAIM, "--aa", "a", "--json").document["against_itself"]
    assert said["pairings"] == 200 and said["seeds"] == 6 and 0 <= said["differences"] <= 20


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.csv", "--claim", CLAIM], "there is no such file or study"),
        (["scores.csv", "--claim", "a beats b"], "is not a claim"),
        (["scores.csv", "--claim", "a > c by 0.01 on accuracy"], "no outcomes of a variant 'c'"),
        (["scores.csv", "--claim", CLAIM, "--aa", "zz"], "no outcomes of a variant 'zz'"),
        (["scores.csv", "--claim", "{claim: a > b"], "--claim: the claim cannot be read"),
        (["scores.csv", "--claim", "a > best-trivial by 0 on accuracy"], "give its score: --best-trivial SCORE"),
        (["scores.csv", "--claim", CLAIM, "--best-trivial", "nan"], "--best-trivial must be a score (got nan)"),
        (["scores.csv", "--claim", "a > best-trivial by 0 on accuracy", "--best-trivial", "75"],
         "accuracy of best-trivial is 75; it is a fraction: 75 % is 0.75"),
        (["scores.csv", "--claims", "missing.txt"], "the claims cannot be read"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(scores: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str) -> None:
    monkeypatch.chdir(scores.parent)
    said = brittlestar("judge", *arguments)
    assert said.code == 2 and told in " ".join(said.errors)


def test_claims_of_a_stranger_name_nothing_twice_and_make_no_object(scores: Path, tmp_path: Path) -> None:
    """Ten lists of aliases would be a thousand million values."""
    lists = [f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in pairwise("abcdefghij")]
    place, left = tmp_path / "claims.yaml", tmp_path / "left"
    place.write_text("\n".join(["a: &a [x]", *lists, "claims: [*j]"]))
    assert "the alias *a is not allowed" in " ".join(brittlestar("judge", scores, "--claims", place).errors)
    place.write_text(f"- !!python/object/apply:os.system ['touch {left}']\n")
    assert "is not allowed; write the plain value" in " ".join(brittlestar("judge", scores, "--claims", place).errors)
    assert not left.exists()


def test_options_for_tables_are_refused_for_a_study(tmp_path: Path) -> None:
    store = tmp_path / "some.study"
    store.mkdir()
    (store / "study.json").write_text("{}")
    said = brittlestar("judge", store, "--best-trivial", "0.7", "--exploratory")
    assert said.code == 2 and said.errors == [
        "brittlestar: --best-trivial applies to outcome tables; a study reads it from its audit",
        "brittlestar: --exploratory applies to outcome tables; a study knows which claims it registered",
    ]


@pytest.mark.parametrize(
    ("seeds", "told"),
    [
        ([0, 1, 2], ""), ([], ""), ([42, 43, 44], ""), (["a", "b"], ""), ([1], ""),
        ([1, 2, 3, 4], "seed 0 is missing: 1 to 4 are there"),
        ([0, 1, 3, 4], "seed 2 is missing: 0 to 1 and 3 to 4 are there"),
        ([0, 2, 3, 5], "seeds 1, 4 are missing: 0 and 2 to 3 and 5 are there"),
    ],
)  # fmt: skip
def test_gaps_in_the_numbers_of_seeds_are_said(seeds: list[object], told: str) -> None:
    assert describe_gaps(seeds) == told


def test_a_table_whose_first_seed_is_missing_has_a_note(scores: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.csv"
    pl.read_csv(scores).filter(pl.col("seed") > 0).write_csv(part)
    assert "seed 0 is missing: 1 to 11 are there" in " ".join(
        brittlestar("judge", part, "--claim", CLAIM).output.split()
    )
    assert "missing" not in brittlestar("judge", scores, "--claim", CLAIM).output
