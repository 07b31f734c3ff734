"""Writes what code decides into pages that are written by hand.

    python docs/generate.py

That is the tables of settings, metrics, trivial baselines, calibration, exporters, of a gate's keys and of its errors,
the ledger in `exam/LEDGER.md`, and each block of code below an example's name. `reference_pages.py` makes whole pages.
The last column of a table of settings is written by hand and kept; a new setting appears with an empty one.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from brittlestar.baselines.table import BASELINES
from brittlestar.cli.commands import COMMANDS
from brittlestar.core.metric_kinds import Metric
from brittlestar.core.metrics import ASKED, METRICS
from brittlestar.reports.gate.policy import KEYS, WrittenPolicy
from brittlestar.study.gate_policy import GateSource
from brittlestar.study.paths import find_setting, leaves
from brittlestar.study.schema import describe_allowed, keys_at
from brittlestar.study.settings import Study
from brittlestar.verbs.exporters import EXPORTERS, name_option

sys.path.append(str(Path(__file__).parents[1]))

from exam.ledger import table

DOCS = Path(__file__).parent
ROOT = DOCS.parent
SETTINGS_PAGES = (DOCS / "reference" / "settings.md", DOCS / "reference" / "settings-model.md")
ERRORS_PAGE = DOCS / "explanation" / "verdict-errors.md"
AUDIT_PAGE = DOCS / "explanation" / "audit.md"
LISTED_BASELINES = re.compile(r"(<!-- trivial baselines -->\n).*?(<!-- end of trivial baselines -->)", re.DOTALL)
CALIBRATION = DOCS / "calibration.json"
"""The last full run of the calibration suite: `python -m exam.calibration` writes it."""
EXPORT_PAGE = DOCS / "how-to" / "results-elsewhere.md"
FORMS = re.compile(r"(?<=<!-- exporters -->\n).*(?=<!-- end of exporters -->)", re.DOTALL)
GATE_PAGE = DOCS / "how-to" / "gate.md"
KEYS_PAGE = DOCS / "reference" / "gate-policy.md"
GATE_RATES = DOCS / "gate_rates.json"
"""How often a gate errs: `python -m exam.calibration gate` writes it."""
METRICS_PAGE = DOCS / "reference" / "metrics.md"
ASKED_TABLE = re.compile(r"(?<=<!-- asked metrics -->\n).*(?=<!-- end of asked metrics -->)", re.DOTALL)
METRICS_TABLE = re.compile(r"(?<=<!-- metrics -->\n).*(?=<!-- end of metrics -->)", re.DOTALL)
GATE_KEYS = re.compile(r"(?<=<!-- gate keys -->\n).*?(?=<!-- end of gate -->)", re.DOTALL)
RATES = re.compile(r"(?<=<!-- gate -->\n).*(?=<!-- end of gate -->)", re.DOTALL)
EXAM_PAGE = ROOT / "exam" / "LEDGER.md"
LEDGER = re.compile(r"(?<=<!-- ledger -->\n).*(?=<!-- end of ledger -->)", re.DOTALL)
TABLE = re.compile(r"(?<=<!-- calibration -->\n).*(?=<!-- end of calibration -->)", re.DOTALL)
MARKS = re.compile(r"(<!-- settings: ([a-z ]+) -->\n).*(?=<!-- end of settings -->)", re.DOTALL)
ROW = re.compile(r"^\| `([\w.]+)` \|.*\| ([^|]*?) \|$", re.MULTILINE)

KIND = re.compile(r",.*(?=: )|,[^:]*$| over the default looks| at any of .*")
"""The numbers in the name of an entry of the calibration; what is left is its kind."""
EXAMPLE = re.compile(
    r"(<!-- (examples/[\w/]+\.(?:py|yaml)) -->\n```(?:python|yaml)\n).*?(?=```$)", re.DOTALL | re.MULTILINE
)


def with_settings(text: str, meanings: dict[str, str]) -> str:
    """`text` with the tables of the sections that its mark names, as the code has them, and what each setting does."""
    groups: dict[str, list[str]] = {}
    for path, default in settings().items():
        section = path.split(".")[0] if "." in path else "study"
        row = f"| `{path}` | {default} | {_cell(describe_allowed(tuple(path.split('.'))))} | {meanings.get(path, '')} |"
        groups.setdefault(section, []).append(row)
    head = "| setting | default | allowed | what it does |\n| --- | --- | --- | --- |\n"

    def tables(found: re.Match[str]) -> str:
        parts = [f"## {section}\n\n{head}" + "\n".join(groups[section]) + "\n" for section in found[2].split()]
        return found[1] + "\n" + "\n".join(parts) + "\n"

    return MARKS.sub(tables, text)


def settings() -> dict[str, str]:
    """The default of every setting by its path, as it is shown. A section appears only where null switches it off."""
    given = Study.model_validate({"name": "x", "data": {}}).model_dump(mode="json")
    switched_on = Study.model_validate({"name": "x", "data": {}, "training": {"early_stopping": {}}})
    defaults = switched_on.model_dump(mode="json")
    found: dict[str, str] = {}

    def walk(location: tuple[str, ...]) -> None:
        for key in keys_at(location):
            here = (*location, key)
            path = ".".join(here)
            if not keys_at(here):
                found[path] = "none: give it" if path == "name" else _shown(find_setting(defaults, path))
                continue
            if leaves(given).get(here, "") is None:
                found[path] = _shown(None)
            walk(here)

    walk(())
    return found


def _shown(value: object) -> str:
    """A default as YAML reads it, in a cell of a table."""
    return f"`{value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def with_examples(text: str) -> str:
    """`text` with each example as its file has it."""
    return EXAMPLE.sub(lambda found: found[1] + (ROOT / found[2]).read_text(encoding="utf-8"), text)


def with_calibration(text: str) -> str:
    """`text` with the last full calibration: a line for each kind of entry, and each bad method that it must notice."""
    rows = json.loads(CALIBRATION.read_bytes())
    kinds: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        kinds.setdefault(row["name"] if row["control"] else KIND.sub("", row["name"]), []).append(row)
    lines: list[str] = []
    for kind, of in kinds.items():
        rates = sorted({f"{row['rate']:.3f}" for row in of})
        rate = rates[0] if len(rates) == 1 else f"{rates[0]} to {rates[-1]}"
        sound = f"{min(row['low'] for row in of):.3f} to {max(row['high'] for row in of):.3f}"
        as_meant = sum(row["passed"] for row in of)
        lines.append(f"| {kind} | {len(of)} | {rate} | {sound} | {as_meant} |")
    sizes = Counter(row["studies"] for row in rows).most_common()
    told = [f"{many:,} of {size:,}" for size, many in sizes]
    head = (
        f"{len(rows):,} entries: {', '.join(told)} simulated studies each.\n\n"
        "| what | entries | rates | sound methods | as it should be |\n| --- | --- | --- | --- | --- |\n"
    )
    return TABLE.sub(lambda _: head + "\n".join(lines) + "\n", text)


def with_asked_metrics(text: str) -> str:
    """`text` with the table of metrics that are computed where they are asked for."""
    lines = ["| write | what it is |", "| --- | --- |", *(f"| `{name}` | {about} |" for name, about in ASKED.items())]
    return ASKED_TABLE.sub(lambda _: "\n".join(lines) + "\n", text)


def with_metrics(text: str) -> str:
    """`text` with the table of metrics."""

    def row(one: Metric) -> str:
        better = "higher" if one.higher_is_better else "lower"
        return f"| `{one.name}` | {one.title} | {one.about} | {one.unit} | {better} |\n"

    head = "| name | called | what it is | read in | better |\n| --- | --- | --- | --- | --- |\n"
    return METRICS_TABLE.sub(lambda _: head + "".join(map(row, METRICS)), text)


def with_exporters(text: str) -> str:
    """`text` with the table of exporters."""
    of_exporters = [one for one in COMMANDS["export"].options if one.flags in map(name_option, EXPORTERS)]
    rows = [f"| `{one.flags} {_cell(one.form)}` | {one.help} |" for one in of_exporters]
    return FORMS.sub(lambda _: "| option | writes |\n| --- | --- |\n" + "\n".join(rows) + "\n", text)


def with_gate_keys(text: str) -> str:
    """`text` with the table of what a policy may say."""
    options = {option.flags for option in COMMANDS["gate"].options}
    read = {*KEYS} - {*GateSource.model_fields}

    def write(key: str) -> str:
        field, option = WrittenPolicy.model_fields[key], f"--{key.replace('_', '-')}"
        example = (field.examples or [""])[0]
        as_option = key in read and option in options
        return f"`{option} {example}`" if as_option else f"`{key}: {example}`"

    def describe(key: str) -> str:
        return " ".join((WrittenPolicy.model_fields[key].description or "").split())

    rows = [f"| `{key}` | {write(key)} | {describe(key)} |\n" for key in KEYS]
    head = "| key | as an option, or else in the policy | requires, or says |\n| --- | --- | --- |\n"
    return GATE_KEYS.sub(lambda _: head + "".join(rows), text, count=1)


def with_gate_rates(text: str) -> str:
    """`text` with the last measured rates of a gate, in per cent of repeats."""
    rates = json.loads(GATE_RATES.read_bytes())
    head = (
        "| rows | seeds | unchanged: passes | fails | cannot say | 3 points worse: passes | fails | cannot say | "
        "by scores alone, unchanged fails |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
    )
    lines: list[str] = []
    for one in rates:
        shares = [one[side][outcome] for side in ("unchanged", "worse") for outcome in ("pass", "fail", "cannot-say")]
        cells = " | ".join(f"{100 * share:.1f} %" for share in (*shares, one["by_scores"]))
        lines.append(f"| {one['rows']:,} | {one['seeds']} | {cells} |\n")
    repeats = " or ".join(f"{one:,}" for one in sorted({one["repeats"] for one in rates}))
    wrong, caught = max(one["unchanged"]["fail"] for one in rates), min(one["worse"]["fail"] for one in rates)
    alone = max(one["by_scores"] for one in rates)
    told = (
        f"\nEach line is {repeats} simulated releases, with new rows, seeds and answers each time. The gate failed an "
        f"unchanged\nmodel in at most {100 * wrong:.1f} %, and one that is three points worse in at least "
        f"{100 * caught:.1f} %. A gate that\ncompares two scores alone failed unchanged models in up to "
        f"{100 * alone:.1f} %.\n"
    )
    return RATES.sub(lambda _: head + "".join(lines) + told, text)


def with_baselines(text: str) -> str:
    """`text` with the table of trivial baselines."""
    reads = {"nothing": "nothing", "length": "the length", "place": "one place", "tokens": "tokens, in no order"}
    lines = [f"| {one.name.format('FACTOR')} | {reads.get(one.reads, 'tokens in order')} |\n" for one in BASELINES]
    head = "| trivial baseline | reads |\n| --- | --- |\n"
    return LISTED_BASELINES.sub(lambda found: f"{found[1]}\n{head}{''.join(lines)}\n{found[2]}", text)


def pages() -> dict[Path, str]:
    """Every page this script writes, with the content it should have."""
    written = {path: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted(DOCS.glob("*/*.md")))}
    meanings = dict(ROW.findall("".join(written[path] for path in SETTINGS_PAGES)))
    written |= {path: with_settings(written[path], meanings) for path in SETTINGS_PAGES}
    written[ERRORS_PAGE] = with_calibration(written[ERRORS_PAGE])
    written[METRICS_PAGE] = with_asked_metrics(with_metrics(written[METRICS_PAGE]))
    written[EXPORT_PAGE] = with_exporters(written[EXPORT_PAGE])
    written[GATE_PAGE] = with_gate_rates(written[GATE_PAGE])
    written[KEYS_PAGE] = with_gate_keys(written[KEYS_PAGE])
    written[AUDIT_PAGE] = with_baselines(written[AUDIT_PAGE])
    examples = {path: with_examples(text) for path, text in written.items()}
    return {**examples, EXAM_PAGE: LEDGER.sub(lambda _: table(), EXAM_PAGE.read_text(encoding="utf-8"))}


if __name__ == "__main__":
    for page, content in pages().items():
        page.write_text(content, encoding="utf-8", newline="\n")
