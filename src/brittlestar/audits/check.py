"""What a check is, and how one that others wrote is taken in."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from brittlestar.audits.analysis import Analysis
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding

CODE_PATTERN = re.compile(r"[a-z][a-z0-9]*\.[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Check:
    """One check: `function(analysis)` yields findings with this `code`; its docstring is the page of the code.

    It draws randomness only from `core.seeds.generator(0, code, …)`, changes nothing, and yields at least one finding:
    `absent` says what was looked at, `inconclusive` what is missing. A finding that rests on a test against chance has
    the p-value before correction under `evidence["p"]`; its `status` is decided by the effect alone, because
    the audit corrects all p-values together and takes back what chance explains.
    """

    code: str
    function: Callable[[Analysis], Iterable[Finding]]

    def __post_init__(self) -> None:
        problems: list[str] = []
        if not CODE_PATTERN.fullmatch(str(self.code)):
            problems.append("its code is not `family.name` in lower case")
        if not callable(self.function):
            problems.append("its function cannot be called")
        else:
            if not (inspect.getdoc(self.function) or "").strip():
                problems.append("its function has no docstring, which would be its page in the documentation")
            if _arguments(self.function) != 1:
                problems.append("its function does not take exactly one argument, the analysis")
        if problems:
            hint = "a check is a code and a function of the analysis that yields findings, with a docstring"
            raise InputError(f"this is no check: {'; '.join(problems)}", f"Check({self.code!r})", hint)


def check_of(module: ModuleType) -> Check:
    """The check of one of our modules, which has CODE and `check`."""
    return Check(module.CODE, module.check)


def _arguments(function: Callable[..., Any]) -> int:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return 1
    return sum(
        one.default is one.empty and one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) for one in parameters
    )
