"""`diagnose --history`: what can be said from learning curves made elsewhere, and what cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from brittlestar.core.brief import brief_repr
from brittlestar.core.catalogue import MODULES
from brittlestar.core.checks import choose_codes
from brittlestar.core.commands import fill_commands, follow_kind
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.logged_curves import CODES, check_runs, choose_leaning, describe_runs, name_runs
from brittlestar.reports.finding_groups import rank_findings
from brittlestar.training.logs.logged_runs import LoggedRun, read_log

UNSETTLED = "Curves alone do not settle it; a study of the data (the run command)."


@dataclass(frozen=True, repr=False)
class HistoryResult:
    """All `findings` on the `runs` of logs, which findings call `name`; `shown` says what the curves show, in words.
    `unseen` of the `known` checks need more than curves."""

    __repr__ = brief_repr

    findings: tuple[Finding, ...]
    runs: tuple[LoggedRun, ...]
    name: str
    shown: str
    unseen: int
    known: int

    @property
    def causes(self) -> tuple[Finding, ...]:
        """Errors and warnings, the worst first."""
        return tuple(one for one in rank_findings(self.findings, self.name) if one.severity in ("error", "warning"))

    @property
    def leaning(self) -> tuple[Finding, ...]:
        """What is inconclusive for want of runs, and clearly beyond its threshold in those that there are."""
        return choose_leaning(self.findings, self.runs)

    @property
    def open(self) -> tuple[str, ...]:
        """Codes of what is inconclusive otherwise."""
        leaning = {one.code for one in self.leaning}
        return tuple(one.code for one in self.findings if one.status == "inconclusive" and one.code not in leaning)

    @property
    def absent(self) -> tuple[str, ...]:
        """Codes of what was looked for and is absent."""
        return tuple(one.code for one in self.findings if one.status == "absent")

    @property
    def document(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {
            "causes": [one.as_json() for one in self.causes],
            "leaning": [one.as_json() for one in self.leaning],
            "not_seen": list(self.open),
            "absent": list(self.absent),
            "shown": self.shown,
            "runs": [
                {
                    "name": run.name,
                    "seed": run.seed,
                    "points": run.points,
                    "unit": run.unit,
                    "columns": dict(run.columns),
                    "left_out": list(run.left_out),
                    "notes": list(run.notes),
                }
                for run in self.runs
            ],
            "checks_that_need_more": self.unseen,
            "checks": self.known,
        }

    @property
    def exit_code(self) -> int:
        """0: what was read was diagnosed."""
        return 0


def diagnose_history(
    history: Any, *, columns: Mapping[str, str] | None = None, only: Sequence[str] = ()
) -> HistoryResult:
    """Name what learning curves made elsewhere show of a training, and what they cannot show.

    The curves are read by the checks of studies, by the same rules: what takes five seeds there takes five runs here.
    Losses are taken for a mean cross-entropy in nats.

    Args:
        history (--history FILE): Learning curves made elsewhere, in place of a study: .csv, .tsv, .jsonl or .parquet.
            In Python also a frame, a dict of columns, or a list of dicts; a row for each epoch or step. Several runs,
            which differ in the seed alone, have a column `seed`.
        columns (--history-columns ROLE=COLUMN,…): Columns of `history`: dev.loss=Value,epoch=Step. In Python a mapping,
            of columns whose names say nothing.
        only (CODE,…): Codes, or the first part of codes (`train`): findings of these alone.

    Returns:
        The findings, the runs with the columns that were taken for what, and what the curves show in a sentence.

    Raises:
        InputError: The log cannot be read, or an option cannot be used.

    Example:
        >>> from brittlestar import diagnose_history
        >>> from pathlib import Path
        >>> rows = [f"{epoch},{0.7 / epoch:.3f},{0.6 + 0.01 * epoch:.3f}" for epoch in range(1, 11)]
        >>> _ = Path("curves.csv").write_text("\\n".join(["epoch,loss,val_loss", *rows]))
        >>> found = diagnose_history("curves.csv")
        >>> [one.code for one in found.leaning]
        ['train.overfit']
    """
    chosen, unknown = choose_codes(only, CODES)
    if unknown:
        hint = f"curves show {', '.join(CODES)}"
        raise InputError(f"nothing is looked for in curves by the name {unknown[0]}", "--only", hint)
    runs = read_log(history, columns)
    findings: list[Finding] = []
    for one in (one for one in check_runs(runs) if one.code in chosen):
        told = fill_commands(follow_kind(one.remedy, "the curves"), None)
        findings.append(replace(one, remedy=told or UNSETTLED) if one.remedy else one)
    n_codes = sum(len(modules) for modules in MODULES.values())
    return HistoryResult(tuple(findings), runs, name_runs(runs), describe_runs(runs), n_codes - len(CODES), n_codes)
