"""Every check of what probes did to models."""

from brittlestar.core.checks import Check
from brittlestar.diagnosis.probes import conditions, position_missing, presented, token_brittle

CHECKS: tuple[Check, ...] = (
    conditions.probe_order_blind,
    conditions.probe_order_brittle,
    conditions.probe_composition_brittle,
    conditions.probe_combination_brittle,
    conditions.probe_length_brittle,
    token_brittle.probe_token_brittle,
    conditions.probe_factor_blind,
    conditions.probe_factor_brittle,
    conditions.probe_contrast_blind,
    conditions.probe_noise_brittle,
    conditions.probe_expectation,
    position_missing.position_missing,
    presented.padding_leaks,
    presented.padding_batch,
    presented.eval_stochastic,
    conditions.eval_slice,
    conditions.eval_calibration,
)
"""In the order in which a reader wants them."""
