"""The report as one offline HTML page: the same bytes for the same study, nothing loaded from anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from brittlestar.core.errors import MissingExtraError
from brittlestar.core.findings import Finding
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.reports import render
from brittlestar.reports.badges import badges
from brittlestar.reports.document import plain
from brittlestar.reports.figures.context import ablations
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.figures.gallery import MOST_BIDIRECTIONAL, gallery
from brittlestar.reports.figures.learning import bidirectional
from brittlestar.reports.listing import flattened, logs, setting_rows, text, variant_settings
from brittlestar.reports.reading import Reading, same_metrics
from brittlestar.reports.sentences import claim_texts, headline, ranked, reasons, unseen
from brittlestar.reports.units import count, unit_of

MOST_OPEN_ROWS = 60
"""Tables of cells longer than this start folded."""


@dataclass(frozen=True)
class Shown:
    """A figure as it stands in the page: `svg` is empty when vl-convert is missing; `live` is JSON or empty."""

    figure: Figure
    svg: Markup
    live: Markup


def page(reading: Reading) -> str:
    """The page as HTML text. Without vl-convert the figures are replaced by the line that installs it."""
    figures = gallery(reading)
    try:
        shown, missing = {name: _shown(figure) for name, figure in figures.items()}, ""
        script = Markup(render.javascript()) if any(item.live for item in shown.values()) else Markup("")
    except MissingExtraError as error:
        missing = str(error)
        shown = {name: Shown(figure, Markup(""), Markup("")) for name, figure in figures.items()}
        script = Markup("")
    order = ranked(reading.findings)
    metrics = sorted(reading.record.metrics, key=lambda metric: metric != reading.metric)
    results = pretty_json(results_document(reading))
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            reading=reading,
            record=reading.record,
            document=reading.document,
            figures=shown,
            missing=missing,
            absent_figures=_absent(reading, figures),
            script=script,
            badges=badges(reading),
            headline=headline(reading),
            claims=claim_texts(reading),
            reasons=reasons(reading),
            unseen=unseen(reading),
            findings={
                status: [f for f in order if f.status == status] for status in ("present", "inconclusive", "absent")
            },
            absent=_by_rule([finding for finding in order if finding.status == "absent"]),
            same=same_metrics(reading),
            metrics=metrics,
            baseline_settings=setting_rows(reading.subject.settings),
            variant_settings=variant_settings(reading),
            environment=flattened(reading.record.environment) if reading.record.environment else [],
            environment_digest=digest(plain(reading.record.environment)),
            logs=logs(reading),
            digest=hashlib.sha256(results).hexdigest(),
            most_open_rows=MOST_OPEN_ROWS,
        )
    )


def results_document(reading: Reading) -> dict[str, Any]:
    """The document without `timing`: what results.json holds, the same bytes for the same study."""
    return {key: value for key, value in reading.document.items() if key != "timing"}


def _shown(figure: Figure) -> Shown:
    live = Markup(render.embedded_json(figure.live)) if figure.live is not None else Markup("")
    return Shown(figure, Markup(render.inline_svg(figure)), live)


def _absent(reading: Reading, figures: dict[str, Figure]) -> list[str]:
    """Why a figure of the story is not there."""
    reasons: list[str] = []
    if "figure-1" not in figures:
        reasons.append("Figure 1 is missing: no finished cell of the baseline recorded curves of dev over epochs.")
    if "figure-2" not in figures and reading.record.baseline not in bidirectional(reading):
        reasons.append(
            "Figure 2 is missing: no bidirectional variant has finished."
            if bidirectional(reading)
            else "Figure 2 is missing: no variant reads the sequence both ways (model.bidirectional: true)."
        )
    rest = [arm for arm in bidirectional(reading) if arm != reading.record.baseline][MOST_BIDIRECTIONAL:]
    if rest:
        reasons.append(f"Not pictured: {count(len(rest), 'more bidirectional variant')} ({', '.join(rest)}).")
    if "figure-3" not in figures:
        reasons.append(
            "Figure 3 is missing: no context ablation has finished with curves."
            if ablations(reading)
            else "Figure 3 is missing: no variant changes data.order, data.factor or data.spelling."
        )
    return reasons


def _by_rule(findings: Sequence[Finding]) -> list[tuple[tuple[str, str], list[Finding]]]:
    """Findings under their code and rule, so that a rule is written once."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.code, finding.threshold), []).append(finding)
    return list(groups.items())


def prose(sentence: str) -> Markup:
    """Text for a page: escaped, and what stands between backticks as code."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        return escape(sentence)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part) for index, part in enumerate(parts)
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("brittlestar.reports", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    filters = cast(dict[str, Any], environment.filters)
    filters.update(prose=prose, text=text, count=count, unit=unit_of, flattened=flattened)
    return environment
