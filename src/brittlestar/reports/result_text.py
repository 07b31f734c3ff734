"""What results have in common to say: answers, verdicts, findings, notes, and runs without a result."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import choose_judgement, verdict_words
from brittlestar.core.code_pages import keep_ours
from brittlestar.core.commands import Advice, Command, command, command_in, fill_commands, follow_kind
from brittlestar.core.findings import Finding
from brittlestar.core.headline import Decision, Headline
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.reports.finding_groups import group_findings, is_about_main
from brittlestar.reports.headline_text import QUESTIONS, named_decisions
from brittlestar.reports.paragraphs import EXPLAIN, Paragraph, Words, cut_blocks, cut_items, name_first, name_text
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count, unit_of

if TYPE_CHECKING:
    from brittlestar.diagnosis.probes.summary import ProbeSummary

VERDICTS = {"supported": "bold green", "refuted": "bold red", "inconclusive": "bold yellow"}
SEVERITIES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
MOST_CLAIMS = 3
"""Claims that are named: more are counted, and `-v` has all (convention)."""
MOST_FOUND, LINES_FOUND = 3, 3
"""Errors and warnings that are named, a code each, and lines of each and of its remedy (convention)."""
MOST_NOTES = 2
"""Notes that are printed below a result: the others are counted, and `-v` or `.notes` has them (convention)."""
MOST_FAILURES, MOST_SEEDS_NAMED = 2, 5
"""Kinds of failure and seeds that are named one by one, and counts beyond: `-v` has all (convention)."""
_WIDEST = max(map(len, (*QUESTIONS.values(), "Stated")))


def answer_lines(headline: Headline) -> tuple[str, ...]:
    """Each answer as one line, a stated score first."""
    return tuple(answer_line(name, decision) for name, decision in named_decisions(headline).items())


def answer_line(name: str, decision: Decision) -> str:
    """A question with its answer, whole and on one line."""
    return f"{name:{_WIDEST}}  {decision.words}"


def claim_blocks(judged: Sequence[Judgement]) -> list[Paragraph]:
    """A line for each claim, refuted ones first; the last of many are counted, and `--verbose` has them."""
    ranked = sorted(judged, key=lambda one: choose_judgement(one).verdict != "refuted")
    first, rest = ranked[:MOST_CLAIMS], ranked[MOST_CLAIMS:]
    more = (Paragraph("", claim_line(judgement), rest=True) for judgement in rest)
    return [*name_first("Claims", map(claim_line, first)), *more, *count_claims(rest)]


def count_claims(rest: Sequence[Judgement]) -> list[Paragraph]:
    """How many further claims there are, by verdict."""
    counts = Counter(judgement.verdict for judgement in rest)
    text = ", ".join(f"{counts[verdict]:,} {verdict}" for verdict in VERDICTS if counts[verdict])
    return [Paragraph("", f"and {text}", brief=True, see=" (-v)")] if rest else []


def verdict_line(judgement: Judgement) -> str:
    """`supported: main > bag by 0.01 on accuracy`; of few runs, `refuted for these 3 models: …`."""
    return f"{verdict_words(judgement)}: {format_claim(judgement.claim)}"


def _style_verdict(judgement: Judgement) -> tuple[str, str]:
    return verdict_words(judgement), VERDICTS[choose_judgement(judgement).verdict]


def claim_line(judgement: Judgement) -> Words:
    """The same with the difference: `supported: main > bag by 0.01 on accuracy, +2.1 [+1.2, +3.0]`; with few seeds that
    of the models at hand, as the answers have it."""
    found, unit = choose_judgement(judgement), unit_of(judgement.claim.metric)
    sentence = f": {format_claim(judgement.claim)}"
    if found.estimate is not None:
        number = f"{unit.number(found.estimate, True)} {unit.interval(found.interval, True)}".strip()
        sentence += f", {number}"
    return (_style_verdict(judgement), sentence)


def claim_paragraph(judgement: Judgement) -> Paragraph:
    """The verdict with the sentences that may be written."""
    return Paragraph((_style_verdict(judgement),), f"{format_claim(judgement.claim)}\n{judgement.sentence}")


def counts_block(findings: Sequence[Finding], main: str | None) -> Paragraph:
    """`2 errors (leak.exact), 2 infos; 1 about other variants; 12 inconclusive, 40 absent.`"""
    present = [finding for finding in findings if finding.status == "present"]
    mine = [finding for finding in present if is_about_main(finding, main)]
    parts: list[str] = []
    for severity in ("error", "warning"):
        if codes := [finding.code for finding in mine if finding.severity == severity]:
            parts.append(f"{count(len(codes), severity)} ({', '.join(dict.fromkeys(codes))})")
    infos = sum(finding.severity == "info" for finding in mine)
    parts += [count(infos, "info")] if infos else []
    beside = len(present) - len(mine)
    other = f"; {beside:,} about other variants" if beside else ""
    rest = [
        f"{sum(finding.status == status for finding in findings):,} {status}" for status in ("inconclusive", "absent")
    ]
    return Paragraph("Findings", f"{', '.join(parts) or 'none present'}{other}; {', '.join(rest)}.")


def order_blocks(probed: "ProbeSummary | None") -> list[Paragraph]:
    """What of main's accuracy stays without the order of its tokens; nothing where nobody knows."""
    return [] if probed is None else name_text("Order", probed.order, most=2)


