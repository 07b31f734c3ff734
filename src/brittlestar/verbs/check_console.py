"""What `check` prints: the headline, one screen."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from brittlestar.verbs.check import check
from brittlestar.verbs.guarding import say_json
from brittlestar.verbs.headline_console import print_headline
from brittlestar.verbs.watching import Terminal


def check_with_console(*, json_: bool, quiet: bool, **options: Any) -> int:
    """Check and print; returns the exit code."""
    if quiet:
        result = check(**options)
    else:
        with Terminal(Console(stderr=True, highlight=False), "") as terminal:
            result = check(progress=terminal.on_audit, **options)
    if json_:
        say_json(result.document)
    else:
        print_headline(Console(highlight=False, markup=False, emoji=False), result.headline)
    return 0
