"""Every check of this room, by the code it reports, in the order in which a reader wants them."""

from __future__ import annotations

from collections.abc import Mapping

from brittlestar.audits.check import Check, check_of
from brittlestar.audits.leaks import exact as leak_exact

_MODULES = (leak_exact,)

CHECKS: Mapping[str, Check] = {check.code: check for check in map(check_of, _MODULES)}
"""{code: check}. A check's docstring is the documentation page of its code; each can be run alone."""