def leading_blocks(findings: Sequence[Finding], main: str | None) -> list[Paragraph]:
    """Errors and warnings about the data and main, a code each with its first finding and remedy, worst first."""
    items: list[list[Paragraph]] = []
    groups = [
        finding
        for finding in group_findings(findings, main)
        if finding.leads and finding.severity in ("error", "warning")
    ]
    for group in groups:
        first = group.findings[0]
        many = f" ({len(group.findings):,} findings)" if len(group.findings) > 1 else ""
        text = ((group.code, "bold"), f"{many}  {first.summary}{effect_words(first)}")
        remedy = name_text("", first.remedy and f"→ {first.remedy}", most=LINES_FOUND, brief=True)
        items.append([Paragraph(name_severity(group.severity), text, most=LINES_FOUND, brief=True), *remedy])
    return cut_items(items, MOST_FOUND, "finding")


def explain_blocks(codes: Iterable[str], in_memory: bool = False) -> list[Paragraph]:
    """How to read more of the first of these codes that has a page: the command, or the call that does the same in
    Python; nothing of checks of others."""
    calls = [f'brittlestar.explain("{one}")' if in_memory else f"brittlestar explain {one}" for one in keep_ours(codes)]
    return [Paragraph(EXPLAIN, call) for call in calls[:1]]


def explain_leading(findings: Sequence[Finding], main: str | None, in_memory: bool = False) -> list[Paragraph]:
    """The same of the first error or warning about the data or main."""
    mine = (finding for finding in findings if is_about_main(finding, main))
    return explain_blocks((one.code for one in mine if one.severity in ("error", "warning")), in_memory)


def explain_act(headline: Headline, in_memory: bool = False) -> list[Paragraph]:
    """The same of what to act on first."""
    return explain_blocks([] if headline.act_first is None else [headline.act_first.code], in_memory)


def name_severity(severity: str | None) -> Words:
    """A severity, or a status, in its colour."""
    return ((severity or "", SEVERITIES.get(severity or "", "yellow")),)


def effect_words(finding: Finding) -> str:
    """What a finding costs, as a sentence behind its own; empty where that is not known."""
    return "" if finding.effect is None else f" Effect: {finding.effect.words}."


def note_blocks(notes: Sequence[str]) -> list[Paragraph]:
    """The first notes on how data were read, and how many there are beside."""
    return cut_blocks(name_first("Note", notes, most=2, brief=True), MOST_NOTES, "note")


def command_block(asked: Command, place: str, in_memory: bool = False) -> Paragraph:
    """A command about the study at `place`, or the call that does the same where it has objects in memory."""
    said = follow_kind(Advice(asked), in_memory=in_memory)
    return Paragraph("", fill_commands(said, place), command=command_in(said) is not None)


def failures_of(cells: Iterable[CellRecord]) -> list[CellRecord]:
    """Runs that failed or were lost, in the order of `cells`."""
    return [cell for cell in cells if cell.state in ("failed", "lost")]


def failed_blocks(
    failures: Sequence[CellRecord], place: str, everything: bool = False, in_memory: bool = False
) -> list[Paragraph]:
    """Runs without a result, those with one error together, and the command that runs the first of them again; `place`
    is the study's folder as a shell takes it. Of many kinds the first two, and how many runs there are beside."""
    kinds: dict[tuple[str, str, str], list[CellRecord]] = {}
    for failure in failures:
        kinds.setdefault((failure.state, failure.variant, failure.error or "no reason is known"), []).append(failure)
    shown = list(kinds.items())[: None if everything else MOST_FAILURES]
    most_lines = None if everything else 3
    blocks: list[Paragraph] = []
    for (state, variant, error), alike in shown:
        name, text = (state.capitalize(), "bold red"), f"{variant}, {_list_seeds(alike, everything)}: {error}"
        blocks.append(Paragraph((name,), text, most=most_lines))
        blocks.append(command_block(command("run", cell=alike[0].hash[:12]), place, in_memory))
    if more := len(failures) - sum(len(alike) for _, alike in shown):
        blocks.append(Paragraph("", f"and {count(more, 'more run')}:"))
        blocks.append(command_block(command("status", verbose=True), place))
    if any(failure.state == "failed" for failure in failures):
        text = "After a change of your code the same command trains what changed, and keeps the rest."
        blocks.append(Paragraph("", text))
    return blocks


def _list_seeds(alike: Sequence[CellRecord], everything: bool) -> str:
    named = alike if everything else alike[:MOST_SEEDS_NAMED]
    more = f" and {len(alike) - len(named):,} more" if len(alike) > len(named) else ""
    return f"{'seed' if len(alike) == 1 else 'seeds'} {', '.join(str(one.seed) for one in named)}{more}"


def stopped_blocks(record: StudyRecord, place: str, ended: str | None) -> list[Paragraph]:
    """Why a run ended early, how many runs are open, and the command that goes on."""
    waiting = sum(cell.state in ("planned", "running") for cell in record.cells)
    if not ended and not waiting:
        return []
    text = f"{ended or 'not everything was run'}; {waiting:,} of {count(len(record.cells), 'run')} open."
    return [
        Paragraph((("Stopped", "bold yellow"),), text),
        command_block(command("run"), place, record.in_memory),
    ]
