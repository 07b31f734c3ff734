"""How a paper calls trivial baselines, random streams and settings: names of ours stand in no sentence."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import yaml

from brittlestar.baselines.linear import MOST_STEPS, STRENGTHS
from brittlestar.core.results import StudyRecord
from brittlestar.core.trivial_baselines import TrivialBaseline, place_words
from brittlestar.reports.words import TEMPLATES

VARIED = ("varied", "crossed")
"""Modes of a random stream that differs between seeds."""
STREAM_NAMES = {
    "init": "initialisation",
    "order": "batch order",
    "dropout": "dropout",
    "split": "the split of train and dev",
    "sampling": "a resample of train",
}
PARAMETER = "model.params."
"""How the path of what own code takes begins: its name is the user's own."""


@cache
def read_wording() -> Mapping[str, Mapping[str, Any]]:
    """`templates/paper.yaml`: {kind: {title, about}} under `baselines`, {path: words} under `settings`."""
    return yaml.safe_load((TEMPLATES / "paper.yaml").read_text(encoding="utf-8"))


def name_baseline(baseline: TrivialBaseline) -> str:
    """What a paper calls a trivial baseline: `TF-IDF logistic regression`."""
    return str(read_wording()["baselines"][baseline.kind]["title"]).format(baseline.detail)


def name_best(record: StudyRecord, name: str) -> str:
    """What people call the trivial baseline that a study's record calls by this name."""
    baselines = None if record.audit is None else record.audit.trivial_baselines
    found = () if baselines is None else baselines.members
    return next((name_baseline(one) for one in found if one.name == name), name)


def describe_baseline(baseline: TrivialBaseline, notes: Sequence[str] = (), chosen_on: str = "dev") -> str:
    """What a trivial baseline is, in sentences that cite as `[@key]` and suffice to rebuild it; `notes` are those of
    all trivial baselines, `chosen_on` the split by which a linear one was chosen."""
    words: Mapping[str, str] = read_wording()["baselines"][baseline.kind]
    if baseline.kind != "linear":
        return words["about"].format(place_words(baseline.detail) if baseline.kind == "position" else baseline.detail)
    reads, _, strength = baseline.detail.rpartition(", ")
    told = [words["about"].format(strength, MOST_STEPS, reads)]
    told += [words["bigrams"]] * ("bigrams" in reads) + [words["position"]] * ("position" in reads)
    *most, last = (f"{one:g}" for one in STRENGTHS)
    told.append(words["chosen"].format(f"{', '.join(most)} or {last}", chosen_on))
    begins = f"{baseline.name} was fitted on"
    return " ".join([*told, *(note.replace(baseline.name, "It", 1) for note in notes if note.startswith(begins))])


def name_setting(path: str) -> str:
    """A setting in words: `learning rate` of `training.learning_rate`."""
    if path.startswith(PARAMETER):
        return path.removeprefix(PARAMETER)
    return read_wording()["settings"].get(path) or path.partition(".")[2].replace(".", " ").replace("_", " ")


def format_setting(value: object) -> str:
    """The value of a setting as a sentence has it."""
    if value is None or isinstance(value, bool):
        return "none" if value is None else "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("-", " ")
