"""Every check of data."""

from brittlestar.audits.labels import classes, conflict, noise
from brittlestar.audits.leaks import near, preprocess, shared_rows
from brittlestar.audits.rows import difficulty, encoding, train_rows, truncation
from brittlestar.audits.shifts import combination, margins, order, overall, tokens
from brittlestar.audits.shortcuts import bag, single
from brittlestar.audits.tables import misaligned, places, vectors
from brittlestar.audits.tokens import collision, mismatch, padding, unknown
from brittlestar.core.checks import Check

CHECKS: tuple[Check, ...] = (
    shared_rows.exact,
    near.near_copies,
    shared_rows.group,
    shared_rows.selection,
    preprocess.preprocess,
    margins.label,
    margins.length,
    tokens.vocabulary,
    tokens.composition,
    order.order,
    combination.combination,
    overall.overall,
    single.length,
    single.position,
    single.token,
    bag.bag,
    conflict.conflict,
    noise.noise,
    classes.imbalance,
    classes.missing,
    train_rows.duplicates,
    train_rows.small,
    difficulty.difficulty,
    train_rows.sorted_rows,
    encoding.encoding,
    truncation.truncation,
    collision.collision,
    mismatch.mismatch,
    unknown.unknown_tokens,
    padding.padding,
    vectors.frozen,
    misaligned.misaligned_rows,
    vectors.unused_rows,
    vectors.collapsed_vectors,
    vectors.exploding,
    places.position_missing,
    places.position_overflow,
    places.padding_side,
)
"""In the order in which a reader wants them."""
