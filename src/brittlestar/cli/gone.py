"""What left before 1.0.0, and what to type in its place: for one version."""

import re
from collections.abc import Mapping

from brittlestar.core.errors import Problem

VERBS: Mapping[str, str] = {
    "plan": "brittlestar run DATA --dry-run",
    "merge": "copy the folders of runs, then: brittlestar run STUDY",
    "trace": "brittlestar diagnose STUDY --budget 10m",
}
OPTIONS: Mapping[tuple[str, str], str] = {
    ("run", "--device"): "--set training.device=cuda",
    ("export", "--model-card"): "--scores FILE, which has what a card needs",
    ("export", "--checklists"): "brittlestar report STUDY --methods, which writes the limits of a study",
    ("compare", "--html"): "-v, which prints all of it, or --json",
    ("compare", "--markdown"): "-v, which prints all of it, or --json",
}


def find_gone(command: str, option: str, said: str) -> Problem | None:
    """What takes the place of a verb or an option that `said`, an error of usage, calls unknown; None of any other."""
    if (named := re.match(r"No such command '(\w+)'", said)) and named[1] in VERBS:
        return Problem(f"{named[1]} is no command any more", hint=f"instead: {VERBS[named[1]]}")
    if (command, option) in OPTIONS:
        return Problem("this option left", option, f"instead: {OPTIONS[command, option]}")
    if command == "gate" and option == "--annotations":
        return Problem("GitHub Actions gets annotations without being asked", option, "leave it out")
    if command == "gate" and option.startswith("--"):
        from brittlestar.reports.gate.policy import KEYS, write_key
        from brittlestar.study.gate_policy import KEY_OF_OPTION

        if (key := KEY_OF_OPTION.get(option, option[2:].replace("-", "_"))) in KEYS:
            return Problem(
                "this is a key of the policy", option, f"write `{write_key(key)}` in FILE, and add --policy FILE"
            )
    return None
