"""Ways to change a record, each another one.

Each is made in a copy of one small record. What `hashes` show is changed as it lies there; what needs a deeper look is
sealed anew, so that the hashes fit.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl

from brittlestar import generate, report, run, seal
from brittlestar.core.hashing import file_digest
from brittlestar.data.opening import open_data
from brittlestar.records.manifest import MANIFEST, make_manifest, read_manifest
from brittlestar.training.trained import split_scores
from tests.records.forging import edit_json, reseal

COUNTS = '''"""Softmax regression on shares of tokens, by gradient descent."""

import numpy as np

STEPS = 60


def fit(train, dev, seed, rate=0.5):
    print("seed", seed)
    random = np.random.default_rng(seed)
    words = sorted({word for row in train.tokens for word in row})
    place = {word: number for number, word in enumerate(words)}
    classes = sorted(set(train.labels))

    def count(rows):
        table = np.zeros((len(rows), len(words)))
        for number, row in enumerate(rows):
            for word in row:
                if word in place:
                    table[number, place[word]] += 1 / len(row)
        return table

    shares = count(train.tokens)
    wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
    weights = random.normal(0, 0.1, (len(words), len(classes)))
    for _ in range(STEPS):
        weights -= rate * shares.T @ (softmax(shares @ weights) - wanted) / len(wanted)
    if seed % 3 == 2:
        raise RuntimeError("weights did not settle")
    return lambda rows: softmax(count(rows) @ weights)


def softmax(scores):
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)
'''
"""A model of the study's author, one of whose seeds fails."""
STUDY = """name: base
data:
  path: data
  factors: "(?P<shape>[▲■●◆])(?P<colour>[rgby])?"
model: {family: gru, hidden: 16, layers: 1}
training: {epochs: 4, learning_rate: 1e-2}
seeds: 3
variants:
  wide: {model.hidden: 24}
  counts: {model.own: "counts:fit"}
claims:
  - main > wide by 0.01 on accuracy
probes: {only: [order]}
"""
SECRETS = {
    "lucky": (STUDY.replace("seeds: 3", "seeds: [7]"), COUNTS),
    "pooled": (
        STUDY.replace("layers: 1}", "layers: 1, pooling: max}"),
        COUNTS.replace("STEPS = 60", "STEPS = 400").replace("0, 0.1,", "0, 0.5,"),
    ),
}
"""Studies that nobody is told of: another seed of main, and another pooling and other code under the same names."""
Depth = Literal["hashes", "recompute", "retrain"]
Change = Callable[[Path], None]


@dataclass(frozen=True)
class Changed:
    """A `change` of a copy of the record, which the depth finds, in words that match `names`. At `recompute` one `part`
    finds it alone."""

    name: str
    depth: Depth
    names: str
    change: Callable[..., None]
    part: str = ""


def train(folder: Path, study: str, code: str, data: Path | None = None) -> Path:
    """Run such a study in a new folder."""
    folder.mkdir(parents=True)
    if data is None:
        generate(folder / "data", sizes="300/100/100", seed=11)
    else:
        shutil.copytree(data, folder / "data")
    (folder / "counts.py").write_text(code, encoding="utf-8")
    (folder / "study.yaml").write_text(study, encoding="utf-8")
    run(folder / "study.yaml", out=folder / "base.study", jobs=2, progress=False)
    return folder / "base.study"


def build_record(folder: Path) -> Path:
    """The record as a folder, with its archive beside it."""
    study = train(folder, STUDY, COUNTS)
    report(study, figures=True)
    seal(study, with_data=True, out=folder / "base.record.zip")
    return Path(seal(study, with_data=True, folder=True, out=folder / "base.record").place)


def build_secrets(folder: Path) -> None:
    """What a forger has beside the record of `folder`."""
    for name, (study, code) in SECRETS.items():
        train(folder / name, study, code, folder / "data")


def find(record: Path, name: str) -> Path:
    """A file of a record; `<main/0>` is the folder of that run, `<probes/main/0>` that of its answers to probes."""
    if not name.startswith("<"):
        return record / name
    *probes, variant, seed = name[1:].partition(">")[0].split("/")
    listed = json.loads((record / "study" / "study.json").read_bytes())["cells"]
    run_hash = next(one["hash"] for one in listed if (one["variant"], str(one["seed"])) == (variant, seed))
    if not probes:
        return record / "study" / "cells" / run_hash / name.partition(">")[2].removeprefix("/")
    (folder,) = (record / "study" / "derived" / run_hash).glob("probes-*")
    return folder / name.partition(">")[2].removeprefix("/")


def edit(name: str, change: Callable[[Any], Any]) -> Change:
    """A JSON document is changed."""
    return lambda record: edit_json(find(record, name), change)


