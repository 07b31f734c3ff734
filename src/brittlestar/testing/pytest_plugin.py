"""`pytest --brittlestar gate.yaml`: a policy as a test. It loads nothing of the package before the test runs."""

from pathlib import Path
from typing import Any

import pytest


class GateFailure(Exception):
    """A gate that did not pass, for the report of pytest."""


class GateItem(pytest.Item):
    """One policy as one test."""

    def __init__(self, *, policy: Path, **given: Any) -> None:
        super().__init__(**given)
        self.policy = policy

    def runtest(self) -> None:
        """Decide the gate; what does not pass fails."""
        from brittlestar.verbs.gate import gate

        result = gate(policy=self.policy)
        self.user_properties.append(("brittlestar", result.outcome))
        if result.outcome != "pass":
            raise GateFailure(f"the gate says {result.outcome}\n{result!r}")

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The requirements, or what is wrong with the input, without a traceback."""
        from brittlestar.core.errors import BrittlestarError

        if isinstance(excinfo.value, GateFailure | BrittlestarError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The policy's file and its name."""
        return self.policy, 0, f"gate: {self.policy}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option."""
    group = parser.getgroup("brittlestar")
    hint = "policy of a gate to run as a test; repeatable"
    group.addoption("--brittlestar", action="append", default=[], metavar="FILE", help=hint)


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put a test for each policy behind the others."""
    for name in config.getoption("--brittlestar") or ():
        policy = Path(name)
        items.append(GateItem.from_parent(session, name=f"gate[{policy.name}]", policy=policy, nodeid=f"{name}::gate"))
