"""Mutations of what the sixth record says of claims, probes, machines and results, sealed anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from exam.record.base import Base
from exam.record.forging import edit, read, renew, replace, reseal, write
from exam.record.mutation import Mutation
from exam.record.sixth.damaged import DAY
from exam.record.sixth.forgery import edit_attempts

LOOSE = 0.3
TOLD = (".json", ".md", ".html", ".tex")
OTHER_VERSION = "2.9.1+cpu"


def loosen_alpha(record: Path, base: Base) -> None:
    """A claim allows three times as many errors, in every place that states it; its hash is as it was."""

    def change(claims: list[dict[str, Any]]) -> None:
        (claim,) = (one for one in claims if one["alpha"] == 0.1)
        claim["alpha"] = LOOSE

    def change_given(study: dict[str, Any]) -> None:
        (claim,) = (one for one in study["given"]["claims"] if isinstance(one, dict))
        claim["alpha"] = LOOSE

    edit(record / "study" / "claims.json", change)
    edit(record / "study" / "study.json", change_given)
    edit(record / "report" / "results.json", lambda one: change(one["claims"]))
    replace(record / "code" / "study.yaml", '"alpha": 0.1', f'"alpha": {LOOSE}')
    reseal(record)


def register_earlier(record: Path, base: Base) -> None:
    """Claims were registered three days before they were, says the log."""

    def change(line: dict[str, Any]) -> dict[str, Any]:
        return {**line, "at": line["at"] - 3 * DAY} if line["event"] == "registered" else line

    edit_attempts(record / "study", change)
    reseal(record)


def declare_expectation(record: Path, base: Base) -> None:
    """That answers should not change with the order of tokens was expected all along."""
    suite = record / "study" / "probes" / read(record / "study" / "probes" / "current.json")["suite"]

    def change(document: dict[str, Any]) -> None:
        (condition,) = (one for one in document["conditions"] if one["probe"] == "order.shuffle")
        condition.update(expectation="invariant", declared=True)

    edit(suite / "suite.json", change)
    renew(suite)
    reseal(record)


def shorten_ledger(record: Path, base: Base) -> None:
    """Test was scored by three runs, says the ledger."""
    edit(record / "record.json", lambda one: one["scored_before"][0].update(runs=3))
    reseal(record)


def name_other_version(record: Path, base: Base) -> None:
    """All was run under another version of PyTorch, in every file that names it."""
    version = read(record / "study" / "study.json")["environment"]["packages"]["torch"]
    assert version != OTHER_VERSION
    for path in sorted(record.rglob("*")):
        if path.is_file() and path.suffix in TOLD and version.encode() in path.read_bytes():
            replace(path, version, OTHER_VERSION, every=True)
    write(record / "study" / "study.json", read(record / "study" / "study.json"))
    reseal(record)


def raise_score_on_page(record: Path, base: Base) -> None:
    """The page has a better score of main than the results beside it."""
    results = read(record / "report" / "results.json")
    mean = 100 * results["variants"]["main"]["splits"]["test"]["accuracy"]["mean"]
    replace(record / "report" / "report.html", f"main {mean:.1f} [", f"main {mean + 4:.1f} [", every=True)
    reseal(record)


def widen_bar(record: Path, base: Base) -> None:
    """A figure has a better score of main than it was drawn from."""
    results = read(record / "report" / "results.json")
    mean = 100 * results["variants"]["main"]["splits"]["test"]["accuracy"]["mean"]
    replace(record / "report" / "figures" / "results.svg", f">{mean:.1f} [", f">{mean + 4:.1f} [")
    reseal(record)


def slip_in_module(record: Path, base: Base) -> None:
    """A module that shadows a library lies beside own code, which nothing that was run has ever seen."""
    (record / "code" / "numpy.py").write_text('"""Not the library."""\n', encoding="utf-8")
    reseal(record)


FORGED_WORDS = (
    Mutation("claim loosened", loosen_alpha, "recompute", r"claim|alpha|main == brief", resealed=True),
    Mutation(
        "claims registered earlier",
        register_earlier,
        "recompute",
        r"claim|regist|attempts\.jsonl|record\.json|\bat\b",
        resealed=True,
    ),
    Mutation(
        "expectation declared afterwards",
        declare_expectation,
        "recompute",
        r"probe|suite|order\.shuffle|random order|expect",
        resealed=True,
    ),
    Mutation("ledger shortened", shorten_ledger, "recompute", r"scored|ledger|record\.json", resealed=True),
    Mutation(
        "other version everywhere",
        name_other_version,
        "recompute",
        r"environment|torch|version|\bclass\b|packages",
        resealed=True,
    ),
    Mutation("score raised on the page", raise_score_on_page, "recompute", r"report\.html|\bpage\b", resealed=True),
    Mutation("score raised in a figure", widen_bar, "recompute", r"results\.svg|figure", resealed=True),
    Mutation("module slipped in", slip_in_module, "recompute", r"numpy\.py|\bcode\b", resealed=True),
)
