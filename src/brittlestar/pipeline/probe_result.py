"""What probes found, as Python and the command show it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.documents import begin_document
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.headline import Headline
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.probes.asked_metric import ConditionScore, score_conditions
from brittlestar.diagnosis.probes.phrasing import format_interval, format_points
from brittlestar.diagnosis.probes.summary import ProbeSummary, not_probed
from brittlestar.diagnosis.variant_runs import list_variant_runs
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.figures.probes import draw_conditions
from brittlestar.reports.finding_groups import fill_remedies, rank_findings
from brittlestar.reports.headline_text import style_answer
from brittlestar.reports.paragraphs import (
    Paragraph,
    cut_blocks,
    cut_items,
    name_failed,
    name_first,
    name_next,
    name_place,
)
from brittlestar.reports.result_text import counts_block, explain_leading, leading_blocks, order_blocks
from brittlestar.reports.showing import Shown, show_page
from brittlestar.reports.study_view import for_study
from brittlestar.statistics.t_intervals import Summary, t_interval
from brittlestar.store.layout import PAGE, Store, open_store
from brittlestar.store.split_answers import count_unseen
from brittlestar.study.units import count, unit_of

MOST_SCORES = 3
"""Conditions whose scores under another metric are printed: `-v` has all (convention)."""
MOST_SPLITS = 3
"""Added splits that are named: the others are counted, and `-v` has them (convention)."""


@dataclass(frozen=True, repr=False)
class ProbeResult(Shown):
    """What probes found: the record with every answer, what follows from it (None where no run was probed), the answers
    that the study now gives, with commands that can be pasted here, the store (None where a model was given beside no
    study), what could not be probed, added splits that it scored, how commands name the study or the data, how many
    conditions of the suite before are not among these, and another metric that conditions are scored by. Shown as text
    or in a notebook it says whether the score holds, and what was found."""

    record: StudyRecord
    summary: ProbeSummary | None
    headline: Headline
    store: Path | None
    problems: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    place: str = "STUDY"
    dropped: int = 0
    metric: str | None = None

    @property
    def _figure(self) -> Figure | None:
        if self.summary is None or not self.summary.variants:
            return None
        return draw_conditions(self.summary.variants, None, None)

    def show(self) -> Path:
        """Open the study's report in a browser, and return where it lies. Raises InputError without a study."""
        if self.store is None:
            raise InputError("a model beside no study has no report", "show", "probe a study's folder")
        return show_page(open_store(self.store).page, "report")

    open = show

    @property
    def blocks(self) -> list[Paragraph]:
        """Whether the score holds, added splits, what was found about main, counts, and where the rest is."""
        main, holds, found = self.record.main, self.headline.holds, self.findings
        note = f"{count(self.dropped, 'condition')} of the last suite, about other rows or labels, left the report. "
        again = [Paragraph("Note", f"{note}All of them again:"), *name_next("", f"brittlestar probe {self.place}")]
        return [
            Paragraph("Holds?", style_answer(holds)),
            *name_next("", holds.next),
            *order_blocks(self.summary),
            *self._split_blocks,
            *name_failed(self.problems),
            *self._metric_blocks,
            *leading_blocks(found, main),
            Paragraph("Probed", self._probed_words, most=3),
            counts_block(found, main),
            *explain_leading(found, main, self.record.in_memory),
            *(again if self.dropped else ()),
            *name_place("Report", self.store and Store(self.store).name_key(PAGE)),
        ]

    @property
    def _split_blocks(self) -> list[Paragraph]:
        items: list[list[Paragraph]] = []
        for split, scored in self.later.items():
            intervals = {
                variant: f" {format_interval(one.interval)}" if one.interval else "" for variant, one in scored.items()
            }
            scores = [
                f"{variant}: accuracy {format_points(one.mean)}{intervals[variant]} points"
                for variant, one in scored.items()
            ]
            about = Paragraph("Split", _about_split(split, self.facts[split]))
            items.append([about, Paragraph("", "; ".join(scores))])
        return cut_items(items, MOST_SPLITS, "split")

    @property
    def scores(self) -> tuple[ConditionScore, ...]:
        """Main under each condition by the metric that was named, the worst first; none without one. Raises InputError
        for a metric that probes do not keep enough for."""
        main = None if self.summary is None else self.summary.study.of(self.record.main)
        if self.metric is None or self.summary is None or main is None:
            return ()
        return score_conditions(self.summary.study, main, self.metric)

    @property
    def _metric_blocks(self) -> list[Paragraph]:
        if self.metric is None:
            return []
        unit = unit_of(self.metric)
        lines = [
            f"{one.title}: {unit.number(one.before)} → {unit.number(one.after)}, worse by {unit.amount(one.lost)} "
            f"{unit.interval(one.interval)}"
            for one in self.scores
        ]
        nothing = f"{unit.name} is not known: no changed row has a true label, or the answers are bare labels."
        return cut_blocks(name_first(unit.short, lines or [nothing]), MOST_SCORES, "condition")

    @property
    def _probed_words(self) -> str:
        """How many rows, conditions and runs there were, and which variants were not probed."""
        head = "nothing"
        if self.summary is not None:
            probes = self.summary.study.probes
            conditions = count(len(probes.conditions) - 1, "condition")
            head = f"{len(probes.sample):,} of {probes.of:,} rows of {probes.split} under {conditions}"
        return "; ".join(
            [head, *(f"{variant} was not probed: {reason}" for variant, reason in self.not_probed.items())]
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings about probes, with remedies that can be pasted here: those about main first, worse ones first."""
        if self.summary is None:
            return ()
        found = (
            for_study(finding, self.record)
            for finding in rank_findings(self.summary.findings, self.record.main, self.record.held_out)
        )
        return fill_remedies(found, self.place)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing of the data and how they were read."""
        return self.record.notes

    @property
    def not_probed(self) -> Mapping[str, str]:
        """{variant: why no cell of it has answers}."""
        return not_probed(self.record) if self.summary is None else self.summary.not_probed

    @property
    def later(self) -> dict[str, dict[str, Summary]]:
        """{later split: {variant: accuracy}}, with a t interval over seeds for these rows, as in the report."""
        return {
            split: {
                variant.name: t_interval(list(scores.values()))
                for variant in list_variant_runs(self.record)
                for scores in [variant.scores(split, "accuracy")]
                if scores
            }
            for split in self.splits
        }

    @property
    def facts(self) -> dict[str, dict[str, float]]:
        """{later split: its rows, those with a label that train lacks, those whose sequence is in train, and the
        share of its tokens that train lacks}."""
        if self.store is None or not self.splits:
            return {}
        fresh = count_unseen(open_store(self.store), self.splits)
        return {
            split: {
                "rows": one.rows,
                "unknown_label_rows": one.unknown_label_rows,
                "rows_in_train": one.rows - fresh[split],
                "unseen_token_rate": one.unseen_token_rate,
            }
            for split in self.splits
            for one in [self.record.splits[split]]
        }

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        facts = self.facts
        return {
            **begin_document(self.headline.as_json()),
            "probes": None if self.summary is None else self.summary.as_json(),
            "findings": [finding.document for finding in self.findings],
            **({} if self.metric is None else {"metric": self.metric, "scores": [asdict(one) for one in self.scores]}),
            "problems": list(self.problems),
            "not_probed": dict(self.not_probed),
            "splits": {
                split: {
                    **facts[split],
                    "accuracy": {
                        variant: {"mean": one.mean, "interval": one.interval, "seeds": one.n}
                        for variant, one in scored.items()
                    },
                }
                for split, scored in self.later.items()
            },
            "store": None if self.store is None else str(self.store),
        }

    @property
    def exit_code(self) -> int:
        """0, or 1 where a finished cell could not be probed."""
        return 1 if self.problems else 0


def _about_split(split: str, facts: Mapping[str, float]) -> str:
    parts = [f"{facts['rows']:,} rows"]
    if facts["unknown_label_rows"]:
        parts.append(f"{facts['unknown_label_rows']:,} of them with a label that train lacks")
    if facts["rows_in_train"]:
        parts.append(f"{facts['rows_in_train']:,} of them are in train")
    return f"{split}: {', '.join(parts)}; {100 * facts['unseen_token_rate']:.1f} % of its tokens are new to train"
