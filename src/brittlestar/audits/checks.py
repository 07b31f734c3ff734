"""Every check of this room, by the code it reports, in the order in which a reader wants them."""

from __future__ import annotations

from collections.abc import Mapping

from brittlestar.audits.check import Check, check_of
from brittlestar.audits.leaks import exact as leak_exact
from brittlestar.audits.leaks import group as leak_group
from brittlestar.audits.leaks import near as leak_near
from brittlestar.audits.leaks import preprocess as leak_preprocess
from brittlestar.audits.leaks import selection as leak_selection
from brittlestar.audits.shortcuts import bag as shortcut_bag
from brittlestar.audits.shortcuts import length as shortcut_length
from brittlestar.audits.shortcuts import position as shortcut_position
from brittlestar.audits.shortcuts import token as shortcut_token

_MODULES = (
    leak_exact,
    leak_near,
    leak_group,
    leak_selection,
    leak_preprocess,
    shortcut_length,
    shortcut_position,
    shortcut_token,
    shortcut_bag,
)

CHECKS: Mapping[str, Check] = {check.code: check for check in map(check_of, _MODULES)}
"""{code: check}. A check's docstring is the documentation page of its code; each can be run alone."""
