"""Who trains: processes, or this process alone where a model cannot leave it; and what there is to say of that."""

from typing import Literal, get_args

from brittlestar.core.errors import InputError, Problem
from brittlestar.execution.environment import usable_cores
from brittlestar.execution.jobs import Executor
from brittlestar.execution.processes import Processes
from brittlestar.execution.serial import Serial
from brittlestar.models.naming import NamedModel
from brittlestar.models.session_model import why_not_carried
from brittlestar.store.lock import require_locks

ExecutorName = Literal["processes", "serial"]
_TIMEOUT = "--timeout needs --executor processes"


def default_width(jobs: int | None) -> int:
    """How many cells run at once: as asked, or one per core that this process may use. Raises InputError."""
    if jobs is not None and jobs < 1:
        raise InputError(f"--jobs must be 1 or more (got {jobs})")
    return jobs or usable_cores()


def executor_problems(executor: str, timeout: float | None) -> list[Problem]:
    """What is wrong with the options that choose an executor."""
    wrong = [f"--executor must be processes or serial (got {executor!r})"] * (executor not in get_args(ExecutorName))
    wrong += [_TIMEOUT] * (timeout is not None and executor == "serial")
    return [Problem(what) for what in wrong]


def order_executor(
    executor: ExecutorName, jobs: int | None, timeout: float | None, budget: float | None, named: NamedModel
) -> tuple[Executor, tuple[str, ...]]:
    """`choose_executor` for a run, whose options are checked together. Raises InputError with every mistake, StoreError
    where the system has no locks."""
    require_locks()
    wrong = executor_problems(executor, timeout)
    for option, seconds in (("budget", budget), ("timeout", timeout)):
        if seconds is not None and not seconds > 0:
            wrong.append(Problem(f"--{option} must be positive (got {seconds:g} s)"))
    if wrong:
        raise InputError(wrong)
    return choose_executor(executor, jobs, timeout, named)


def choose_executor(
    executor: ExecutorName, jobs: int | None, timeout: float | None, named: NamedModel
) -> tuple[Executor, tuple[str, ...]]:
    """The executor, and what a person should know of the choice. A model of the session goes to processes if it can be
    copied, and is trained in this process if not. Raises InputError where it then cannot be timed."""
    width, session = default_width(jobs), named.session
    if session is None:
        return (Serial() if executor == "serial" else Processes(width, timeout)), ()
    intro, here = f"{session.name} is an object of this session", "its runs are trained in this process, one by one"
    if executor == "serial":
        return Serial(), (f"{intro}; {here}.",)
    reason = why_not_carried(session)
    if reason is None:
        return Processes(width, timeout), (f"{intro}; cloudpickle copied it to processes.",)
    if timeout is not None:
        raise InputError(f"{intro}; {here}: {reason}", "--timeout", _TIMEOUT)
    return Serial(), (f"{intro}; {here}: {reason}.",)


def describe_session(named: NamedModel) -> tuple[str, ...]:
    """What a study says of a model that its store cannot train again."""
    session = named.session
    if session is None:
        return ()
    held = "hash and its source" if session.source else "hash (its source cannot be read)"
    notes = [
        f"The model {session.name} is an object of the session that trained it. The store keeps its {held}, not the "
        "object: to train more of it, give it again with model=."
    ]
    if session.digest.gaps:
        missed = ", ".join(session.digest.gaps)
        notes.append(
            f"The hash of {session.name} does not cover objects of type {missed}, which do not say what they hold. "
            "After a change there, give another out=."
        )
    return tuple(notes)
