"""`python -m exam.facts FOLDER`: what is known of real sets against what an audit of them reports.

The facts were counted by whoever prepared the sets and stand in their READMEs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.verbs.audit import audit

Document = Mapping[str, Any]
Value = float | int | str | None


@dataclass(frozen=True)
class Fact:
    """One thing that is known: `expected` is a number, met within `within`, or a text; `reported(document)` is what
    the JSON of an audit says of it, None where it says nothing."""

    what: str
    expected: float | int | str
    reported: Callable[[Document], Value]
    within: float = 0.0

    def met(self, value: Value) -> bool:
        """Whether what was reported is what is known."""
        if isinstance(self.expected, str) or isinstance(value, str) or value is None:
            return value == self.expected
        return abs(value - self.expected) <= self.within


def finding_of(document: Document, code: str, **where: str) -> Mapping[str, Any] | None:
    """The first finding of a code whose place says at least what `where` says."""
    for finding in document["findings"]:
        if finding["code"] == code and where.items() <= finding["where"].items():
            return finding
    return None


def evidence(code: str, *path: str | int, **where: str) -> Callable[[Document], Value]:
    """A number of a finding's evidence."""

    def reported(document: Document) -> Value:
        found: Any = (finding_of(document, code, **where) or {}).get("evidence")
        for key in path:
            try:
                found = found[key]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    return reported


def status(code: str, **where: str) -> Callable[[Document], Value]:
    """`present`, `absent` or `inconclusive`."""
    return lambda document: (finding_of(document, code, **where) or {}).get("status")


def severity(code: str, **where: str) -> Callable[[Document], Value]:
    """`error`, `warning`, `info`, or `none` where the finding is not present."""
    return lambda document: (finding_of(document, code, **where) or {}).get("severity") or "none"


def rung(kind: str, split: str) -> Callable[[Document], Value]:
    """The accuracy of a trivial baseline of the trivial baselines."""

    def reported(document: Document) -> Value:
        for one in document["ladder"]["rungs"]:
            if one["kind"] == kind:
                return one["scores"]["all"].get(split, {}).get("accuracy", {}).get("value")
        return None

    return reported


def in_train(split: str, rows: int) -> Fact:
    """Rows of a split that are in train."""
    return Fact(f"rows of {split} also in train", rows, evidence("leak.exact", "shared", split=split))


def unseen(split: str, share: float) -> Fact:
    """Share of a split's tokens that train does not have."""
    return Fact(f"unseen tokens of {split}", share, evidence("shift.vocabulary", "share", split=split), 5.1e-5)


def accuracy(kind: str, split: str, value: float, within: float = 5.1e-4) -> Fact:
    """What a trivial baseline of the trivial baselines scores."""
    return Fact(f"accuracy of {kind} on {split}", value, rung(kind, split), within)


def is_(what: str, code: str, **where: str) -> Fact:
    """The status of a finding."""
    place = " ".join(where.values())
    return Fact(f"{code} {place}".strip(), what, status(code, **where))


def no_alarm(code: str, **where: str) -> Fact:
    """A finding that is neither an error nor a warning."""

    def reported(document: Document) -> Value:
        found = [f for f in document["findings"] if f["code"] == code and where.items() <= f["where"].items()]
        loud = [f for f in found if f["severity"] in ("error", "warning")]
        return loud[0]["severity"] if loud else "no alarm"

    return Fact(f"{code} {' '.join(where.values())}".strip(), "no alarm", reported)


def distinct(rows: int) -> Fact:
    """Distinct sequences of train."""
    return Fact("distinct rows of train", rows, evidence("data.duplicates", "distinct", split="train"))


def conflicts(split: str, sequences: int) -> Fact:
    """Sequences of a split that have several labels there."""
    return Fact(
        f"sequences of {split} with several labels", sequences, evidence("label.conflict", "conflicting", split=split)
    )


def told_at(position: str, token: str, label: str, share: float, within: float = 0.005) -> Fact:
    """The share of a class's rows that have a token at a position, where positions that tell something are listed."""

    def reported(document: Document) -> Value:
        for found in document["findings"]:
            listed = found["evidence"].get("positions") if found["code"] == "shortcut.position" else None
            for one in listed or []:
                if (one["position"], one["token"], one["class"]) == (position, token, label):
                    return float(one["in_class"])
        return None

    return Fact(f"{token} at position {position} in {label}", share, reported, within)


