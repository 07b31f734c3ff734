"""A gate in tests of your own (`assert_gate`), and for own checks, probes, executors, models and places for stores the
conformance suites that ours sit, too.

`check_conformance.check_conformance` tries a check of whatever kind on odd input, `probe_conformance.probe_conformance`
a probe on odd rows, `executor_conformance.executor_conformance` an executor on trainings that go well, raise, exit and
are killed, `backend_conformance.backend_conformance` a store's backend on writers that are killed half way, and
`predictor_conformance.predictor_conformance` a trained model on rows in other orders and batches. Each raises
AssertionError, which names what went wrong and on what.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from brittlestar.testing.gates import assert_gate as assert_gate

__all__ = ["assert_gate"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'brittlestar.testing' has no attribute {name!r}")
    from brittlestar.testing import gates

    return getattr(gates, name)
