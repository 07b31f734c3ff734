"""`probe` where not everything can be asked: variants without weights, rows that a model raises at, claims on splits
that are not there yet."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from brittlestar import generate, probe, run
from brittlestar.pipeline.probe_result import ProbeResult
from tests.command import brittlestar
from tests.execution.tiny import forget
from tests.verbs.test_probe import RULE, SETTINGS

OWN = '''
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline

estimator = make_pipeline(CountVectorizer(token_pattern=r"\\S+"), LogisticRegression())

class Placed(torch.nn.Module):
    """A model that knows as many positions as train has."""

    def __init__(self, info):
        super().__init__()
        self.places = torch.nn.Embedding(info.max_length, 4)
        self.tokens = torch.nn.Embedding(info.vocabulary_size, 4, padding_idx=info.pad_id)
        self.last = torch.nn.Linear(4, len(info.classes))

    def forward(self, tokens, lengths):
        if tokens.shape[1] > self.places.num_embeddings:
            tokens = tokens if (lengths > self.places.num_embeddings).any() else tokens[:, : self.places.num_embeddings]
        inside = (torch.arange(tokens.shape[1]) < lengths[:, None]).unsqueeze(-1)
        both = self.tokens(tokens) + self.places(torch.arange(tokens.shape[1]))
        return self.last((both * inside).sum(1) / lengths.clamp(min=1)[:, None])
'''


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked") / "data"
    generate(folder, rule=RULE, rejects="random", lengths="4-8", sizes="200/60/90", seed=3)
    return folder


@pytest.fixture(scope="module")
def probed(data: Path) -> Path:
    """A study of the reference model and a bag."""
    run(data, out=data.parent / "c.study", settings=SETTINGS, seeds=1, executor="serial", report=False)
    return data.parent / "c.study"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "asked_nets.py").write_text(OWN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    forget("asked_nets")


def told(result: ProbeResult) -> tuple[str, ...]:
    assert result.summary is not None
    return result.summary.notes


def test_rows_that_a_model_raises_at_count_as_wrong(data: Path, own: Path) -> None:
    run(
        data,
        model="asked_nets:Placed",
        out=own / "a.study",
        settings={"training.epochs": "2"},
        seeds=1,
        executor="serial",
    )
    result = probe(own / "a.study", executor="serial")
    assert result.problems == () and result.exit_code == 0
    (note,) = [one for one in told(result) if "no answer" in one]
    assert "main gives no answer" in note and "each row written twice" in note and "IndexError" in note
    assert result.summary is not None
    variant = result.summary.study.of("main")
    assert variant is not None
    longer, usual = variant.of("length.sweep@10"), variant.of("order.reverse@1")
    assert longer is not None and longer.after is not None and longer.after.estimate == 0
    assert usual is not None and usual.after is not None and usual.after.estimate > 0.3


def test_an_estimator_leaves_no_weights_and_people_are_told(data: Path, own: Path) -> None:
    store = own / "b.study"
    settings = {"training.epochs": "1", "probes.suite": "none"}
    run(data, model="asked_nets:estimator", out=store, settings=settings, seeds=1, executor="serial")
    found = brittlestar("probe", store)
    reason = "main was not probed: estimators and fit functions leave no weights"
    assert found.code == 0 and reason in " ".join(found.output.split())
    found = brittlestar("probe", store, "--json")
    assert "estimators" in found.document["not_probed"]["main"]


def test_given_predictions_cannot_be_asked(data: Path, own: Path) -> None:
    test = pl.read_csv(data / "test.csv", infer_schema=False)
    given = test.select("id", pl.lit("test").alias("split"), pl.lit("mine").alias("arm"), pl.lit(0).alias("seed"))
    given.with_columns(test["label"].alias("prediction")).write_csv(own / "preds.csv")
    (own / "study.yaml").write_text(
        f"name: given\ndata: {{path: {data}}}\nmodel: {{predictions: [preds.csv]}}\n", encoding="utf-8"
    )
    store = Path(str(run(own / "study.yaml", executor="serial").store))
    found = brittlestar("probe", store)
    reason = "Probed nothing; main was not probed: given predictions cannot be asked again"
    assert found.code == 0 and reason in " ".join(found.output.split())
    found = brittlestar("probe", store, "--split", f"shift_x={data / 'dev.csv'}")
    assert found.code == 2 and "none can score a split" in found.errors[0]
    assert not (store / "data" / "shift_x").exists(), "what cannot be scored is not added"
    found = brittlestar("probe", store, "--show", "order.shuffle@1")
    assert found.code == 2 and "was not probed" in found.errors[0] and "given predictions" in found.errors[0]


def test_a_claim_on_a_split_that_comes_later(data: Path, own: Path) -> None:
    claim = "main > bag by 0.3 on accuracy on shift_later"
    (own / "study.yaml").write_text(
        f"name: later\ndata: {{path: {data}}}\nseeds: 5\ntraining: {{epochs: 1}}\nmodel: {{hidden: 4}}\n"
        f"variants: {{bag: {{model.family: bag}}}}\nclaims: ['{claim}']\nprobes: {{only: [order.reverse]}}\n",
        encoding="utf-8",
    )
    result = run(own / "study.yaml", executor="serial")
    (waiting,) = result.judgements
    assert waiting.verdict == "inconclusive" and "no split 'shift_later' yet" in waiting.sentence
    probed = probe(str(result.store), splits={"shift_later": data / "dev.csv"}, executor="serial")
    assert set(probed.later["shift_later"]) == {"main", "bag"} and probed.later["shift_later"]["bag"].n == 5
    stored = json.loads((Path(str(result.store)) / "report" / "results.json").read_bytes())
    judged, *others = stored["claims"]
    assert all(one["default"] and not one["registered"] for one in others)
    assert judged["registered"] and judged["estimate"] is not None and judged["seeds"] == 5
    assert "new rows" in judged["sentence"], "rows of the later split are read one by one"
    again = run(own / "study.yaml", executor="serial")
    assert again.judgements[0].estimate == judged["estimate"], "the same command keeps what came later"
    more = run(result.store, seeds=6, executor="serial")
    assert more.judgements[0].seeds_at_hand == 6, "a new cell is scored on it too"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "order", "--skip", "order"], "no probe is left"),
        (["--only", "order", "--strength", "noise.drop=0.5"], "left out by 'only'"),
        (["--strength", "order.pinned=99"], "no row of train has a token at position 99"),
        (["--weights", "w.pt"], "--weights needs --model"),
        (["--variant", "bag"], "--variant belongs to --show"),
        (["--predict", "a:b", "--show", "x"], "--show and --predict exclude each other"),
        (["--show", "clas 1"], "did you mean 'class 1'?"),
        (["--split", "shift_a=a.csv", "--split", "shift_a=b.csv"], "'shift_a' is given twice"),
    ],
)
def test_what_is_told_of_options(probed: Path, arguments: list[str], said: str) -> None:
    found = brittlestar("probe", probed, *arguments)
    assert found.code == 2 and said in found.errors[0]


def test_a_slice_is_listed(probed: Path) -> None:
    found = brittlestar("probe", probed, "--show", "class 1", "--json")
    rows = found.document["rows"]
    assert found.code == 0 and rows and all(row["label_after"] == "1" and row["answers"]["0"][1] != "1" for row in rows)