def names_token(code: str, token: str, **where: str) -> Fact:
    """A finding that names a token."""

    def reported(document: Document) -> Value:
        found = finding_of(document, code, **where)
        return token if found is not None and f"{token}" in found["summary"] else None

    return Fact(f"{code} names {token}", token, reported)


def calm(*splits: str) -> list[Fact]:
    """Splits that were drawn at random do not differ from train."""
    codes = ("shift.label", "shift.length", "shift.composition", "shift.order", "shift.combination", "shift.vocabulary")
    return [no_alarm(code, split=split) for split in splits for code in codes]


FACTS: Mapping[str, Sequence[Fact]] = {
    "hdfs_logkeys": (
        in_train("dev", 1650),
        in_train("test", 2592),
        in_train("shift_unseen_sequences", 0),
        distinct(2749),
        is_("present", "data.duplicates", split="train"),
        conflicts("train", 0),
        unseen("test", 0.0),
        unseen("shift_unseen_sequences", 0.0),
        accuracy("majority", "test", 0.5),
        accuracy("majority", "shift_unseen_sequences", 0.164),
        accuracy("first", "test", 0.544),
        accuracy("last", "test", 0.729),
        accuracy("length", "test", 0.90, 0.01),
        accuracy("bag", "test", 0.998),
        accuracy("bag", "shift_unseen_sequences", 0.996),
        accuracy("bigrams", "test", 0.998),
        accuracy("bigrams", "shift_unseen_sequences", 0.995),
        is_("present", "shortcut.bag", split="test"),
        is_("present", "shortcut.length", split="test"),
        is_("present", "shift.label", split="shift_unseen_sequences"),
        is_("present", "shift.length", split="shift_unseen_sequences"),
        *calm("dev", "test"),
    ),
    "names_nationality": (
        in_train("dev", 436),
        in_train("test", 426),
        in_train("shift_nonascii", 0),
        distinct(12244),
        conflicts("train", 262),
        conflicts("dev", 20),
        conflicts("test", 15),
        conflicts("shift_nonascii", 3),
        unseen("test", 0.0),
        unseen("shift_nonascii", 0.1628),
        Fact(
            "rows of shift_nonascii with an unseen character",
            156,
            evidence("shift.vocabulary", "rows_with_unseen", split="shift_nonascii"),
        ),
        is_("present", "shift.vocabulary", split="shift_nonascii"),
        is_("present", "shift.label", split="shift_nonascii"),
        is_("present", "label.missing", split="shift_nonascii"),
        is_("present", "label.imbalance", split="train"),
        Fact("largest class over smallest", 6576 / 45, evidence("label.imbalance", "ratio", split="train"), 0.01),
        accuracy("majority", "test", 0.469),
        accuracy("bag", "test", 0.609),
        accuracy("bag", "shift_nonascii", 0.154),
        accuracy("bigrams", "test", 0.768),
        accuracy("bigrams", "shift_nonascii", 0.5),
        accuracy("last", "test", 0.558),
        is_("absent", "shortcut.bag", split="test"),
        *calm("dev", "test"),
    ),
    "scan_last_action_jump": (
        in_train("dev", 141),
        in_train("test", 149),
        in_train("shift_new_primitive", 0),
        distinct(10494),
        Fact("rows that are `jump` alone", 1177, evidence("data.duplicates", "largest", 0, "times", split="train")),
        conflicts("train", 0),
        unseen("shift_new_primitive", 0.0),
        is_("present", "shift.combination", split="shift_new_primitive"),
        names_token("shift.combination", "jump", split="shift_new_primitive"),
        Fact(
            "rows of shift_new_primitive with an unseen combination",
            7706,
            evidence("shift.combination", "rows_with_new_pair", split="shift_new_primitive"),
        ),
        is_("present", "shift.label", split="shift_new_primitive"),
        accuracy("majority", "test", 0.233),
        accuracy("bag", "test", 0.659),
        accuracy("bag", "shift_new_primitive", 0.432),
        accuracy("bigrams", "test", 0.956),
        accuracy("bigrams", "shift_new_primitive", 0.448),
        is_("absent", "shortcut.bag", split="test"),
        *calm("dev", "test"),
    ),
    "sms_spam": (
        in_train("dev", 84),
        in_train("test", 96),
        distinct(3689),
        conflicts("train", 0),
        unseen("dev", 0.0569),
        unseen("test", 0.0532),
        accuracy("majority", "test", 0.847),
        # Rows whose token there is unseen: the READMEs' counts give it add-one mass, here it gets class shares.
        accuracy("first", "test", 0.906, 0.005),
        accuracy("last", "test", 0.900, 0.005),
        accuracy("bag", "test", 0.990),
        accuracy("bigrams", "test", 0.989),
        is_("present", "shortcut.bag", split="test"),
        *calm("dev", "test"),
    ),
    "splice_junction": (
        in_train("dev", 29),
        in_train("test", 36),
        distinct(2126),
        conflicts("train", 1),
        conflicts("test", 0),
        unseen("test", 0.0),
        accuracy("majority", "test", 0.503),
        accuracy("first", "test", 0.503),
        accuracy("bag", "test", 0.549),
        accuracy("bigrams", "test", 0.547),
        accuracy("placed", "test", 0.965),
        is_("absent", "shortcut.bag", split="test"),
        is_("present", "shortcut.position", split="test"),
        told_at("31", "G", "EI", 0.995),
        told_at("32", "T", "EI", 0.99),
        told_at("29", "A", "IE", 0.995),
        told_at("30", "G", "IE", 0.995),
        is_("absent", "shortcut.length", split="test"),
        is_("absent", "data.sorted", split="train"),
        *calm("dev", "test"),
    ),
    "sst2_reviews": (
        in_train("dev", 0),
        in_train("test", 2),
        in_train("shift_customer_reviews", 0),
        distinct(6911),
        conflicts("train", 0),
        conflicts("shift_customer_reviews", 1),
        unseen("dev", 0.0571),
        unseen("test", 0.0593),
        unseen("shift_customer_reviews", 0.1294),
        is_("present", "shift.vocabulary", split="shift_customer_reviews"),
        is_("present", "shift.label", split="shift_customer_reviews"),
        Fact(
            "empty rows of shift_customer_reviews",
            4,
            lambda document: document["data"]["splits"]["shift_customer_reviews"].get("empty_rows"),
        ),
        accuracy("majority", "test", 0.499),
        accuracy("majority", "shift_customer_reviews", 0.638),
        accuracy("bag", "test", 0.818),
        accuracy("bag", "shift_customer_reviews", 0.618),
        accuracy("bigrams", "test", 0.826),
        no_alarm("leak.exact", split="test"),
        *calm("dev", "test"),
    ),
}
"""{name of the set: its facts}."""


