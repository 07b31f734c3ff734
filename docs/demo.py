"""Makes the pages of a demonstration: what brittlestar writes about the founding task, for a folder of the site.

    python docs/demo.py FOLDER [STUDY]

FOLDER gets `report.html`, `audit.html`, `gate.html`, `forecast.html` and `record.html`; the last two are what a
terminal shows of verbs without a page of their own. Codes in the pages lead to `../reference/findings/`. STUDY is a
finished founding study, which is copied and stays as it is; without one it is trained, which takes minutes.
"""

import html
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt

from brittlestar.core.site import VARIABLE

EXAMPLES = Path(__file__).parents[1] / "examples"
STUDY = "demo/founding.study"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><style>:root {{ color-scheme: light dark; }}
body {{ max-width: 60em; margin: 2em auto; padding: 0 1em; font-family: sans-serif; line-height: 1.5; }}
pre {{ overflow-x: auto; }} td, th {{ padding: .2em .8em .2em 0; text-align: left; vertical-align: top; }}
table {{ display: block; overflow-x: auto; }}</style><p><a href="index.html">What it makes</a></p>{body}</html>
"""
CODES = {"gate": (0, 3, 4), "verify": (0, 4)}
"""Exit codes that are answers: a gate may fail, and a record without rows cannot tell all. All else has to succeed."""


def give(command: str, here: Path, **environment: str) -> str:
    """What `brittlestar COMMAND` prints in the folder `here`."""
    surroundings = {**os.environ, VARIABLE: "..", "COLUMNS": "80", **environment}
    words = [sys.executable, "-m", "brittlestar.cli", *command.split()]
    done = subprocess.run(words, cwd=here, env=surroundings, stdout=subprocess.PIPE, encoding="utf-8")
    if done.returncode not in CODES.get(command.split()[0], (0,)):
        sys.exit(f"brittlestar {command}: exit code {done.returncode}")
    return done.stdout


def make_study(here: Path, finished: Path | None) -> None:
    """Have the founding study in `here`: a copy of a finished one, or trained."""
    if finished is not None:
        shutil.copytree(finished, here / STUDY)
        return
    give("generate spr demo/data --long 25-60", here)
    shutil.copytree(EXAMPLES, here / "examples")
    give(f"run examples/founding.yaml --out {STUDY}", here)


def write_demo(folder: Path, here: Path) -> None:
    """Write the pages into `folder`, of the study that stands in `here`."""
    give(f"gate {STUDY}", here, GITHUB_STEP_SUMMARY="summary.md")
    summary = (here / "summary.md").read_text(encoding="utf-8")
    write_page(folder / "gate.html", "The summary of a gate", MarkdownIt("commonmark").enable("table").render(summary))
    subprocess.run([sys.executable, EXAMPLES / "gallery" / "leakage" / "make.py", "made"], cwd=here, check=True)
    give("audit made/leaky --html audit.html", here)
    shutil.copyfile(here / "audit.html", folder / "audit.html")
    give("generate spr march --lengths 20-30 --seed 1", here)
    show(folder / "forecast.html", "A forecast", here, f"forecast {STUDY} --rows march/test.csv --verbose")
    show(folder / "record.html", "A sealed record", here, f"seal {STUDY} --out founding.zip", "verify founding.zip")
    give(f"report {STUDY}", here)  # anew, because it says under which root hash it is sealed
    shutil.copyfile(here / STUDY / "report" / "report.html", folder / "report.html")


def show(place: Path, title: str, here: Path, *commands: str) -> None:
    """Write a page of what a terminal shows."""
    printed = (f"$ brittlestar {command}\n{give(command, here)}" for command in commands)
    write_page(place, title, f"<h1>{title}</h1><pre>{html.escape(chr(10).join(printed))}</pre>")


def write_page(place: Path, title: str, body: str) -> None:
    """Write a page that needs no other file."""
    place.write_text(PAGE.format(title=title, body=body), encoding="utf-8")


def main(argv: list[str]) -> None:
    """Make all of it in a folder of its own, which is thrown away."""
    if len(argv) not in (1, 2):
        sys.exit(__doc__)
    folder, *finished = (Path(one).resolve() for one in argv)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        make_study(Path(made), finished[0] if finished else None)
        write_demo(folder, Path(made))


if __name__ == "__main__":
    main(sys.argv[1:])
