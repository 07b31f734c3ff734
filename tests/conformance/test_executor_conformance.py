"""Our executors sit the exam, and executors that break a rule fail it."""

from dataclasses import dataclass, field, replace

import pytest

from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Event, Executor, Failed, Finished, Handler, Source, Started
from brittlestar.execution.processes import Processes
from brittlestar.execution.serial import Serial
from tests.conformance.executor_conformance import MEETS, MODULE, executor_conformance
from tests.execution.tiny import forget


@pytest.fixture(autouse=True)
def _own_module_is_forgotten() -> None:
    forget(MODULE)


def test_serial_sits_it() -> None:
    executor_conformance(Serial(), isolates=False)


@pytest.mark.parametrize("width", [1, 2])
def test_processes_sit_it(width: int) -> None:
    executor_conformance(Processes(width))


@dataclass(frozen=True)
class Broken:
    """Serial, with events that somebody changes: `says` gives what is told in place of one."""

    rule: str
    width: int = 1
    logs: list[str] = field(default_factory=list)

    def run(self, source: Source, handle: Handler, interruption: Interruption) -> None:
        def told(event: Event) -> None:
            for one in self._changed(event):
                handle(one)

        Serial().run(source, told, Interruption() if self.rule == "wish" else interruption)

    def _changed(self, event: Event) -> list[Event]:
        if self.rule == "no start" and isinstance(event, Started):
            return []
        if self.rule == "two ends" and isinstance(event, Finished):
            return [event, event]
        if self.rule == "no log" and isinstance(event, Finished | Failed):
            return [replace(event, log="")]
        if self.rule == "one log" and isinstance(event, Finished):
            self.logs.append(event.log)
            return [replace(event, log="".join(self.logs[-2:]))]
        if self.rule == "lost log" and isinstance(event, Finished) and event.job.cell.seed == MEETS:
            self.logs.append(event.log)
            return [replace(event, log="" if len(self.logs) > 1 else event.log)]
        if self.rule == "other value" and isinstance(event, Finished):
            return [replace(event, value=None)]
        if self.rule == "tried again" and isinstance(event, Failed):
            return [replace(event, attempt=2)]
        return [event]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("no start", "does not run"),
        ("two ends", "does not run"),
        ("no log", "printed"),
        ("one log", "is another's too"),
        ("lost log", "not all that it printed"),
        ("other value", "not what the job gives"),
        ("tried again", "tried again"),
        ("wish", "deadline"),
    ],
)
def test_a_broken_executor_fails_it(rule: str, said: str) -> None:
    executor: Executor = Broken(rule)
    with pytest.raises(AssertionError, match=said):
        executor_conformance(executor, isolates=False)
