"""Every check that reads probes, by the code it reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes import (
    combination_brittle,
    composition_brittle,
    contrast_blind,
    eval_calibration,
    eval_slice,
    eval_stochastic,
    expectation,
    factor_blind,
    factor_brittle,
    length_brittle,
    noise_brittle,
    order_blind,
    order_brittle,
    padding_batch,
    padding_leaks,
    token_brittle,
)
from brittlestar.diagnosis.probes.explaining import explain_findings
from brittlestar.diagnosis.probes.questions import Asked

Check = Callable[[Asked], Iterable[Finding]]

CHECKS: Mapping[str, Check] = {
    one.CODE: one.check
    for one in (
        order_blind,
        order_brittle,
        composition_brittle,
        combination_brittle,
        length_brittle,
        token_brittle,
        factor_blind,
        factor_brittle,
        contrast_blind,
        noise_brittle,
        expectation,
        padding_leaks,
        padding_batch,
        eval_stochastic,
        eval_slice,
        eval_calibration,
    )
}
"""{code: check}. A check's docstring is the documentation page of its code."""


def check_probes(asked: Asked) -> tuple[Finding, ...]:
    """All findings about a probed study; those that another one explains say so."""
    return explain_findings(asked, [finding for check in CHECKS.values() for finding in check(asked)])
