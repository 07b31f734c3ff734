"""The report as one offline HTML page: the same bytes for the same study, nothing loaded from anywhere."""

from __future__ import annotations

import hashlib
import html
import shlex
from typing import Any

from brittlestar.core.commands import filled
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.core.plain import plain
from brittlestar.reports.audit_view import audit_view
from brittlestar.reports.figures.context import ablations
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.figures.gallery import MOST_BIDIRECTIONAL, gallery
from brittlestar.reports.figures.learning import bidirectional
from brittlestar.reports.headline_text import QUESTIONS, headline_lines
from brittlestar.reports.html import by_rule, environment, shown
from brittlestar.reports.html import prose as prose
from brittlestar.reports.listing import flattened, logs, setting_rows, variant_settings
from brittlestar.reports.probes import probes_view
from brittlestar.reports.reading import Reading, same_metrics
from brittlestar.reports.sentences import claim_texts, ranked, reasons, unseen
from brittlestar.reports.units import count
from brittlestar.verdicts.sources import crossed

MOST_OPEN_ROWS = 60
"""Tables of cells longer than this start folded."""


def page(reading: Reading) -> str:
    """The page as HTML text. Without vl-convert the figures are replaced by the line that installs it."""
    figures = gallery(reading)
    drawn = shown(figures)
    order = ranked(reading.of_training)
    metrics = sorted(reading.record.metrics, key=lambda metric: metric != reading.metric)
    results = pretty_json(results_document(reading))
    text = (
        environment()
        .get_template("page.html.j2")
        .render(
            reading=reading,
            record=reading.record,
            document=reading.document,
            audit=audit_view(reading.record.audit, tuple(reading.record.splits)),
            figures=drawn.figures,
            missing=drawn.missing,
            again="brittlestar report STUDY",
            absent_figures=_absent(reading, figures),
            script=drawn.script,
            headline=headline_lines(reading.headline),
            answers=[(QUESTIONS[name], decision) for name, decision in reading.headline.answers.items()],
            claims=claim_texts(reading),
            sources=[one["sentence"] for one in reading.document.get("sources", ())],
            reasons=reasons(reading),
            unseen=unseen(reading),
            findings={
                status: [f for f in order if f.status == status] for status in ("present", "inconclusive", "absent")
            },
            absent=by_rule([finding for finding in order if finding.status == "absent"]),
            same=same_metrics(reading),
            metrics=metrics,
            baseline_settings=setting_rows(reading.subject.settings),
            variant_settings=variant_settings(reading),
            surroundings=flattened(reading.record.environment) if reading.record.environment else [],
            environment_digest=digest(plain(reading.record.environment)),
            logs=logs(reading),
            digest=hashlib.sha256(results).hexdigest(),
            most_open_rows=MOST_OPEN_ROWS,
            seeds_each=_seeds_each(reading),
            probes=None if reading.probed is None else probes_view(reading.probed),
        )
    )
    return filled(text, html.escape(shlex.quote(reading.record.folder)))


def _seeds_each(reading: Reading) -> str:
    """`5 seeds`, or `5 to 40 seeds` where variants have different numbers; cells where they are crossed."""
    planned = [len(cells) for cells in reading.cells.values() if cells] or [0]
    word = "cell" if crossed(reading.record) else "seed"
    low, high = min(planned), max(planned)
    return count(high, word) if low == high else f"{low} to {count(high, word)}"


def results_document(reading: Reading) -> dict[str, Any]:
    """The document without `timing`: what results.json holds, the same bytes for the same study."""
    return {key: value for key, value in reading.document.items() if key != "timing"}


def _absent(reading: Reading, figures: dict[str, Figure]) -> list[str]:
    """Why a figure of the story is not there."""
    reasons: list[str] = []
    if "figure-1" not in figures:
        reasons.append("Figure 1 is missing: no finished cell of main recorded curves of dev over epochs.")
    if "figure-2" not in figures and reading.record.main not in bidirectional(reading):
        reasons.append(
            "Figure 2 is missing: no bidirectional variant has finished."
            if bidirectional(reading)
            else "Figure 2 is missing: no variant reads the sequence both ways (model.bidirectional: true)."
        )
    rest = [arm for arm in bidirectional(reading) if arm != reading.record.main][MOST_BIDIRECTIONAL:]
    if rest:
        reasons.append(f"Not pictured: {count(len(rest), 'more bidirectional variant')} ({', '.join(rest)}).")
    if "figure-3" not in figures:
        reasons.append(
            "Figure 3 is missing: no context ablation has finished with curves."
            if ablations(reading)
            else "Figure 3 is missing: no variant changes data.order, data.factor or data.spelling."
        )
    return reasons