def compared(facts: Sequence[Fact], document: Document) -> list[dict[str, Any]]:
    """Each fact as JSON values: `what`, `expected`, `reported`, `met`."""
    rows: list[dict[str, Any]] = []
    for fact in facts:
        value = fact.reported(document)
        rows.append({"what": fact.what, "expected": fact.expected, "reported": value, "met": fact.met(value)})
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Print expected against reported for every set in the folder; exit 1 where something differs."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in given
    folders = [Path(one) for one in given if one != "--json"]
    if len(folders) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    found = {path.name: path for path in sorted(folders[0].iterdir()) if path.name in FACTS}
    if not found:
        print(f"{folders[0]} holds none of {', '.join(FACTS)}", file=sys.stderr)
        return 2
    results: dict[str, list[dict[str, Any]]] = {}
    for name, path in found.items():
        try:
            results[name] = compared(FACTS[name], audit(path).document)
        except InputError as error:
            results[name] = [{"what": "is read", "expected": "yes", "reported": str(error), "met": False}]
        if not as_json:
            print(as_text(name, results[name]), flush=True)
    if as_json:
        print(json.dumps(results, indent=1, ensure_ascii=False))
    return 0 if all(row["met"] for rows in results.values() for row in rows) else 1


def as_text(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """A table for people."""
    met = sum(bool(row["met"]) for row in rows)
    lines = [f"{name}: {met} of {len(rows)} facts reported as they are known"]
    lines += [
        f"  {'ok ' if row['met'] else 'NOT'} {row['what']:52} expected {_shown(row['expected']):>10}  "
        f"reported {_shown(row['reported'])}"
        for row in rows
    ]
    return "\n".join(lines)


def _shown(value: Value) -> str:
    return f"{value:.4g}" if isinstance(value, float) else "nothing" if value is None else str(value)


if __name__ == "__main__":
    sys.exit(main())
