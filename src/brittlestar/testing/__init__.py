"""A gate in tests of your own: `assert_gate`, and `pytest --brittlestar POLICY` by `pytest_plugin.py`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from brittlestar.verbs.gate import GateResult

__all__ = ["assert_gate"]


def assert_gate(data: Any = None, **requirements: Any) -> "GateResult":
    """Assert that data, predictions or a study pass a gate.

    Args:
        data: What `brittlestar.gate` takes.
        **requirements: What `brittlestar.gate` takes beside it: `policy`, `predictions`, `require`, `absent` …

    Returns:
        The gate's result, where it passes.

    Raises:
        AssertionError: A requirement fails or is open; the message has a line for each.
        InputError: The policy, the data or the predictions cannot be used.
    """
    from brittlestar.verbs.gate import gate  # here, for every run of pytest loads this module with the plugin

    __tracebackhide__ = True
    result = gate(data, **requirements)
    if result.outcome != "pass":
        raise AssertionError(f"the gate says {result.outcome}\n{result!r}")
    return result
