"""An audit beside existing validators: the same planted faults, seconds, memory, and which faults each one names.

    python benchmarks/validators.py --cleanlab PYTHON --evidently PYTHON --deepchecks PYTHON [--codes leak.exact …]
                                    [--cases 1] [--faults N]

PYTHON is the interpreter of an environment that holds the tool (their licences and pins do not fit ours, so they are no
extra of this project): `cleanlab[datalab]`, `evidently` with pandas<3, or `deepchecks` with numpy<2, pandas<2.3,
scikit-learn<1.6 and category-encoders<2.7. A tool that is not given, or not installed there, is left out, and that is
said. The faults are those of `exam.faults.known`, which checks were tuned on, so that it does not tell how
an audit does on faults that are new to it. Every case is written as CSV and read by each tool in a
process of its own, in turn.
A tool gets the frames with the columns people would make for it (text, label, length, first and last token, most
frequent tokens as counts; for cleanlab also out-of-fold probabilities of a logistic regression on the counts) and its
standard suite. It has named a fault when an issue of the kind listed in `NAMES` is
raised; that is generous: place and rows are not asked for, as they are of an audit. The last column of each tool is
how many issues of any kind it raises on the clean twins.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import heading, text_table
from work import DriftError

from brittlestar.core.findings import Finding

sys.path.append(str(Path(__file__).parents[1]))

from exam.benchmark import STREAM
from exam.faults.known import FAULTS
from exam.planted import planted
from exam.scoring import in_place

SIDE = Path(__file__).parent / "validators_side.py"
OTHERS = ("cleanlab", "evidently", "deepchecks")
MARK = "ANSWER "
OURS = """
import json, resource, sys, time
began = time.perf_counter()
from brittlestar import audit
from brittlestar.core.catalogue import find_checks
ours = {*find_checks("data")}
found = audit(sys.argv[1], settings=json.loads(sys.argv[2])).findings
print("ANSWER", json.dumps({"seconds": time.perf_counter() - began,
                  "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
                  "checks left out": sorted(ours - {f.code for f in found if "failure" not in f.evidence}),
                  "findings": [[f.code, dict(f.where)] for f in found if f.status == "present"],
                  "alarms": [f.code for f in found if f.severity in ("error", "warning")]}))
"""
NAMES = {
    "leak.exact": ("near_duplicate", "Train Test Samples Mix"),
    "leak.near": ("near_duplicate", "Train Test Samples Mix"),
    "leak.group": ("Index Train Test Leakage",),
    "leak.selection": ("near_duplicate", "Train Test Samples Mix"),
    "shift.label": ("drift:label", "Label Drift"),
    "shift.length": ("drift:length", "Feature Drift", "Multivariate Drift"),
    "shift.vocabulary": ("drift:text", "drift:token", "New Category Train Test", "Feature Drift"),
    "shift.composition": ("drift:token", "drift:text", "Feature Drift", "Multivariate Drift"),
    "shift.order": ("drift:text",),
    "shift.combination": ("drift:text", "Multivariate Drift"),
    "label.noise": ("label",),
    "label.conflict": ("label", "Conflicting Labels"),
    "label.imbalance": ("class_imbalance", "Class Imbalance"),
    "label.missing": ("New Label Train Test",),
    "data.duplicates": ("near_duplicate", "Data Duplicates"),
    "data.encoding": ("Special Characters", "String Mismatch", "String Mismatch Comparison"),
    "data.sorted": ("non_iid",),
    "shortcut.length": ("Feature Label Correlation", "Feature-Label Correlation"),
    "shortcut.position": ("Feature Label Correlation", "Feature-Label Correlation"),
    "shortcut.token": ("Feature Label Correlation", "Feature-Label Correlation"),
    "token.mismatch": ("drift:text", "New Category Train Test", "String Mismatch Comparison"),
}
"""Issues of other tools that count as naming a fault; `drift:COLUMN` is a drifted column of evidently."""


def asked(command):
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode:
        return {"seconds": None, "memory": None, "failed": ran.stderr.strip().splitlines()[-1:], "issues": []}
    return json.loads(ran.stdout[ran.stdout.rindex(MARK) + len(MARK) :])


def installed(tools):
    """{tool: interpreter} of those that are given and installed there; the others are named."""
    found = {}
    for tool, python in tools.items():
        why = f"give --{tool} PYTHON" if python is None else ""
        if python is not None:
            tried = subprocess.run([python, str(SIDE), tool], capture_output=True, text=True)
            why = tried.stderr.strip().splitlines()[-1] if tried.returncode else ""
        if why:
            print(f"left out: {tool} ({why})")
        else:
            found[tool] = python
    return found


def own_answer(folder, settings):
    """What our audit said. Raises DriftError where it failed or left a check out."""
    said = asked([sys.executable, "-c", OURS, str(folder), json.dumps(settings)])
    if said.get("failed") or said["checks left out"]:
        raise DriftError(f"the audit failed, or left checks out: {said.get('failed') or said['checks left out']}")
    return said


def answers(case, pythons):
    """{tool: what it said} of one case, each tool in turn."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        folder.mkdir()
        for name, frame in case.frames().items():
            frame.write_csv(folder / f"{name}.csv")
        for name, text in case.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        settings = {name: value.replace("{folder}", str(folder)) for name, value in case.settings.items()}
        found = {"brittlestar": own_answer(folder, settings)}
        for tool, python in pythons.items():
            found[tool] = asked([python, str(SIDE), tool, str(folder)])
    return found


