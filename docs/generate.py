"""Writes what code decides about the documentation.

    python docs/generate.py

That is `cli.md` from the commands, `findings.md` with `findings/`, the tables of settings in `02-study-file.md`, that
of metrics in `04-store-and-json.md`, of trivial baselines in `07-audit.md`, of the calibration in `08-claims.md`, of
exporters in `10-results-elsewhere.md`, of a gate's errors in `12-gate.md`, the ledger in `exam/LEDGER.md`, and each
block of code below an example's name.
The last column of a table of settings is written by hand and kept; a new setting appears with an empty one.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from brittlestar.baselines.table import BASELINES
from brittlestar.cli.app import app
from brittlestar.cli.commands import ANSWERING, COMMANDS, CommandLine
from brittlestar.core.catalogue import MODULES, find_checks
from brittlestar.core.metrics import METRICS, Metric
from brittlestar.reports.error_budget import error_budget, measured_at, sentences
from brittlestar.study.paths import find_setting, leaves
from brittlestar.study.schema import describe_allowed, keys_at
from brittlestar.study.settings import Study
from brittlestar.verbs.exporters import EXPORTERS, name_option

sys.path.append(str(Path(__file__).parents[1]))

from exam.ledger import table

DOCS = Path(__file__).parent
ROOT = DOCS.parent
SETTINGS_PAGE = DOCS / "02-study-file.md"
CLAIMS_PAGE = DOCS / "08-claims.md"
AUDIT_PAGE = DOCS / "07-audit.md"
LISTED_BASELINES = re.compile(r"(<!-- trivial baselines -->\n).*?(<!-- end of trivial baselines -->)", re.DOTALL)
CALIBRATION = DOCS / "calibration.json"
"""The last full run of the calibration suite: `python -m exam.calibration` writes it."""
EXPORT_PAGE = DOCS / "10-results-elsewhere.md"
FORMS = re.compile(r"(?<=<!-- exporters -->\n).*(?=<!-- end of exporters -->)", re.DOTALL)
GATE_PAGE = DOCS / "12-gate.md"
GATE_RATES = DOCS / "gate_rates.json"
"""How often a gate errs: `python -m exam.calibration gate` writes it."""
STORE_PAGE = DOCS / "04-store-and-json.md"
METRICS_TABLE = re.compile(r"(?<=<!-- metrics -->\n).*(?=<!-- end of metrics -->)", re.DOTALL)
RATES = re.compile(r"(?<=<!-- gate -->\n).*(?=<!-- end of gate -->)", re.DOTALL)
EXAM_PAGE = ROOT / "exam" / "LEDGER.md"
LEDGER = re.compile(r"(?<=<!-- ledger -->\n).*(?=<!-- end of ledger -->)", re.DOTALL)
TABLE = re.compile(r"(?<=<!-- calibration -->\n).*(?=<!-- end of calibration -->)", re.DOTALL)
MARKS = re.compile(r"(?<=<!-- settings -->\n).*(?=<!-- end of settings -->)", re.DOTALL)
ROW = re.compile(r"^\| `([\w.]+)` \|.*\| ([^|]*?) \|$", re.MULTILINE)

EXAMPLE = re.compile(
    r"(<!-- (examples/[\w/]+\.(?:py|yaml)) -->\n```(?:python|yaml)\n).*?(?=```$)", re.DOTALL | re.MULTILINE
)

FAMILIES = {
    "leak": "rows that cross splits",
    "shift": "how an evaluation split differs from train",
    "label": "labels that are missing, rare, or contradict each other",
    "data": "rows that repeat, are cut, are badly encoded, or are too few",
    "shortcut": "a trivial predictor does most of the work",
    "token": "symbols that share an id, or go unknown",
    "padding": "predictions that depend on padding or on the rest of a batch",
    "embedding": "tables of token vectors",
    "position": "order tasks and position tables",
    "train": "how training went",
    "eval": "how scores were made",
    "seed": "what another seed changes",
    "probe": "behaviour under a declared change of the input",
    "claim": "what was claimed, against what the study can show",
    "report": "what is stated of a run, against what has an effect on it",
}
"""What each family is about; a page each."""
FINDINGS_HEAD = """\
# Findings

