"""The report as one offline HTML page: nothing loaded from anywhere, and the same bytes for the same study, but for the
address of the documentation in links."""

import hashlib
import shlex
from collections import Counter
from typing import Any

from brittlestar.claims.variance_sources import list_crossed_streams
from brittlestar.core.commands import Advice, command, fill_commands, follow_kind
from brittlestar.core.probing import RAISED
from brittlestar.diagnosis.probes.phrasing import PLAIN_TITLE
from brittlestar.diagnosis.probes.presented import WAYS
from brittlestar.diagnosis.variant_runs import suggest_rerun
from brittlestar.reports.answers.evidence import is_given
from brittlestar.reports.audit_section import make_audit_section
from brittlestar.reports.cards import make_cards
from brittlestar.reports.claim_cards import claim_anchors, claim_cards
from brittlestar.reports.diagnosis import describe_causes
from brittlestar.reports.figures.gallery import gallery
from brittlestar.reports.figures.learning import MOST_BIDIRECTIONAL, ablations, bidirectional
from brittlestar.reports.finding_groups import group_absent, group_inapplicable, group_open
from brittlestar.reports.first_screen import list_screen_words
from brittlestar.reports.html import render_page
from brittlestar.reports.listing import flatten_values, list_variant_settings, logs, setting_rows
from brittlestar.reports.result_files import RESULTS, write_result
from brittlestar.reports.study_view import StudyView, fill_reading
from brittlestar.study.in_effect import list_in_effect
from brittlestar.study.row_filters import name_slice
from brittlestar.study.units import count

WEIGHT = "This page weighs … MB."
"""Stands in the footer until the page is whole, and can be weighed."""


def page(reading: StudyView, kept: bool = True) -> str:
    """The page as HTML text, as `render_page` has it. A study that is not `kept` has no folder that commands name."""
    place = shlex.quote(reading.record.folder)
    reading = fill_reading(reading, place)
    record = reading.record
    figures = gallery(reading)
    audit = make_audit_section(record.audit, tuple(record.splits), record.main)
    claims = claim_cards(reading)
    cards = make_cards(reading.of_training, record.main)

    def anchor(code: str) -> str | None:
        return cards.anchor(code) or (None if audit is None else audit["cards"].anchor(code))

    results = write_result(RESULTS, reading.document)
    text = render_page(
        "page.html.j2",
        figures,
        weight=WEIGHT,
        reading=reading,
        record=record,
        document=reading.document,
        **list_screen_words(reading.headline, claim_anchors(claims, reading), anchor),
        again=command("report", place) if kept else None,
        claims=claims,
        audit=audit,
        probed=reading.probed,
        words_of_probes={"plain": PLAIN_TITLE, "ways": WAYS, "raised": RAISED},
        cards=cards,
        diagnosis=describe_causes(reading, anchor),
        open_findings=group_open(reading.of_training),
        absent=group_absent(reading.of_training),
        inapplicable=group_inapplicable(reading.of_training),
        unseen=[(what, fill_commands(cost, place)) for what, cost in list_unseen(reading)],
        curves=_list_curves(reading),
        same=_find_same_metrics(reading),
        **_list_scores(reading),
        slices={} if reading.numbers is None else reading.numbers.slices,
        slices_on="" if reading.numbers is None else reading.numbers.all.split,
        name_slice=name_slice,
        **_list_appendix(reading, place),
        splits=record.splits,
        place=place if kept else None,
        digest=hashlib.sha256(results).hexdigest(),
    )
    before, _, after = text.rpartition(WEIGHT)
    return before + WEIGHT.replace("…", f"{len(text.encode()) / 1e6:.1f}") + after


def _list_scores(reading: StudyView) -> dict[str, Any]:
    splits = reading.record.splits
    return {
        "metrics": sorted(reading.record.metrics, key=lambda metric: metric != reading.metric),
        "scored_splits": {name: split for name, split in splits.items() if _is_scored(reading, name)},
        "seeds_each": _seeds_each(reading),
        "sources": [one["sentence"] for one in reading.document.get("sources", ())],
    }


def _list_appendix(reading: StudyView, place: str) -> dict[str, Any]:
    record = reading.record
    return {
        "main_settings": setting_rows(list_in_effect(record, record.main)),
        "variant_settings": list_variant_settings(record),
        "surroundings": flatten_values(record.environment) if record.environment else [],
        "logs": logs(reading, place),
    }


def _find_same_metrics(reading: StudyView) -> str | None:
    """The finding that factor-weighted accuracies are accuracy under another name, which stands beside the curves."""
    notes = (finding for finding in reading.findings if finding.code == "eval.metric" and finding.status == "present")
    return next((note.summary for note in notes if "metric" in note.where), None)


def _seeds_each(reading: StudyView) -> str:
    """`5 seeds`, or `5 to 40 seeds` where variants have different numbers; runs where they are crossed."""
    planned = [*Counter(cell.variant for cell in reading.record.cells).values()] or [0]
    word = "run" if list_crossed_streams(reading.record) else "seed"
    low, high = min(planned), max(planned)
    return count(high, word) if low == high else f"{low} to {count(high, word)}"


def _is_scored(reading: StudyView, split: str) -> bool:
    """Whether any variant has a score on the split; the headline split is shown without one too."""
    return split == reading.split or any(reading.entry(name, split)["seeds"] for name in reading.record.variants)


def _list_curves(reading: StudyView) -> dict[str, Any]:
    """What the page says of curves that are not pictured: variants that read both ways, those beyond the figures, and
    context ablations."""
    both = bidirectional(reading)
    return {
        "given": is_given(reading.subject),
        "both_ways": both,
        "beyond": [name for name in both if name != reading.record.main][MOST_BIDIRECTIONAL:],
        "ablations": ablations(reading),
    }


def list_unseen(reading: StudyView) -> list[tuple[str, str | Advice]]:
    """What was not examined, and what it costs to examine it: nothing that an answer, claim or finding says already."""
    record, main, given = reading.record, reading.subject, is_given(reading.subject)
    built_in = not main.own and any(setting.path == "model.family" for setting in main.settings)
    found: list[tuple[str, str | Advice]] = []
    missing = [cell for cell in record.cells if cell.state != "done"]
    if missing:
        states = {
            state: sum(cell.state == state for cell in missing) for state in ("planned", "running", "failed", "lost")
        }
        listed = ", ".join(f"{many} {state}" for state, many in states.items() if many)
        found.append((f"{count(len(missing), 'run')} without a result ({listed}).", suggest_rerun(missing)))
    if reading.probed is None and built_in and reading.done(record.main):
        found.append(("Changes of the input: no model was probed.", Advice((command("probe"), " trains nothing."))))
    if record.streams.get("split", "off") == "off" and not given:
        cost = f"`streams: {{split: varied}}` in the study file trains {count(len(record.cells), 'run')} again."
        found.append(("Other training sets: train and dev are the same for every seed.", cost))
    return [(what, follow_kind(cost, in_memory=record.in_memory)) for what, cost in found]