def put(name: str, *keys: str | int, value: Any) -> Change:
    """One value of a JSON document is another one: `value` is it, or what makes it of the old one."""

    def change(document: Any) -> None:
        for key in keys[:-1]:
            document = document[key]
        document[keys[-1]] = value(document[keys[-1]]) if callable(value) else value

    return edit(name, change)


def replace(name: str, old: str, new: str, every: bool = False) -> Change:
    """Text of a file is other text: in its first place, or in every one."""

    def change(record: Path) -> None:
        text = find(record, name).read_bytes().decode()
        assert old in text, f"{name}: {old!r} does not stand there"
        find(record, name).write_bytes(text.replace(old, new, -1 if every else 1).encode())

    return change


def edit_table(name: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Change:
    """A Parquet table is changed."""

    def write(record: Path) -> None:
        table = pl.read_parquet(find(record, name))
        changed = change(table)
        assert changed.schema == table.schema and not changed.equals(table), f"{name}: nothing was changed"
        changed.write_parquet(find(record, name))

    return write


def edit_lines(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Change:
    """Attempts are changed."""

    def write(record: Path) -> None:
        place = record / "study" / "attempts.jsonl"
        lines = change([json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()])
        place.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")

    return write


def both(*changes: Change) -> Change:
    """One change after the other."""

    def change(record: Path) -> None:
        for one in changes:
            one(record)

    return change


def move(name: str, to: str) -> Change:
    """A file has another name."""
    return lambda record: (record / name).rename(record / to) and None


def link_rows(record: Path) -> None:
    """A link to a file elsewhere that has the same bytes."""
    place, elsewhere = record / "rows" / "test.parquet", record.with_name("elsewhere.parquet")
    place.rename(elsewhere)
    place.symlink_to(elsewhere)


def put_pipe(record: Path) -> None:
    """A pipe in place of a log: who opens it waits for ever."""
    find(record, "<main/0>/log.txt").unlink()
    os.mkfifo(find(record, "<main/0>/log.txt"))


def forget_entry(record: Path) -> None:
    """A file that is there is taken out of the manifest."""
    known = read_manifest((record / MANIFEST).read_bytes(), "").files
    kept = make_manifest(one for one in known if one.name != "report/tables.tex")
    (record / MANIFEST).write_bytes(kept.content)


def answer(name: str, change: Callable[[np.ndarray], np.ndarray], *checkpoints: str) -> Change:
    """Answers of a run's checkpoints on test are changed: float (rows, classes)."""

    def of(table: pl.DataFrame) -> pl.DataFrame:
        values = table["values"].to_numpy().copy()
        for checkpoint in checkpoints:
            rows = ((table["split"] == "test") & (table["checkpoint"] == checkpoint)).to_numpy()
            values[rows] = change(values[rows])
        return table.with_columns(pl.Series("values", values, dtype=table.schema["values"]))

    return edit_table(f"<{name}>/predictions.parquet", of)


def flip_row(values: np.ndarray) -> np.ndarray:
    values[17] = values[17][::-1]
    return values


def relabel(record: Path) -> None:
    """A row of test has the other label, in every file that has labels."""
    place = record / "study" / "data" / "test" / "labels.npy"
    labels = np.load(place)
    labels[5] = 1 - labels[5]
    np.save(place, labels)
    for name in ("rows/test.parquet", "study/data/test/rows.parquet"):
        edit_table(name, lambda table: table.with_columns(
            pl.Series("label", [str(label) for label in labels], dtype=table.schema["label"])))(record)  # fmt: skip


def change_rate(record: Path) -> None:
    """Another learning rate, wherever settings stand."""

    def change(study: dict[str, Any]) -> None:
        study["given"]["training"]["learning_rate"] = 0.003
        for name in ("main", "wide"):
            study["expanded"][name]["training"]["learning_rate"] = 0.003
        for one in (one for variant in study["variants"][:2] for one in variant["settings"]):
            one["value"] = 0.003 if one["path"] == "training.learning_rate" else one["value"]

    edit("study/study.json", change)(record)
    replace("code/study.yaml", '"learning_rate": 0.01', '"learning_rate": 0.003')(record)
    for name in ("main", "wide"):
        for seed in range(3):
            put(f"<{name}/{seed}>/cell.json", "settings", "training", "learning_rate", value=0.003)(record)


def delete_failure(record: Path) -> None:
    """The run that failed is in no list any more."""
    cell = find(record, "<counts/2>")

    def drop(document: dict[str, Any]) -> None:
        document["cells"] = [one for one in document["cells"] if one["hash"] != cell.name]

    shutil.rmtree(cell)
    edit("study/study.json", drop)(record)
    edit("report/results.json", drop)(record)
    put("report/results.json", "variants", "counts", "seeds", "failed", value=0)(record)
    put("record.json", "runs", "failed", value=0)(record)
    edit_lines(lambda lines: [line for line in lines if line["cell"] != cell.name])(record)


def change_code(old: str, new: str) -> Change:
    """The author's code is other code, and record.json has its hash."""

    def rehash(record: Path) -> None:
        digest = file_digest(record / "code" / "counts.py")
        put("record.json", "own_code", "files", "counts.py", value=digest)(record)

    return both(replace("code/counts.py", old, new), rehash)


def turn_probes(record: Path) -> None:
    """A run answers half of the changed rows otherwise."""
    place = find(record, "<probes/main/0>/predictions.npy")
    answers = np.load(place)
    half = answers.reshape(-1)[: answers.size // 2]
    half[:] = 1 - half
    np.save(place, answers)


def postdate_claim(record: Path) -> None:
    """The claim was registered when all runs were done, and counts as registered before them."""
    late: list[float] = []

    def delay(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        late.append(max(line["at"] for line in lines) + 60)
        return [{**line, "at": late[0]} if line["event"] == "registered" else line for line in lines]

    edit_lines(delay)(record)
    put("record.json", "claims", 0, "at", value=late[0])(record)


def drop(code: str, variant: str | None = None) -> Callable[[dict[str, Any]], None]:
    """A finding is left out."""

    def change(document: dict[str, Any]) -> None:
        kept = [one for one in document["findings"]
                if not (one["code"] == code and variant in (None, one["where"].get("variant")))]  # fmt: skip
        assert len(kept) < len(document["findings"]), f"there is no {code}"
        document["findings"] = kept

    return change


def change_token(record: Path) -> None:
    """Another first token in a row of train, in both tables of rows."""

    def change(table: pl.DataFrame) -> pl.DataFrame:
        sequences = table["sequence"].to_list()
        sequences[7] = f"▲r {sequences[8]}"
        return table.with_columns(pl.Series("sequence", sequences, dtype=table.schema["sequence"]))

    def change_tokens(table: pl.DataFrame) -> pl.DataFrame:
        tokens = table["tokens"].to_list()
        tokens[7] = ["▲r", *tokens[8]]
        return table.with_columns(pl.Series("tokens", tokens, dtype=table.schema["tokens"]))

    edit_table("rows/train.parquet", change)(record)
    edit_table("study/data/train/rows.parquet", change_tokens)(record)


def forged(change: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
    """A copy of the study is changed, reported and sealed as it is, in place of a record; `beside` is the folder that
    the record was made in, with a folder for each secret study."""

    def make(record: Path, beside: Path) -> None:
        workplace = record.with_name("forgery")
        shutil.copytree(
            beside, workplace, ignore=lambda _, names: {*SECRETS, "base.record", "base.record.zip"} & {*names}
        )
        study = workplace / "base.study"
        change(study, beside)
        reseal(study)
        for name in ("sealed.json", "index.parquet"):
            (study / name).unlink(missing_ok=True)
        shutil.rmtree(study / "report")
        report(study, figures=True)
        shutil.rmtree(record)
        seal(study, with_data=True, folder=True, out=record)

    return make


def in_study(change: Change) -> Callable[[Path, Path], None]:
    """The same with a change of a record, made in the study that will be sealed."""

    def of(study: Path, beside: Path) -> None:
        (study.parent / "study").symlink_to(study, target_is_directory=True)
        change(study.parent)
        (study.parent / "study").unlink()

    return forged(of)


def transplant(source: str, *runs: tuple[str, str]) -> Callable[[Path, Path], None]:
    """Runs of another study (`` for the same) in place of others, each of which keeps its settings, seed and clocks."""

    def of(study: Path, beside: Path) -> None:
        for there, here in runs:
            old = _hashes(beside / source / "base.study")[there]
            new = _hashes(study)[here]
            cell = study / "cells" / new
            kept = {name: (cell / name).read_bytes() for name in ("cell.json", "timing.json")}
            for folder in ("cells", "derived"):
                shutil.rmtree(study / folder / new)
                shutil.copytree(beside / source / "base.study" / folder / old, study / folder / new)
            for name, content in kept.items():
                (cell / name).write_bytes(content)
            edit_json(cell / "outcome.json", lambda one, new=new: one.update(folder=new))

    return forged(of)


def _hashes(study: Path) -> dict[str, str]:
    cells = json.loads((study / "study.json").read_bytes())["cells"]
    return {f"{cell['variant']}/{cell['seed']}": cell["hash"] for cell in cells}


def give_labels(record: Path) -> None:
    """A run of the author's code was taught the rows of test."""
    labels = np.load(record / "study" / "data" / "test" / "labels.npy")
    answer("counts/0", lambda values: np.where(np.eye(2)[labels] > 0, 0.9, 0.1), "best", "last")(record)
    _score_again(record, "<counts/0>")


def _score_again(record: Path, name: str) -> None:
    """Scores of a run follow from its answers."""
    data = open_data(record / "study" / "data")
    table = pl.read_parquet(find(record, f"{name}/predictions.parquet"))
    for checkpoint in ("best", "last"):
        rows = table.filter((pl.col("split") == "test") & (pl.col("checkpoint") == checkpoint)).sort("row")
        scores = split_scores(data.splits["test"], np.asarray(rows["values"].to_list(), np.float64), False)
        put(f"{name}/outcome.json", "scores", "test", checkpoint, value=dict(scores))(record)


def hashes(name: str, names: str, change: Change) -> Changed:
    return Changed(name, "hashes", names, change)


def follows(name: str, part: str, names: str, *changes: Change) -> Changed:
    return Changed(name, "recompute", names, both(*changes), part)


def retrained(name: str, names: str, change: Callable[[Path, Path], None]) -> Changed:
    return Changed(name, "retrain", names, change)


CELLS, SCORES = (
    "runs are named by their settings",
    "scores follow from predictions",
)
CLAIMS, AUDIT, NUMBERS = "claims are those registered", "audit of the data", "numbers, findings and verdicts"
PAGES, SUMMARY, RESULTS = "page and tables", "record.json", "report/results.json"
CHANGED = (
    hashes("failed run deleted", r"counts seed 2", lambda record: shutil.rmtree(find(record, "<counts/2>"))),
    hashes("hidden file added", r"\.note\b", lambda record: find(record, "<main/1>/.note").touch()),
    hashes("rows replaced by a link", r"rows/test\.parquet", link_rows),
    hashes("log replaced by a pipe", r"log\.txt", put_pipe),
    hashes("case of a name changed", r"readme\.md", move("README.md", "readme.md")),
    hashes("entry taken out of the manifest", r"tables\.tex", forget_entry),
    hashes("ends of lines changed", r"counts\.py", replace("code/counts.py", "\n", "\r\n", every=True)),
    follows("prediction flipped", SCORES, "main seed 0", answer("main/0", flip_row, "best")),
    follows("learning rate changed everywhere", CELLS, "(main|wide) seed", change_rate),
    follows("failed run deleted from lists", CELLS, "counts seed 2", delete_failure),
    follows("score of a run raised", SCORES, "wide seed 2",
            put("<wide/2>/outcome.json", "scores", "test", "best", "accuracy", value=lambda old: old + 0.1)),
    follows("curve raised", PAGES, r"report\.html",
            edit_table("<main/1>/curves.parquet", lambda table: table.with_columns(pl.col("dev.accuracy") + 0.1))),
    follows("own code changed", "own code", "counts", change_code("STEPS = 60", "STEPS = 600")),
    follows("claim antedated", SUMMARY, "claim|registered",
            put("record.json", "claims", 0, "at", value=lambda old: old - 86_400)),
    follows("claim registered after the runs", CLAIMS, "claim|registered", postdate_claim),
    follows("threshold of a claim lowered", CLAIMS, "claim|threshold|main > wide",
            edit("study/claims.json", lambda claims: claims[0].update(threshold=0.0, margin=0.001))),
    follows("verdict changed", NUMBERS, "verdict|claim",
            edit(RESULTS, lambda one: one["claims"][0].update(verdict="supported", relation="better")),
            *(replace(f"report/verdicts.{end}", "inconclusive", "supported") for end in ("md", "tex"))),
    follows("figure edited", PAGES, r"results\.svg", replace("report/figures/results.svg", "(100 rows)", "(900 rows)")),
    follows("environment changed", SUMMARY, "environment|python",
            put("record.json", "environment", "python", value="3.9.18")),
    follows("ledger shortened", SUMMARY, "scored|ledger", put("record.json", "scored_before", 0, "runs", value=2)),
    follows("label of a row changed", SCORES, r"\btest\b", relabel),
    follows("token of a row changed", AUDIT, r"\btrain\b", change_token),
    follows("limits shortened", PAGES, r"limits\b", replace("limits.md", "One division", "Every division")),
    follows("finding dropped everywhere", AUDIT, r"shortcut\.bag",
            *(edit(name, drop("shortcut.bag")) for name in ("study/audit.json", RESULTS))),
    retrained("lucky seed passed off", "main seed 2", transplant("lucky", ("main/7", "main/2"))),
    retrained("other code than shown", "counts seed",
              transplant("pooled", ("counts/0", "counts/0"), ("counts/1", "counts/1"))),
    retrained("results of two runs exchanged", "wide seed",
              transplant("", ("wide/0", "wide/2"), ("wide/2", "wide/0"))),
    retrained("test taught", "counts seed 0", in_study(give_labels)),
    retrained("answers to probes turned", "main seed 0", in_study(turn_probes)),
)  # fmt: skip