<!-- Written by docs/generate.py from the docstrings of the checks; change those. -->

A finding has a code, a status and, when it is present, a severity. `present` means that the effect exceeds the stated
threshold. `absent` means that it does not. `inconclusive` means that these data or records cannot tell, and the finding
names what is missing.

An `error` says that a score cannot be trusted, a `warning` that it can with a caveat, and `info` what a reader should
know. An effect in data must also not be chance: all p-values of an audit are corrected together (Holm). Findings on
training use 95 % intervals over seeds unless their page says otherwise.
"""
FAMILY_HEAD = """\
# {family}: {about}

<!-- Written by docs/generate.py from the docstrings of the checks; change those. -->

[All findings](../findings.md)
"""
BUDGET_HEAD = """\
## How often the audit is wrong

Measured by `python -m exam.benchmark clean|known|fifth --record`; each interval is 95 %. A figure
speaks of the checks at the commit beside it. Checks have changed since. Planted faults are easier than real ones.

The fourth and the fifth set were written by somebody who had not read the code of the checks, sealed by hash, and then
scored. Checks were tuned on the fourth afterwards. The fifth was new to the checks when it was first scored, though its
author had read what these pages say. The first to fourth set are last in the tree at commit fdcc0daa; 50 of their kinds
are `known` today. [The exam](../exam/README.md) says what each set is, and lists [every scoring](../exam/LEDGER.md).
"""


def findings_pages() -> dict[Path, str]:
    """The catalogue: an index, and a page for each family with a section for each check."""
    everything: dict[str, str] = {}
    for needs in MODULES:
        for code, check in find_checks(needs).items():
            where = "given predictions" if needs == "claims" else "models"
            before = f"{everything[code]}\n\n*In {where}.* " if code in everything else ""
            everything[code] = before + check.page
    of: dict[str, dict[str, str]] = {family: {} for family in FAMILIES}
    for code, page in everything.items():
        of.setdefault(code.partition(".")[0], {})[code] = page
    index: list[str] = []
    written: dict[Path, str] = {}
    for family, pages in of.items():
        if not pages:
            continue
        index += [f"## [{family}](findings/{family}.md): {FAMILIES[family]}", "", _index(pages, family), ""]
        sections = [f"## {code}\n\n{page}\n" for code, page in pages.items()]
        head = FAMILY_HEAD.format(family=family, about=FAMILIES[family])
        written[DOCS / "findings" / f"{family}.md"] = "\n".join([head, *sections])
    return {DOCS / "findings.md": "\n".join([FINDINGS_HEAD, *index, *_budget()]), **written}


def _budget() -> list[str]:
    """What the exams measured, with cases by code."""
    told = sentences()
    if not told:
        return []
    titles = {"planted": "first to third set", "fourth": "fourth set", "known": "known set", "fifth": "fifth set"}
    exams = {exam: title for exam, title in titles.items() if exam in error_budget()}
    by_exam = {exam: error_budget().get(exam, {}).get("faults", {}).get("codes", {}) for exam in exams}
    codes = sorted({code for of in by_exam.values() for code in of})
    shown = [
        f"| `{code}` | "
        + " | ".join("{} of {}".format(*of[code]) if code in of else "" for of in by_exam.values())
        + " |"
        for code in codes
    ]
    columns = [f"{title}, {measured_at(exam)}" for exam, title in exams.items()]
    head = [f"| code | {' | '.join(columns)} |", "| --- |" + " --- |" * len(columns)]
    return [BUDGET_HEAD, *(f"- {one}" for one in told), "", *head, *shown, ""]


def _index(pages: Mapping[str, str], family: str) -> str:
    return "\n".join(
        f"- [`{c}`](findings/{family}.md#{c.replace('.', '')}): {page.splitlines()[0]}" for c, page in pages.items()
    )


CLI_HEAD = """\
# The command

<!-- Written by docs/generate.py from the docstrings of the verbs; change those. -->

What `brittlestar COMMAND -h` says, on one page. `NO_COLOR` is respected. Every command takes:

