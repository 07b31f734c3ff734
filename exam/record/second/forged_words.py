"""Mutations of data and of what is said of runs of the second record, sealed anew: the rest contradicts them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars

from exam.record.base import Base
from exam.record.forging import edit, edit_table, replace, reseal
from exam.record.mutation import Mutation


def change_token(record: Path, base: Base) -> None:
    """Another room in one row of train, in both tables of rows."""

    def change(table: polars.DataFrame) -> polars.DataFrame:
        sequences = table["sequence"].to_list()
        sequences[7] = f"attic {sequences[7].split(' ', 1)[1]}"
        return table.with_columns(polars.Series("sequence", sequences))

    def change_tokens(table: polars.DataFrame) -> polars.DataFrame:
        tokens = table["tokens"].to_list()
        tokens[7] = ["attic", *tokens[7][1:]]
        return table.with_columns(polars.Series("tokens", tokens, dtype=table.schema["tokens"]))

    edit_table(record / "rows" / "train.parquet", change)
    edit_table(record / "study" / "data" / "train" / "rows.parquet", change_tokens)
    reseal(record)


def scatter_groups(record: Path, base: Base) -> None:
    """Each row of test is a group of its own, in both tables of rows."""
    alone = (polars.lit("night-test-") + polars.col("id")).alias("group")
    for place in ("rows/test.parquet", "study/data/test/rows.parquet"):
        edit_table(record / place, lambda table: table.with_columns(alone))
    reseal(record)


def register_late_claim(record: Path, base: Base) -> None:
    """The claim that was written after the results counts as registered with the others."""

    def change_summary(document: dict[str, Any]) -> None:
        first = document["claims"][0]
        document["claims"][3].update(registered=True, at=first["at"])

    edit(record / "study" / "claims.json", lambda claims: claims[3].update(registered=True))
    edit(record / "record.json", change_summary)
    edit(record / "report" / "results.json", lambda one: one["claims"][3].update(registered=True))
    reseal(record)


def drop_claim(record: Path, base: Base) -> None:
    """A registered claim is in no list of claims any more."""

    def drop(claims: list[dict[str, Any]]) -> None:
        claims[:] = [one for one in claims if "best-trivial" not in one["claim"]]

    edit(record / "study" / "claims.json", drop)
    for name in ("record.json", "report/results.json"):
        edit(record / name, lambda one: drop(one["claims"]))
    reseal(record)


def narrow_interval(record: Path, base: Base) -> None:
    """The interval of a claim is a tenth as wide."""

    def change(results: dict[str, Any]) -> None:
        claim = results["claims"][1]
        claim["interval"] = [claim["estimate"] + (end - claim["estimate"]) / 10 for end in claim["interval"]]

    edit(record / "report" / "results.json", change)
    reseal(record)


def weaken_baseline(record: Path, base: Base) -> None:
    """The best trivial baseline is worse on test than it was."""

    def change(audit: dict[str, Any]) -> None:
        (rung,) = (one for one in audit["ladder"]["rungs"] if one["name"] == "bigrams")
        rung["scores"]["all"]["test"]["accuracy"]["value"] -= 0.15

    edit(record / "study" / "audit.json", change)
    reseal(record)


def soften_leak(record: Path, base: Base) -> None:
    """A leak is worth a remark."""

    def change(document: dict[str, Any]) -> None:
        for one in document["findings"]:
            if one["code"] == "leak.exact" and one["status"] == "present":
                one["severity"] = "info"

    edit(record / "study" / "audit.json", change)
    edit(record / "report" / "results.json", change)
    reseal(record)


def answer_yes(record: Path, base: Base) -> None:
    """The study is sound, says the headline in both documents."""

    def change(document: dict[str, Any]) -> None:
        document["headline"]["sound"].update(answer="yes", sentence="no error about train, dev and test.", grounds=[])

    edit(record / "record.json", change)
    edit(record / "report" / "results.json", change)
    reseal(record)


def praise_checklist(record: Path, base: Base) -> None:
    """An item of a checklist is answered better."""
    path = record / "checklists.md"
    answer = "| 7 uncertainty of results | in part |"
    replace(path, answer, answer.replace("in part", "yes"))
    reseal(record)


def complete_action(record: Path, base: Base) -> None:
    """The description for archives says that every run was completed."""
    name = f"#run-{base.hash_of('votes', 5)}"

    def change(crate: dict[str, Any]) -> None:
        for one in crate["@graph"]:
            if one["@id"] == name:
                one["actionStatus"] = one["actionStatus"].replace("Failed", "Completed")
                del one["error"]
                one["description"] = one["description"].replace("failed", "fitted")

    edit(record / "ro-crate-metadata.json", change)
    reseal(record)


FORGED_WORDS = (
    Mutation("token of a row changed", change_token, "recompute", r"\btrain\b", resealed=True),
    Mutation("groups scattered", scatter_groups, "recompute", r"\btest\b", resealed=True),
    Mutation(
        "late claim registered",
        register_late_claim,
        "recompute",
        r"claim|registered|votes (>|&gt;) blind",
        resealed=True,
    ),
    Mutation("registered claim dropped", drop_claim, "recompute", r"claim|registered|best-trivial", resealed=True),
    Mutation("interval narrowed", narrow_interval, "recompute", r"claim|interval|sums == blind", resealed=True),
    Mutation("baseline weakened", weaken_baseline, "recompute", r"bigrams|ladder|trivial|baseline", resealed=True),
    Mutation("leak softened", soften_leak, "recompute", r"leak\.exact", resealed=True),
    Mutation("headline answered with yes", answer_yes, "recompute", r"headline|sound", resealed=True),
    Mutation("checklist praised", praise_checklist, "recompute", r"checklists?\b", resealed=True),
    Mutation("failed action completed", complete_action, "recompute", r"ro-crate|crate|<votes/5>", resealed=True),
)