def named(tool, said, fault, place):
    """Whether a tool has named the fault."""
    if tool == "brittlestar":
        found = [Finding(code, "present", "", "", "info", where) for code, where in said.get("findings", ())]
        return any(finding.code == fault.code and in_place(finding, place) for finding in found)
    return any(issue in NAMES.get(fault.code, ()) for issue in said["issues"])


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for tool in OTHERS:
        parser.add_argument(f"--{tool}", metavar="PYTHON")
    parser.add_argument("--cases", type=int, default=1)
    parser.add_argument("--codes", nargs="+")
    parser.add_argument("--faults", type=int, help="the first so many faults alone")
    options = parser.parse_args(argv)
    pythons = installed({tool: getattr(options, tool) for tool in OTHERS})
    tools = ("brittlestar", *pythons)
    hits, seconds, memory, alarms = ({tool: [] for tool in tools} for _ in range(4))
    chosen = [fault for fault in FAULTS if not options.codes or fault.code in options.codes]
    chosen = chosen[: options.faults]
    for fault in chosen:
        for number in range(options.cases):
            made, twin = planted(fault, fault.doses[-1], number, STREAM)
            if made.case.form == "lists":
                continue  # no CSV holds it
            said = answers(made.case, pythons)
            line = []
            for tool in tools:
                hits[tool].append(named(tool, said[tool], fault, made.place))
                if said[tool]["seconds"] is not None:
                    seconds[tool].append(said[tool]["seconds"])
                    memory[tool].append(said[tool]["memory"])
                line.append("failed" if "failed" in said[tool] else "named" if hits[tool][-1] else "-")
            print(f"{fault.name:40} " + " ".join(f"{one:>12}" for one in line), flush=True)
            if number == 0:
                for tool, answer in answers(twin, pythons).items():
                    alarms[tool].append(len(answer.get("alarms", answer.get("issues", ()))))
    rows = []
    for tool in tools:
        middle = statistics.median(seconds[tool]) if seconds[tool] else float("nan")
        most = max(memory[tool], default=float("nan"))
        rate = statistics.mean(alarms[tool])
        rows.append([tool, str(sum(hits[tool])), str(len(hits[tool])), f"{middle:.1f}", f"{most:.2f}", f"{rate:.2f}"])
    print(heading(f"{len(chosen)} planted faults, {options.cases} cases each, and their clean twins"))
    print(text_table(["", "named", "of", "median seconds", "most GiB", "alarms per clean twin"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