"""


def cli_page() -> str:
    """Every command with its synopsis, what it does, examples, options and exit codes."""
    index: list[str] = []
    for group in dict.fromkeys(one.group for one in COMMANDS.values()):
        names = [name for name, one in COMMANDS.items() if one.group == group]
        listed = (
            f"[`brittlestar {one}`](#brittlestar-{one.replace(' ', '-')}): {COMMANDS[one].summary}" for one in names
        )
        index += [f"{group}:", "", *(f"- {one}" for one in listed), ""]
    every = [f"- `{', '.join(one.flags.split())}`: {one.help}" for one in ANSWERING]
    shell = "Of `brittlestar` itself: `--version`, `-V`, `--install-completion`, `--show-completion` and `--help`."
    sections = [_describe_command(f"brittlestar {name}", command) for name, command in COMMANDS.items()]
    return CLI_HEAD + "\n".join([*every, "", *index, shell, "", str(app.info.epilog), "", *sections])


def _describe_command(name: str, command: CommandLine) -> str:
    placed = [one.form if one.required else f"[{one.form}]" for one in command.options if not one.flags]
    lines = [f"## {name}", "", "```text", " ".join([name, "[OPTIONS]", *placed]), "```", ""]
    for part in command.help.split("\n\n"):
        kept = part.removeprefix("\b\n")
        listed = kept.removeprefix("Examples:\n")
        lines += ["```text", inspect.cleandoc(listed), "```", ""] if kept != part else [part, ""]
    for one in command.options:
        written = f"{', '.join(one.flags.split('/'))} {one.form.partition('>=')[0]}"
        lines.append(f"- `{written.strip()}`: {one.help}")
    return "\n".join([*lines, "", command.exit_codes, ""])


def settings_page(text: str) -> str:
    """`text` with its tables of settings as the code has them, and the meanings as `text` has them."""
    meanings = dict(ROW.findall(text))
    groups: dict[str, list[str]] = {}
    for path, default in settings().items():
        section = path.split(".")[0] if "." in path else "The study as a whole"
        row = f"| `{path}` | {default} | {_cell(describe_allowed(tuple(path.split('.'))))} | {meanings.get(path, '')} |"
        groups.setdefault(section, []).append(row)
    head = "| setting | default | allowed | what it does |\n| --- | --- | --- | --- |\n"
    tables = [f"### {section}\n\n{head}" + "\n".join(rows) + "\n" for section, rows in groups.items()]
    return MARKS.sub(lambda _: "\n" + "\n".join(tables) + "\n", text)


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
    """`text` with the table of the last full calibration."""
    rows = json.loads(CALIBRATION.read_bytes())
    lines = [
        f"| {one['name']} | {one['rate']:.3f} | {one['low']:.3f} to {one['high']:.3f} | "
        f"{'as it should be' if one['passed'] else '**not as it should be**'} |"
        for one in rows
    ]
    sizes = Counter(one["studies"] for one in rows).most_common()
    told = [f"{many:,} of {size:,}" for size, many in sizes]
    head = (
        f"{len(rows):,} entries: {', '.join(told)} simulated studies each.\n\n"
        "| what | rate | sound methods | |\n| --- | --- | --- | --- |\n"
    )
    return TABLE.sub(lambda _: head + "\n".join(lines) + "\n", text)


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
    written = {path: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted(DOCS.glob("[0-9]*.md")))}
    written[SETTINGS_PAGE] = settings_page(written[SETTINGS_PAGE])
    written[CLAIMS_PAGE] = with_calibration(written[CLAIMS_PAGE])
    written[STORE_PAGE] = with_metrics(written[STORE_PAGE])
    written[EXPORT_PAGE] = with_exporters(written[EXPORT_PAGE])
    written[GATE_PAGE] = with_gate_rates(written[GATE_PAGE])
    written[AUDIT_PAGE] = with_baselines(written[AUDIT_PAGE])
    examples = {path: with_examples(text) for path, text in written.items()}
    exam = {EXAM_PAGE: LEDGER.sub(lambda _: table(), EXAM_PAGE.read_text(encoding="utf-8"))}
    return {**findings_pages(), DOCS / "cli.md": cli_page(), **examples, **exam}


if __name__ == "__main__":
    for page, content in pages().items():
        page.parent.mkdir(exist_ok=True)
        page.write_text(content, encoding="utf-8", newline="\n")
