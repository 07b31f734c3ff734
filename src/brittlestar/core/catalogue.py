"""Every check of the package, by what it needs, in the order in which a reader wants them."""

import functools
import importlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from brittlestar.core.checks import Check, Needs, check_of, join_checks, run_checks
from brittlestar.core.findings import Finding

MODULES: Mapping[Needs, tuple[str, ...]] = {
    "data": (
        "audits.leaks.exact",
        "audits.leaks.near",
        "audits.leaks.group",
        "audits.leaks.selection",
        "audits.leaks.preprocess",
        "audits.shifts.label",
        "audits.shifts.length",
        "audits.shifts.vocabulary",
        "audits.shifts.composition",
        "audits.shifts.order",
        "audits.shifts.combination",
        "audits.shifts.overall",
        "audits.shortcuts.length",
        "audits.shortcuts.position",
        "audits.shortcuts.token",
        "audits.shortcuts.bag",
        "audits.labels.conflict",
        "audits.labels.noise",
        "audits.labels.imbalance",
        "audits.labels.missing",
        "audits.rows.duplicates",
        "audits.rows.small",
        "audits.rows.sorted",
        "audits.rows.encoding",
        "audits.rows.truncation",
        "audits.tokens.collision",
        "audits.tokens.mismatch",
        "audits.tokens.unknown",
        "audits.tokens.padding",
        "audits.tables.frozen",
        "audits.tables.misaligned",
        "audits.tables.unused",
        "audits.tables.collapsed",
        "audits.tables.exploding",
        "audits.tables.position_missing",
        "audits.tables.position_overflow",
        "audits.tables.padding_side",
    ),
    "record": (
        "diagnosis.eval_checkpoint",
        "diagnosis.eval_metric",
        "diagnosis.eval_disagree",
        "diagnosis.eval_ceiling",
        "diagnosis.eval_train_mismatch",
        "diagnosis.leak_selection",
        "diagnosis.seen.train_loss_mismatch",
        "diagnosis.seen.train_unchanged",
        "diagnosis.seen.train_gradient_accumulating",
        "diagnosis.seen.train_batching",
        "diagnosis.seen.train_rate_high",
        "diagnosis.seen.train_rate_low",
        "diagnosis.seen.train_clip_bound",
        "diagnosis.seen.train_symmetric",
        "diagnosis.seen.train_over_regularised",
        "diagnosis.seen.train_optimiser",
        "diagnosis.seen.train_capacity",
        "diagnosis.seen.embedding_frozen",
        "diagnosis.seen.train_gradient_vanishing",
        "diagnosis.seen.train_gradient_exploding",
        "diagnosis.seen.train_dead_units",
        "diagnosis.seen.train_saturated",
        "diagnosis.seen.data_truncation",
        "diagnosis.seen.data_small",
        "diagnosis.seen.token_unknown",
        "diagnosis.seen.token_collision",
        "diagnosis.seen.token_padding",
        "diagnosis.train_nonfinite",
        "diagnosis.train_diverging",
        "diagnosis.train_overfit",
        "diagnosis.train_plateau",
        "diagnosis.train_short",
        "diagnosis.seed_inert",
        "diagnosis.seed_collapse",
        "diagnosis.seed_unstable",
        "diagnosis.seed_undeclared",
        "diagnosis.report_inert",
        "diagnosis.report_undeclared",
        "diagnosis.claim_unequal_budget",
    ),
    "answers": (
        "diagnosis.eval_constant",
        "diagnosis.eval_label_order",
    ),
    "probes": (
        "diagnosis.probes.order_blind",
        "diagnosis.probes.order_brittle",
        "diagnosis.probes.composition_brittle",
        "diagnosis.probes.combination_brittle",
        "diagnosis.probes.length_brittle",
        "diagnosis.probes.token_brittle",
        "diagnosis.probes.factor_blind",
        "diagnosis.probes.factor_brittle",
        "diagnosis.probes.contrast_blind",
        "diagnosis.probes.noise_brittle",
        "diagnosis.probes.expectation",
        "diagnosis.probes.position_missing",
        "diagnosis.probes.padding_leaks",
        "diagnosis.probes.padding_batch",
        "diagnosis.probes.eval_stochastic",
        "diagnosis.probes.eval_slice",
        "diagnosis.probes.eval_calibration",
    ),
    "claims": (
        "claims.claim_underpowered",
        "claims.claim_easy_benchmark",
        "claims.claim_selected",
        "claims.claim_untuned",
        "claims.eval_below_trivial",
    ),
}
"""Modules with CODE and `check`, below `brittlestar`. A code may be looked for in data and in models: its checks have
different needs. They are named, and not imported, so that whoever reads one kind
loads that kind alone."""


@functools.cache
def find_checks(needs: Needs) -> Mapping[str, Check]:
    """{code: check} of those that need this. A check's docstring is the documentation page of its code."""
    modules = (importlib.import_module(f"brittlestar.{name}") for name in MODULES[needs])
    return MappingProxyType({check.code: check for check in (check_of(module, needs) for module in modules)})


def check_all(needs: Needs, subject: Any, own: Sequence[Check] = ()) -> list[Finding]:
    """Findings of all our checks that need this about one subject, then those of `own`, whose other kinds are left
    out. Raises InputError for a code that is given twice."""
    return run_checks(join_checks(find_checks(needs), own, needs).values(), subject)
