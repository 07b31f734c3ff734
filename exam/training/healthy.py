"""What a run says of healthy programs: every alarm of the families of training is false."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from exam.training.fault import Program
from exam.training.grading import alarms, false_alarms
from exam.training.study import measured


def measure_healthy(
    programs: Mapping[str, Program], seeds: int, jobs: int, results: Path
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each different healthy program once, under its first name."""
    seen: set[str] = set()
    for name, program in programs.items():
        if program.digest() in seen:
            continue
        seen.add(program.digest())
        outcome = measured(program, seeds, jobs, results)
        false = false_alarms(outcome)
        every = {alarm.code for alarm in alarms(outcome.said)}
        accuracy = sum(outcome.scores) / len(outcome.scores) if outcome.scores else float("nan")
        yield (
            name,
            {
                "kind": program.kind,
                "accuracy": accuracy,
                "false": list(false),
                "other": sorted(every - set(false)),
                "sentences": [
                    f"{alarm.code}: {alarm.summary}" for alarm in alarms(outcome.said) if alarm.code in false
                ],
                "seconds": outcome.seconds,
            },
        )
