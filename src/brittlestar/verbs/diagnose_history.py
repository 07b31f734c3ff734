"""`diagnose --history`: what can be said from learning curves made elsewhere, and what cannot."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from brittlestar.core.catalogue import NEEDS, find_checks
from brittlestar.core.checks import choose_codes
from brittlestar.core.commands import fill_commands, follow_kind
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.logged_curves import CODES, check_log, choose_leaning, describe_curves
from brittlestar.pipeline.diagnose_result import DiagnoseResult, ExperimentPlan
from brittlestar.reports.finding_groups import rank_findings
from brittlestar.training.logged_runs import read_log

UNSETTLED = "Curves alone do not settle it; a study of the data (the run command)."


def diagnose_history(history: str | Path, *, only: Sequence[str] = ()) -> DiagnoseResult:
    """Name what learning curves made elsewhere show of a training, and what they cannot show.

    The curves are read by the checks of studies, by the same rules: what takes five seeds there takes five runs here.
    Losses are taken for a mean cross-entropy in nats.

    Args:
        history (--history FILE): Learning curves made elsewhere, in place of a study: .csv, .jsonl or a Trainer's
            trainer_state.json. In Python, too, a row is an epoch or a step, and a column `seed` tells several runs
            apart, which differ in the seed alone.
        only (CODE,…): Codes, or the first part of codes (`train`): findings of these alone.

    Returns:
        The findings, those that are likely, and what the curves show in a sentence.

    Raises:
        InputError: The log cannot be read, or an option cannot be used.

    Example:
        >>> from brittlestar import diagnose_history
        >>> from pathlib import Path
        >>> rows = [f"{epoch},{0.7 / epoch:.3f},{0.6 + 0.01 * epoch:.3f}" for epoch in range(1, 11)]
        >>> _ = Path("curves.csv").write_text("\\n".join(["epoch,loss,val_loss", *rows]))
        >>> found = diagnose_history("curves.csv")
        >>> [one.code for one in found.likely]
        ['train.overfit']
    """
    chosen, unknown = choose_codes(only, CODES)
    if unknown:
        hint = f"curves show {', '.join(CODES)}"
        raise InputError(f"nothing is looked for in curves by the name {unknown[0]}", "--only", hint)
    record = read_log(Path(history))
    findings: list[Finding] = []
    for one in (finding for finding in check_log(record) if finding.code in chosen):
        sentence = fill_commands(follow_kind(one.remedy, "the curves"), None)
        findings.append(replace(one, remedy=sentence or UNSETTLED) if one.remedy else one)
    checks = sum(len(find_checks(needs)) for needs in NEEDS)
    shown = {
        "Shows": describe_curves(record),
        "Read": f"{'; '.join(record.notes)}.",
        "Unseen": f"Gradients, weights, predictions and data: {checks - len(CODES)} of {checks} checks need more than "
        "curves. A study of the data (the run command) has them.",
    }
    plan, likely = ExperimentPlan(why_none="a log has nothing to train"), choose_leaning(findings, record)
    return DiagnoseResult(
        rank_findings(findings, record.main, None), (), None, record.main, "", plan, 0, likely=likely, shown=shown
    )
