"""The wheel in fresh environments, by itself and with each extra alone: installed, measured, used, and deleted again.

    python -m tests.installing dist/*.whl [--pythons python3.11 python3.12] [--extras base train]

It needs no package but a place that pip installs from; seconds hold the download, and a command tells whether an extra
does what it is for. The exit code is 1 where anything fails.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = "brittlestar generate spr data --sizes 200/60/60"
SKLEARN = "brittlestar run data --seeds 2 --set variants={} --model own_sklearn:model"
TRAINED = "brittlestar run data --seeds 2 --set training.epochs=2 --model own_module:build"
SESSION = (
    "brittlestar.run('data', seeds=2, settings={'variants': '{}'}, executor='processes',"
    " model=lambda train, dev, seed: own_fit.fit(train, dev, seed))"
)
USES = {
    "base": "brittlestar check data",
    "train": TRAINED,
    "report": f"{SKLEARN} && brittlestar report data.study --figures",
    "mlflow": f"{SKLEARN} && brittlestar export data.study --mlflow sqlite:///runs.db",
    "notebook": f'python -c "import brittlestar, own_fit; {SESSION}"',
    "ray": f"{SKLEARN} --executor ray",
    "transformers": "brittlestar run data --seeds 2 --model own_trainer:fit",
    "lightning": "brittlestar run data --seeds 2 --model own_lightning:fit",
    "all": f"{TRAINED} && brittlestar report data.study --figures",
}
"""What uses an extra, in `examples/`, where its data are made."""


def run(command: str, folder: Path, environment: Path | None = None) -> tuple[bool, str]:
    """Run a line of a shell, with the programs of an environment before others, and give whether it went well."""
    path = os.pathsep.join([str(environment / "bin"), os.environ["PATH"]] if environment else [os.environ["PATH"]])
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        ["bash", "-e", "-c", command], cwd=folder, env=clean | {"PATH": path, "PYTHONPATH": str(ROOT / "examples")},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return done.returncode == 0, done.stdout


def try_extra(wheel: Path, python: str, extra: str) -> tuple[str, bool]:
    """One environment: the rest of its row of the table, and whether everything went well."""
    wanted = f"{wheel}" if extra == "base" else f"{wheel}[{extra}]"
    with tempfile.TemporaryDirectory() as name:
        folder, environment = Path(name), Path(name) / "environment"
        began = time.monotonic()
        good, said = run(f"{python} -m venv {environment} && {environment}/bin/pip install -q '{wanted}'", folder)
        seconds = time.monotonic() - began
        if not good:
            return f"| {seconds:.0f} | – | not installed: {said.strip().splitlines()[-1]} |", False
        size = sum(file.lstat().st_size for file in environment.rglob("*") if file.is_file()) / 1e6
        good, said = run(f"{DATA} && {USES[extra]}", folder, environment)
        if not good:
            print(said, file=sys.stderr)
        return f"| {seconds:.0f} | {size:,.0f} | {'yes' if good else 'no'} |", good


def main(argv: list[str]) -> int:
    """Try every extra on every Python, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=lambda name: Path(name).resolve())
    parser.add_argument("--pythons", nargs="+", default=[sys.executable])
    parser.add_argument("--extras", nargs="+", default=list(USES), choices=list(USES))
    options = parser.parse_args(argv)
    all_good = True
    print("| Python | extra | seconds | MB | ran |\n| --- | --- | --- | --- | --- |", flush=True)
    for python in options.pythons:
        version = run(f"{python} -c 'import platform; print(platform.python_version())'", ROOT)[1].strip()
        for extra in options.extras:
            row, good = try_extra(options.wheel, python, extra)
            all_good = all_good and good
            print(f"| {version} | {extra} {row}", flush=True)
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
