"""Mutations of what the tenth record says of its study, sealed anew: what runs left contradicts them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from exam.record.base import Base
from exam.record.forging import edit, replace, reseal
from exam.record.mutation import Mutation

SOFTER = "main > pitch by -0.05 on accuracy"


def soften_claim(record: Path, base: Base) -> None:
    """A registered claim asks for less than it did, in every list of claims; its hash is the old one."""

    def soften(claim: dict[str, Any]) -> None:
        assert claim["claim"].startswith("main > pitch")
        claim["claim"] = SOFTER
        if "threshold" in claim:
            claim.update(threshold=-0.05)

    edit(record / "study" / "claims.json", lambda claims: soften(claims[0]))
    for name in ("record.json", "report/results.json"):
        edit(record / name, lambda one: soften(one["claims"][0]))
    reseal(record)


def empty_ledger(record: Path, base: Base) -> None:
    """The rows of test were scored by one run before this record was made, says the ledger."""
    edit(record / "record.json", lambda one: one["scored_before"][0].update(runs=1))
    reseal(record)


def move_to_gpu(record: Path, base: Base) -> None:
    """Runs were made on a large machine, and by another version of a library, say record and results."""

    def change(document: dict[str, Any]) -> None:
        document["environment"].update(cores=64, cuda="12.6", cuda_device="NVIDIA H100")
        document["environment"]["packages"]["torch"] = "2.8.0+cu126"

    edit(record / "record.json", change)
    edit(record / "report" / "results.json", change)
    reseal(record)


def drop_finding(record: Path, base: Base) -> None:
    """That one variant has fewer runs is no finding any more."""

    def change(results: dict[str, Any]) -> None:
        before = results["findings"]
        results["findings"] = [
            one for one in before if (one["code"], one["status"]) != ("claim.unequal-budget", "present")
        ]
        assert len(results["findings"]) == len(before) - 1

    edit(record / "report" / "results.json", change)
    reseal(record)


def hide_tuning(record: Path, base: Base) -> None:
    """The rate, which somebody chose, is the default one, says the list of settings."""

    def change(study: dict[str, Any]) -> None:
        for variant in study["variants"]:
            for one in variant["settings"]:
                if one["path"] == "training.learning_rate":
                    one["origin"] = "our default"

    edit(record / "study" / "study.json", change)
    reseal(record)


def redraw_ladder(record: Path, base: Base) -> None:
    """In a figure the trivial baseline that is better than main is worse by ten points."""
    path = record / "report" / "figures" / "ladder.svg"
    assert path.read_text(encoding="utf-8").count(">57.0</text>") == 1
    replace(path, ">57.0</text>", ">47.0</text>")
    reseal(record)


def publish_earlier(record: Path, base: Base) -> None:
    """The description for archives says that all of it was there two years before."""

    def change(crate: dict[str, Any]) -> None:
        for one in crate["@graph"]:
            if one["@id"] == "./":
                date = one["datePublished"]
                one["datePublished"] = f"{int(date[:4]) - 2}{date[4:]}"

    edit(record / "ro-crate-metadata.json", change)
    reseal(record)


FORGED_WORDS = (
    Mutation("claim softened", soften_claim, "recompute", r"claim|main (>|&gt;) pitch|registered", resealed=True),
    Mutation("ledger emptied", empty_ledger, "recompute", r"scored|ledger|record\.json", resealed=True),
    Mutation("machine made larger", move_to_gpu, "recompute", r"environment|torch|cuda|cores", resealed=True),
    Mutation("finding dropped", drop_finding, "recompute", r"unequal-budget|finding", resealed=True),
    Mutation(
        "tuning hidden",
        hide_tuning,
        "recompute",
        r"learning.rate|origin|setting|study\.json|our default|report\.html",
        resealed=True,
    ),
    Mutation("figure redrawn", redraw_ladder, "recompute", r"ladder\.svg|figures?\b", resealed=True),
    Mutation(
        "publication set back", publish_earlier, "recompute", r"crate|datePublished|description for arch", resealed=True
    ),
)
