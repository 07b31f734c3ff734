"""Train the models of the benchmark: one study a task, which a second call goes on with.

    python -m benchmarks.readiness.train FOLDER [--sets FOLDER] [--only TASK …]

FOLDER gets the data, a study file and a store of each task. Real sets are folders of CSV files named in
`real_tasks.MADE`; those that are not there are left out, and said.
"""

import argparse
from pathlib import Path

from benchmarks.readiness.made_tasks import make_brackets, make_founding, make_marked, make_sources
from benchmarks.readiness.real_tasks import MADE, make_real
from brittlestar import run

GENERATED = {"brackets": make_brackets, "founding": make_founding, "marked": make_marked, "sources": make_sources}
STUDY = """\
name: {name}
data: {{path: {name}, tokens: whitespace}}
model: {{family: lstm, hidden: 48, layers: 1, dropout: {{embedding: 0.2}}, embedding: {{scale: 0.3}}}}
training: {{epochs: 8, batch_size: 32, learning_rate: 2e-3, selection: {{metric: log_loss}}}}
seeds: 5
claims: []
probes: {{suite: default, rows: 300}}
trivial: {{linear: off}}
report: {{checks: []}}
variants:
  gru: {{model.family: gru, model.bidirectional: true}}
  transformer: {{model.family: transformer, model.embedding.dim: 48}}
  mean: {{model.family: mean}}
  linear: {{model.own: linear:model, unequal_budget: it is fitted by its own steps}}
  forest: {{model.own: forest:model, unequal_budget: it is fitted by its own steps}}
"""


def list_tasks(sets: Path) -> list[str]:
    """Names of tasks that can be made here."""
    return [*(name for name in MADE if (sets / name / "train.csv").exists()), *GENERATED]


def make_task(folder: Path, sets: Path, name: str) -> Path:
    """Write data and study file of a task where they are not there yet; the study file."""
    data, file = folder / name, folder / f"{name}.yaml"
    if not file.exists():
        splits = GENERATED[name]() if name in GENERATED else make_real(sets / name, name)
        data.mkdir(parents=True, exist_ok=True)
        for split, frame in splits.items():
            frame.write_csv(data / f"{split}.csv")
        for own in ("linear.py", "forest.py"):
            (folder / own).write_text(Path(__file__).with_name(own).read_text())
        file.write_text(STUDY.format(name=name))
    return file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", type=Path, default=Path("data"))
    parser.add_argument("--only", nargs="*", default=[])
    asked = parser.parse_args()
    for name in asked.only or list_tasks(asked.sets):
        result = run(make_task(asked.folder, asked.sets, name), out=asked.folder / f"{name}.study", progress=False)
        print(name, result.headline.real.words, flush=True)


if __name__ == "__main__":
    main()
