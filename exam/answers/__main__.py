"""`python -m exam.answers N [--half tried|drawn] [--seed S] [--jobs K] [--data DIR] [--only NUMBER …] [--json FILE]`:
N scenarios, each mended and measured, and what was said of it graded.

Without `--data` tasks are made here; with it, most are folders of real sets below DIR (`exam/answers/tasks.py`).
The half `drawn` is for scoring once, at the end.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from brittlestar.statistics.proportions import wilson_interval
from exam.answers.examining import examine_number
from exam.answers.grading import summarise
from exam.answers.measuring import NORMAL


def main(arguments: Sequence[str] | None = None) -> int:
    """Examine, and print what was found: a line for each scenario, the misses of each, and the figures."""
    parser = argparse.ArgumentParser(prog="python -m exam.answers", description=__doc__)
    parser.add_argument("scenarios", type=int, metavar="N")
    parser.add_argument("--half", choices=("tried", "drawn"), default="tried")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--data", type=Path, help="folder of real sets")
    parser.add_argument(
        "--only", type=int, nargs="+", metavar="NUMBER", help="scenarios by their numbers, in place of N"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="every scenario, to be read")
    given = parser.parse_args(arguments)
    one = partial(examine_number, given.half, given.seed, given.data)
    results: list[dict[str, Any]] = []
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        for result in pool.map(one, given.only or range(given.scenarios)):
            results.append(result)
            print(*list_lines(result), sep="\n", flush=True)
            if given.json:
                given.json.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(*list_figures(results), sep="\n")
    return 0


def list_lines(result: Mapping[str, Any]) -> list[str]:
    """A scenario for people: its grades, and what was said where it is wrong."""
    if result["error"]:
        return [result["name"], f"    ERROR {result['error'].strip().splitlines()[-1]}"]
    grades = " ".join(
        f"{name} {grade}" for name, grade in (*result["answers"].items(), ("gate", result["gate"])) if grade
    )
    truth, said = result["truth"], result["said"]
    lines = [f"{result['name']} — {grades}; Act first {result['first'] or '-'}"]
    lines += [
        f"    WRONG {name}: {said[name]['answer']}: {said[name]['sentence']}"
        for name, grade in result["answers"].items()
        if grade == "wrong"
    ]
    if result["gate"] == "wrong":
        lines.append(
            f"    WRONG gate at {result['least']}: test {said['score']['mean']:.3f}, fresh {_show(truth['fresh'])}"
        )
    if result["first"] in ("wrong", "nothing said"):
        act = said["act_first"] or {"code": "nothing", "sentence": ""}
        lines.append(f"    FIRST {act['code']}: {act['sentence']}")
    lines += [
        f"    NEXT {one['question']} {one['end']}: {' → '.join(one['steps'])}" for one in result["next"] if one["wrong"]
    ]
    lines += [f"    SURFACES {one}" for one in result["surfaces"]]
    if len(lines) > 1:
        told = {"gain": truth["gain"], "loss": truth["loss"], "mend": truth["mend"], "copies": truth["copies"]}
        lines.append("    measured: " + ", ".join(f"{name} {_show(one)}" for name, one in told.items() if one))
    return lines


def list_figures(results: Sequence[Mapping[str, Any]]) -> list[str]:
    """The figures with their bounds, and a line for each fault."""
    done = [one for one in results if not one["error"]]
    lines = [f"{len(results)} scenarios, {len(results) - len(done)} of them failed"]
    for what, (count, of) in summarise(done).items():
        low, high = wilson_interval(count / of, of, NORMAL) if of else (0.0, 1.0)
        lines.append(f"{what}: {count} of {of} ({100 * low:.1f} to {100 * high:.1f} %)")
    for fault in sorted({one["fault"] or "" for one in done}):
        mine = summarise([one for one in done if (one["fault"] or "") == fault])
        counts = ", ".join(f"{what} {count}/{of}" for what, (count, of) in mine.items() if of)
        lines.append(f"  {fault or 'honest'}: {counts}")
    return lines


def _show(one: Mapping[str, float]) -> str:
    return f"{100 * one['value']:+.1f} ± {100 * NORMAL * one['error']:.1f}"


if __name__ == "__main__":
    sys.exit(main())
