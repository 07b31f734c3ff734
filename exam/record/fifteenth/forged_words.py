"""Mutations of data and of what the fifteenth record says, sealed anew: the rest of the record contradicts them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars

from exam.record.base import Base
from exam.record.fifteenth.forgery import CLASSES
from exam.record.forging import canonical, cells, edit, edit_table, read, replace, reseal, sha256
from exam.record.mutation import Mutation


def agree_with_run(record: Path, base: Base) -> None:
    """Three labels of test are what a run of main answered, in rows and in arrays."""
    test = record / "study" / "data" / "test"
    labels = np.load(test / "labels.npy")
    table = polars.read_parquet(cells(record)["main", 4] / "predictions.parquet")
    asked = table.filter((polars.col("split") == "test") & (polars.col("checkpoint") == "best"))
    answers = asked["values"].to_numpy().argmax(1)
    wrong = np.flatnonzero(answers != labels)[:3]
    labels[wrong] = answers[wrong]
    np.save(test / "labels.npy", labels)
    words = polars.Series("label", [CLASSES[label] for label in labels])
    for path in (test / "rows.parquet", record / "rows" / "test.parquet"):
        edit_table(path, lambda one: one.with_columns(words))
    reseal(record)


def encode_otherwise(record: Path, base: Base) -> None:
    """A stitch of a row of test is another one in the arrays that runs read."""
    path = record / "study" / "data" / "test" / "tokens.npy"
    tokens = np.load(path)
    tokens[30] = 2 if tokens[30] != 2 else 3
    np.save(path, tokens)
    reseal(record)


def lower_threshold(record: Path, base: Base) -> None:
    """The first claim asks for one point in place of five, and has the hash that this has."""

    def lower(claim: dict[str, Any]) -> None:
        claim.update(claim="main > flat by 0.01 on accuracy", threshold=0.01, margin=0.01)

    fields: dict[str, str] = {}

    def change_claims(claims: list[dict[str, Any]]) -> None:
        lower(claims[0])
        content = {key: one for key, one in claims[0].items() if key not in ("claim", "hash", "registered")}
        fields["hash"] = claims[0]["hash"] = sha256(canonical(content))

    def change_results(results: dict[str, Any]) -> None:
        lower(results["claims"][0])
        results["claims"][0].update(hash=fields["hash"], claim_hash=fields["hash"])

    edit(record / "study" / "claims.json", change_claims)
    edit(record / "report" / "results.json", change_results)
    new = "main > flat by 0.01 on accuracy"
    edit(record / "record.json", lambda one: one["claims"][0].update(claim=new, hash=fields["hash"]))
    reseal(record)


def support_claim(record: Path, base: Base) -> None:
    """A claim that is open is supported, in results and in both tables of verdicts."""

    def change(results: dict[str, Any]) -> None:
        claim = results["claims"][3]
        assert claim["verdict"] == "inconclusive"
        claim.update(verdict="supported", relation="better", reasons=[])

    edit(record / "report" / "results.json", change)
    for name, row in (
        ("verdicts.md", "| trees &gt; best-trivial by 0.01 on accuracy | {} |"),
        ("verdicts.tex", r"trees \textgreater{{}} best-trivial by 0.01 on accuracy & {} &"),
    ):
        replace(
            record / "report" / name,
            row.format("inconclusive | open" if name.endswith("md") else "inconclusive & open"),
            row.format("supported | better" if name.endswith("md") else "supported & better"),
        )
    reseal(record)


def raise_page(record: Path, base: Base) -> None:
    """The page shows a score that is ten points higher."""
    score = f"{100 * read(record / 'record.json')['headline']['score']['mean']:.1f}"
    replace(record / "report" / "report.html", score, f"{float(score) + 10:.1f}", every=True)
    reseal(record)


def drop_finding(record: Path, base: Base) -> None:
    """The finding that shifted rows are longer is gone from the audit and from the results."""

    def change(document: dict[str, Any]) -> None:
        document["findings"] = [
            one for one in document["findings"] if (one["code"], one["status"]) != ("shift.length", "present")
        ]

    edit(record / "study" / "audit.json", change)
    edit(record / "report" / "results.json", change)
    reseal(record)


def count_fewer_looks(record: Path, base: Base) -> None:
    """Only four runs scored the rows of test, says the ledger."""
    edit(record / "record.json", lambda one: one["scored_before"][0].update(runs=4))
    reseal(record)


def worsen_baseline(record: Path, base: Base) -> None:
    """The best trivial baseline answers rows of test with the wrong class, and the audit has the table's new hash."""
    path = record / "study" / "trivial.parquet"
    old = sha256(path.read_bytes())
    chosen = (polars.col("split") == "test") & (polars.col("baseline") == "bag of tokens") & (polars.col("row") < 40)
    worse = polars.when(chosen).then((polars.col("predicted") + 1) % 3).otherwise("predicted")
    edit_table(path, lambda table: table.with_columns(worse.cast(polars.Int32).alias("predicted")))

    def change(audit: dict[str, Any]) -> None:
        assert audit["trivial"] == old
        audit["trivial"] = sha256(path.read_bytes())

    edit(record / "study" / "audit.json", change)
    reseal(record)


def change_library(record: Path, base: Base) -> None:
    """Runs were made with another version of a library, says the summary."""
    edit(record / "record.json", lambda one: one["environment"]["packages"].update(torch="2.1.0+cu118"))
    reseal(record)


def nest_audit(record: Path, base: Base) -> None:
    """The audit is a hundred thousand lists within each other."""
    (record / "study" / "audit.json").write_text("[" * 100_000 + "]" * 100_000, encoding="utf-8")
    reseal(record)


FORGED_WORDS = (
    Mutation("labels agree with a run", agree_with_run, "recompute", r"\btest\b", resealed=True),
    Mutation("row encoded otherwise", encode_otherwise, "recompute", r"\btest\b", resealed=True),
    Mutation("threshold lowered", lower_threshold, "recompute", r"claim|registered|main (>|&gt;) flat", resealed=True),
    Mutation(
        "open claim supported", support_claim, "recompute", r"claim|verdict|trees (>|&gt;) best-trivial", resealed=True
    ),
    Mutation("score on the page raised", raise_page, "recompute", r"report\.html|\bpage\b", resealed=True),
    Mutation("finding dropped", drop_finding, "recompute", r"shift\.length", resealed=True),
    Mutation("fewer looks at test", count_fewer_looks, "recompute", r"scored|ledger|test rows", resealed=True),
    Mutation("baseline worsened", worsen_baseline, "recompute", r"trivial|baseline|bag of tokens", resealed=True),
    Mutation("library of another version", change_library, "recompute", r"environment|torch", resealed=True),
    Mutation("audit nested", nest_audit, "recompute", r"audit", resealed=True),
)
