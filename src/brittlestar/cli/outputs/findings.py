"""Findings, data and notes for `-v`: each code once, with its rule and remedy, every split and every note."""

from collections.abc import Mapping, Sequence

from brittlestar.cli.output import OutputSection
from brittlestar.core.findings import Finding
from brittlestar.core.results import SplitRecord
from brittlestar.reports.finding_groups import FindingGroup, group_findings, group_inapplicable
from brittlestar.reports.paragraphs import Paragraph, name_first
from brittlestar.reports.result_text import effect_words, name_severity
from brittlestar.study.units import count


def findings_section(findings: Sequence[Finding], main: str | None) -> OutputSection:
    """Every present finding by code: one rule, one remedy, a line a finding, main first; then what is inconclusive, by
    what would settle it, what is absent, and what is not applicable, by what there is none of."""
    groups = group_findings(findings, main)
    blocks = [block for group in groups if group.status == "present" for block in _group_blocks(group)]
    by_reason: dict[str, dict[str, None]] = {}
    for one in (finding for group in groups if group.status == "inconclusive" for finding in group.findings):
        by_reason.setdefault(str(one.remedy or one.summary), {})[one.code] = None
    blocks += [_dim_block("inconclusive", f"{', '.join(codes)}: {reason}", "") for reason, codes in by_reason.items()]
    if absent := [one.code for one in groups if one.status == "absent"]:
        blocks.append(_dim_block("absent", ", ".join(absent), "dim"))
    for reason, codes in group_inapplicable(findings).items():
        blocks.append(_dim_block("not applicable", f"{', '.join(codes)}: {reason}", "dim"))
    return OutputSection("Findings", blocks or [Paragraph("", "no check ran")])


def _dim_block(name: str, text: str, style: str) -> Paragraph:
    return Paragraph(((name, "dim"),), ((text, style),))


def _group_blocks(group: FindingGroup) -> list[Paragraph]:
    heading = ((group.code, "bold"), "" if group.leads else "  (other variants alone)")
    rules = (rule if rule.endswith((".", "!", "?")) else f"{rule}." for rule in group.rules)
    return [
        Paragraph(name_severity(group.severity), heading),
        *(Paragraph("", ((f"Rule: {rule}", "dim"),)) for rule in rules),
        *(
            Paragraph("", f"{_place_words(finding)}{finding.summary}{effect_words(finding)}")
            for finding in group.findings
        ),
        *(Paragraph("", f"→ {remedy}") for remedy in group.remedies),
    ]


def _place_words(finding: Finding) -> str:
    """Variant and split, where the sentence does not begin with one of them."""
    named = [finding.where[key] for key in ("variant", "split") if key in finding.where]
    begins = any(finding.summary.startswith(name) for name in named)
    return f"{', '.join(named)}: " if named and not begins else ""


def data_section(splits: Mapping[str, SplitRecord]) -> OutputSection:
    """Sizes of every split, and all that is odd about it and was kept."""
    blocks: list[Paragraph] = []
    for name, split in splits.items():
        size = f"{count(split.rows, 'row')}, {count(len(split.classes), 'class', 'classes')}"
        blocks.append(
            Paragraph(name, f"{size}, {split.mean_length:.1f} tokens on average, {split.max_length:,} at most")
        )
        blocks += [Paragraph("", ((odd, "yellow"),)) for odd in _find_odd(split)]
    return OutputSection("Data", blocks)


def _find_odd(split: SplitRecord) -> list[str]:
    found: list[str] = []
    if split.empty_rows:
        found.append(f"{count(split.empty_rows, 'empty row')}, kept and scored")
    if split.unknown_label_rows:
        found.append(f"{count(split.unknown_label_rows, 'row')} with a label that train lacks, counted as wrong")
    if split.unseen_token_rate:
        found.append(f"{split.unseen_token_rate * 100:.2g} % of its tokens do not occur in train")
    if split.name != "train" and len(split.classes) == 1:
        found.append("only one class: accuracy here says little")
    return found


def notes_sections(notes: Sequence[str]) -> list[OutputSection]:
    """Every note, where there is one."""
    return [OutputSection("Notes", name_first("", notes))] if notes else []
