"""`diagnose --history`: what can be said from learning curves made elsewhere, and what cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from brittlestar.core.catalogue import MODULES
from brittlestar.core.checks import choose_codes
from brittlestar.core.commands import for_logged_curves
from brittlestar.core.errors import InputError
from brittlestar.diagnosis.logged_curves import CODES, check_runs, describe_runs, name_runs
from brittlestar.training.logs.logged_runs import read_log
from brittlestar.verbs.history_result import HistoryResult


def diagnose_history(
    history: Any,
    *,
    columns: Mapping[str, str] | None = None,
    only: Sequence[str] = (),
) -> HistoryResult:
    """Name what learning curves made elsewhere show of a training, and what they cannot show.

    The curves are read by the checks of studies, by the same rules: what takes five seeds there takes five runs here.
    Losses are taken for a mean cross-entropy in nats.

    Args:
        history: One log, with a row for each epoch or step: a CSV, TSV, JSON Lines or Parquet file, a frame, a dict of
            columns, or a list of dicts. Several runs, which differ in the seed alone, have a column `seed`.
        columns: Columns by role, of those whose names say nothing: `{"dev.loss": "Value"}`.
        only: Codes, or the first part of codes (`train`): findings of these alone.

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
    findings = [
        replace(one, remedy=for_logged_curves(one.remedy)) if one.remedy else one
        for one in check_runs(runs)
        if one.code in chosen
    ]
    n_codes = sum(len(modules) for modules in MODULES.values())
    return HistoryResult(tuple(findings), runs, name_runs(runs), describe_runs(runs), n_codes - len(CODES), n_codes)
