"""Every check of this room, by the code it reports, in the order in which a reader wants them."""

from __future__ import annotations

from collections.abc import Mapping

from brittlestar.audits.check import Check, check_of
from brittlestar.audits.labels import conflict as label_conflict
from brittlestar.audits.labels import imbalance as label_imbalance
from brittlestar.audits.labels import missing as label_missing
from brittlestar.audits.labels import noise as label_noise
from brittlestar.audits.leaks import exact as leak_exact
from brittlestar.audits.leaks import group as leak_group
from brittlestar.audits.leaks import near as leak_near
from brittlestar.audits.leaks import preprocess as leak_preprocess
from brittlestar.audits.leaks import selection as leak_selection
from brittlestar.audits.rows import duplicates as data_duplicates
from brittlestar.audits.rows import encoding as data_encoding
from brittlestar.audits.rows import small as data_small
from brittlestar.audits.rows import sorted as data_sorted
from brittlestar.audits.rows import truncation as data_truncation
from brittlestar.audits.shifts import combination as shift_combination
from brittlestar.audits.shifts import composition as shift_composition
from brittlestar.audits.shifts import label as shift_label
from brittlestar.audits.shifts import length as shift_length
from brittlestar.audits.shifts import order as shift_order
from brittlestar.audits.shifts import overall as shift_overall
from brittlestar.audits.shifts import vocabulary as shift_vocabulary
from brittlestar.audits.shortcuts import bag as shortcut_bag
from brittlestar.audits.shortcuts import length as shortcut_length
from brittlestar.audits.shortcuts import position as shortcut_position
from brittlestar.audits.shortcuts import token as shortcut_token
from brittlestar.audits.tables import collapsed as embedding_collapsed
from brittlestar.audits.tables import exploding as embedding_exploding
from brittlestar.audits.tables import frozen as embedding_frozen
from brittlestar.audits.tables import misaligned as embedding_misaligned
from brittlestar.audits.tables import padding_side, position_missing, position_overflow
from brittlestar.audits.tables import unused as embedding_unused
from brittlestar.audits.tokens import collision as token_collision
from brittlestar.audits.tokens import mismatch as token_mismatch
from brittlestar.audits.tokens import padding as token_padding
from brittlestar.audits.tokens import unknown as token_unknown

_MODULES = (
    leak_exact,
    leak_near,
    leak_group,
    leak_selection,
    leak_preprocess,
    shift_label,
    shift_length,
    shift_vocabulary,
    shift_composition,
    shift_order,
    shift_combination,
    shift_overall,
    shortcut_length,
    shortcut_position,
    shortcut_token,
    shortcut_bag,
    label_conflict,
    label_noise,
    label_imbalance,
    label_missing,
    data_duplicates,
    data_small,
    data_sorted,
    data_encoding,
    data_truncation,
    token_collision,
    token_mismatch,
    token_unknown,
    token_padding,
    embedding_frozen,
    embedding_misaligned,
    embedding_unused,
    embedding_collapsed,
    embedding_exploding,
    position_missing,
    position_overflow,
    padding_side,
)

CHECKS: Mapping[str, Check] = {check.code: check for check in map(check_of, _MODULES)}
"""{code: check}. A check's docstring is the documentation page of its code; each can be run alone."""
