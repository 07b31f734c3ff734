"""Commands are data until they are printed, and a text can be followed where it is printed."""

import copy
import pickle
from typing import Any

import pytest

from brittlestar.core.commands import (
    CLEAN,
    DATA,
    LOOK_AGAIN,
    OF_AUDITS,
    Advice,
    command,
    command_in,
    fill_advice,
    fill_commands,
    follow_kind,
    link_commands,
    list_arguments,
)  # fmt: skip

SEEDS = Advice(("More seeds: ", command("run", seeds=5)))
WARMER = ("Try warm-up: ", command("run", settings={"training.schedule.warmup": 2}))
READ = "Read the log."
JUDGE = Advice(("Claim it, ", command("judge", claim="a > b by 0.1 on accuracy")))
LEAK = Advice(("Take them out: ", CLEAN, ", then ", LOOK_AGAIN))
GIVEN, FITTED, OBJECTS = {"given": "prediction files"}, {"fitted": True}, {"in_memory": True}


@pytest.mark.parametrize(
    ("text", "place", "kept", "printed"),
    [
        (SEEDS, "a.study", True, "More seeds: `brittlestar run a.study --seeds 5`."),
        (SEEDS, None, True, ""),
        (JUDGE, "'a b'", True, "Claim it, `brittlestar judge 'a b' --claim 'a > b by 0.1 on accuracy'`."),
        (JUDGE, "data", False, ""),
        (
            LEAK,
            "data --columns sequence=text",
            False,
            "Take them out: `brittlestar audit data --columns sequence=text --write-clean clean-data`, "
            "then `brittlestar audit clean-data --only leak.near`.",
        ),
        (Advice(command("run")), "here", True, "brittlestar run here"),
        ("`brittlestar run STUDY` stands in somebody's own words", "here", True, None),
    ],
)
def test_a_command_names_its_place_or_its_sentence_goes(
    text: str | Advice, place: str | None, kept: bool, printed: str
) -> None:
    assert fill_commands(text, place, kept) == (text if printed is None else printed)


@pytest.mark.parametrize(
    ("text", "kind", "printed"),
    [
        (SEEDS, GIVEN, "More seeds: the same command with prediction files of 5 seeds."),
        (Advice(READ, WARMER), FITTED, READ),
        (SEEDS, FITTED, SEEDS),
        (SEEDS, OBJECTS, "More seeds: the same call of `run(…)` with `seeds=5`."),
        (Advice(command("run")), OBJECTS, "the same call of `run(…)`"),
        (
            Advice(command("run", settings={"a.b": "c", "seeds": 2}, out="wider.study", cell="12ab")),
            OBJECTS,
            "the same call of `run(…)` with `out='wider.study', cell='12ab', settings={'a.b': 'c', 'seeds': '2'}`",
        ),
        (Advice(command("report")), OBJECTS, "brittlestar report STUDY"),
        (Advice(READ, ("Try: ", command("diagnose", budget="10m"))), OBJECTS, READ),
        (
            LEAK,
            OBJECTS,
            "Take them out: `audit(…)` of the same data with `write_clean='clean-data'`, "
            "then `audit('clean-data', only=['leak.near'])`.",
        ),
        (Advice(command("audit", DATA, only="leak")), OBJECTS, "`audit(…)` of the same data with `only=['leak']`"),
    ],
)
def test_what_is_printed_can_be_followed_in_a_study_of_its_kind(
    text: Advice, kind: dict[str, Any], printed: str | Advice
) -> None:
    assert str(follow_kind(text, **kind)) == str(printed)


def test_an_advice_is_sentences_that_stay_what_they_are_when_it_is_copied() -> None:
    assert (("More seeds: ", command("run", seeds=5), "."),) == SEEDS and not Advice()
    assert f"{SEEDS}" == "More seeds: `brittlestar run STUDY --seeds 5`."
    for again in (copy.deepcopy(SEEDS), pickle.loads(pickle.dumps(SEEDS))):
        assert again == SEEDS and isinstance(again, Advice)
    assert str(command_in(SEEDS)) == "brittlestar run STUDY --seeds 5" and command_in(READ) is None
    linked = link_commands(str(LEAK), OF_AUDITS)  # what audits advise is stored as text
    assert linked == LEAK and fill_commands(linked, "data") == fill_commands(LEAK, "data")
    assert link_commands(READ, OF_AUDITS) == Advice(READ)


def test_only_a_command_that_is_data_is_a_list_of_arguments() -> None:
    advice = Advice(("Look at 'a `brittlestar run evil`' first: ", command("run", seeds=3)))
    assert list_arguments(fill_advice(advice, "'my data'")) == ["brittlestar", "run", "my data", "--seeds", "3"]
    assert list_arguments(fill_commands(advice, "'my data'")) is None, "a name of the data may look like a command"
    assert fill_advice(Advice(""), "'my data'") == "", "no advice is none"
    assert list_arguments(None) is None and list_arguments("") is None
