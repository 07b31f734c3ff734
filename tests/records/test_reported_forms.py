"""Forms in which people state settings: sentences, LaTeX, JSON, TOML, and tables of one row."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.records.reported.aliases import find_paths
from brittlestar.records.reported.prose import read_prose, read_unnamed
from brittlestar.records.reported.reading import read_stated
from brittlestar.verbs.reported import is_reported

SENTENCES = {
    "We trained for 4 epochs with Adam (learning rate 1e-3), a batch size of 32 and dropout 0.2 between layers.": {
        "epochs": "4",
        "optimizer": "adam",
        "learning rate": "1e-3",
        "batch size": "32",
        "model.dropout.encoder": "0.2",
    },
    "A two-layer bidirectional GRU with 64 hidden units, 16-dimensional embeddings and max-pooling.": {
        "model": "bidirectional gru",
        "bidirectional": "yes",
        "layers": "two",
        "hidden units": "64",
        "embedding dim": "16",
        "pooling": "max",
    },
    "The learning rate was multiplied by 0.5 every 2 epochs.": {
        "lr decay factor": "0.5",
        "decay every": "2 epochs",
        "lr schedule": "step",
    },
    "We used AdamW (Loshchilov and Hutter, 2019) with β1 = 0.9 and a weight decay of $5 \\times 10^{-4}$ [3].": {
        "optimizer": "adamw",
        "β1": "0.9",
        "weight decay": "5 \\times 10^{-4}",
    },
    "Cosine decay with 10% linear warm-up; gradients were clipped at a norm of 1.5.": {
        "lr schedule": "cosine",
        "linear warm-up": "10%",
        "gradient clipping": "1.5",
    },
    "Runs were stopped after 3 epochs without improvement; five seeds (0, 1, 2, 3 and 4) were run.": {
        "patience": "3 epochs",
        "seeds": "0, 1, 2, 3 and 4",
    },
    "Dropout of 0.1 was applied to the embeddings and 0.3 to the classifier.": {
        "model.dropout.embedding": "0.1",
        "model.dropout.head": "0.3",
    },
    "Neither the 512 rows of test nor the 12 GPUs matter; accuracy was 93.2 after 20 minutes.": {},
    "A mean of embeddings (\\texttt{nets:build}) is trained; dropout with a rate of 0.3 acts on the output layer.": {
        "model": "mean of embeddings",
        "model.own": "nets:build",
        "model.dropout.head": "0.3",
    },
    "The epoch with the best macro F1 on dev is selected, and \\texttt{max\\_norm} is 2.": {
        "selection metric": "macro f1",
        "max_norm": "2",
    },
    "The learning rate is halved after every epoch, from the seeds 0 and 1.": {
        "lr decay factor": "0.5",
        "decay every": "1",
        "seeds": "0 and 1",
        "lr schedule": "step",
    },
    "Embeddings have a dimension of 12; they are initialised at random and frozen.": {
        "embeddings": "random and frozen",
        "embedding dim": "12",
    },
    "We split sequences into characters and permute their order, with a step size of 2 epochs.": {
        "tokenization": "characters",
        "data.order": "permute",
        "decay every": "2 epochs",
        "lr schedule": "step",
    },
    "Training stops early when macro-F1 on dev has not improved for 3 epochs.": {
        "early stopping metric": "macro-f1",
        "patience": "3 epochs",
    },
    "The step size was fixed at 3e-3, mini-batches held 64 sequences, and each model sees the data 20 times.": {
        "learning rate": "3e-3",
        "batch size": "64",
        "training epochs": "20",
    },
    "We do not decay weights, and the learning rate starts at 0.003 and is never decayed.": {
        "weight decay": "none",
        "lr schedule": "constant",
        "learning rate": "0.003",
    },
    "Batches of 64 for Adam, 3e-3, and a 2x48 LSTM; everything was repeated five times.": {
        "optimizer": "adam",
        "model": "lstm",
        "batch size": "64",
        "learning rate": "3e-3",
        "layers": "2",
        "units": "48",
        "seeds": "five",
    },
    "Unlike Ito et al. (2020), who train for 50 epochs with a batch size of 128, we train for 20 epochs.": {
        "epochs": "20"
    },
    "Hidden sizes of 32, 64 and 128 were tried; we use two instead of one recurrent layers.": {
        "recurrent layers": "two"
    },
    "With dropout 0.5 it falls to 74.": {},
    "Seeds were {3, 7}, and hidden sizes {32, 64}; we use 64 units.": {"seeds": "3, 7", "units": "64"},
    "Class weights are 4 for rare and 1.5 for common; the spelling is set to characters.": {
        "training.class_weights.rare": "4",
        "training.class_weights.common": "1.5",
        "spelling": "characters",
    },
    "The checkpoint was chosen on train (streams.order: fixed), and vectors are composed by factor-sum.": {
        "selection split": "train",
        "streams.order": "fixed",
        "model.embedding.composition": "factor-sum",
    },
    "As gales are rare, the class weight of gale is 3 and the class weight for calm is 0.5.": {
        "training.class_weights.gale": "3",
        "training.class_weights.calm": "0.5",
    },
    "Early stopping has a patience of 5 and its metric is macro F1.": {
        "early stopping metric": "macro f1",
        "patience": "5",
    },
    "The class fault has a class weight of 3, with 2 attention heads, max pooling and a dropout of 0.1.": {
        "training.class_weights.fault": "3",
        "pooling": "max",
        "attention heads": "2",
        "dropout": "0.1",
    },
    "The last state is pooled; the rate is warmed up linearly over the first epoch.": {
        "pooling": "last",
        "warmup": "1 epoch",
    },
    "Only weights and dropout differ between the seeds 0, 1 and 2.": {"seeds": "0, 1 and 2"},
    "Tokens are matches of the regular expression [nesw][0-9].": {"data.tokens": "[nesw][0-9]"},
    "It adds sinusoidal positional encodings; 20% of the units are dropped.": {
        "positions": "sinusoidal",
        "dropout": "20%",
    },
    "The best balanced accuracy on dev chooses the model.": {"selection metric": "balanced accuracy"},
    "No weight decay or label smoothing was used.": {"weight decay": "none", "label smoothing": "none"},
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_states_what_its_numbers_and_words_are_of(sentence: str) -> None:
    assert {one.name: one.text for one in read_prose(sentence)} == SENTENCES[sentence]


def test_sentences_have_the_lines_that_they_begin_on_and_the_first_mention_counts() -> None:
    found = [*read_prose("Some words.\n\nWe use a batch size of 32.\nThen came 4 epochs. A batch size of 64 failed.")]
    assert [(one.name, one.text, one.line) for one in found] == [("batch size", "32", 3), ("epochs", "4", 4)]


WORDS = st.sampled_from([
    *("learning rate", "of", "1e-3", "4", "epochs", "dropout", "and", ",", "(", ")", ".", "=", "two", "layer", "Adam"),
    *("with", "early stopping", "after", "β1", "10 %", "warm-up", "seeds", "0, 1", "embeddings", "\n\n", "every"),
])  # fmt: skip


@given(st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=200))
def test_any_text_is_read_and_nothing_is_said_without_a_name(text: str) -> None:
    found = [*read_prose(text, {"prior": 0.5, "sizes": [3, 5]})]
    assert all(one.name and one.text and one.line >= 1 for one in found)
    assert len({one.name for one in found}) == len(found)


def test_lines_of_notes_are_read_as_names_with_values_and_the_rest_as_sentences(tmp_path: Path) -> None:
    page = tmp_path / "card.md"
    page.write_text(
        "# A card\n\nIt reaches 0.7.\n\n- learning_rate: 0.0015\n- optimizer: adamw_torch with betas=(0.9,0.98)\n"
        "* **Positional encoding**: none\n1. Regularisation: dropout 0.2\nGradient clipping: none.\n"
        "Optimiser: SGD, momentum 0.9.\nEncoder dropout and head dropout are both 0.1.\n"
        "The batch size is 16 and so is the hidden size. It has 128 rows.\n",
        encoding="utf-8",
    )
    found = {(find_paths(one.name), one.text, one.line) for one in read_stated(page)}
    assert {(paths[0] if paths else "", text, line) for paths, text, line in found} == {
        ("training.learning_rate", "0.0015", 5),
        ("training.optimiser", "adamw_torch with betas=(0.9,0.98)", 6),
        ("model.positions", "none", 7),
        ("model.dropout.embedding", "0.2", 8),
        ("training.clip", "none", 9),
        ("training.momentum", "0.9", 10),
        ("model.dropout.encoder", "0.1", 11),
        ("model.dropout.head", "0.1", 11),
        ("training.batch_size", "16", 12),
        ("model.hidden", "16", 12),
        ("", "0.7", 3),
    }


def test_what_python_prints_of_its_arguments_is_read(tmp_path: Path) -> None:
    page = tmp_path / "log.txt"
    page.write_text(
        "[2025-11-03 09:12:44] $ python train.py\n"
        "[09:12:45] Namespace(tokens='regex:[nesw](0|1)', family='mean', lr=0.3, clip=None, seeds=[0, 1])\n"
        "{'epochs': 3, 'class_weights': {'rare': 2.0}}\nConfig(broken=open('x'))\n",
        encoding="utf-8",
    )
    assert [(one.name, one.text, one.line) for one in read_stated(page) if one.name] == [
        ("tokens", "regex:[nesw](0|1)", 2),
        ("family", "mean", 2),
        ("lr", "0.3", 2),
        ("clip", "none", 2),
        ("seeds", "0, 1", 2),
        ("epochs", "3", 3),
        ("class_weights.rare", "2.0", 3),
    ]


def test_lists_of_names_with_values_are_read(tmp_path: Path) -> None:
    for name, text in (
        ("run.json", '{"data": {"params": [{"key": "lr", "value": "0.3"}, {"key": "clip", "value": null}]}}'),
        ("run.json", '[{"name": "lr", "value": 0.3}, {"name": "clip", "value": null}]'),
        ("run.yaml", "params:\n- {key: lr, value: 0.3}\n- {key: clip, value: none}\n"),
    ):
        (tmp_path / name).write_text(text)
        found = [(one.name.rpartition(".")[2], one.text) for one in read_stated(tmp_path / name)]
        assert found == [("lr", "0.3"), ("clip", "none")]


def test_callbacks_of_lightning_are_sections_by_their_class(tmp_path: Path) -> None:
    page = tmp_path / "config.yaml"
    page.write_text(
        "trainer:\n  callbacks:\n"
        "  - class_path: lightning.EarlyStopping\n    init_args: {monitor: val_loss, patience: 3}\n"
        "  - class_path: lightning.ModelCheckpoint\n    init_args: {monitor: val_f1}\n"
    )
    assert {find_paths(one.name): one.text for one in read_stated(page)} == {
        ("training.early_stopping.metric",): "val_loss",
        ("training.early_stopping.patience",): "3",
        ("training.selection.metric",): "val_f1",
    }


def test_an_own_parameter_may_be_a_list() -> None:
    found = [
        *read_prose("It has kernels = [3, 5], drop = 0.3 and activation: gelu.", {"kernels": [1], "activation": "x"})
    ]
    assert [(one.name, one.text) for one in found] == [
        ("model.params.kernels", "3, 5"), ("model.params.activation", "gelu"),
    ]  # fmt: skip


def test_numbers_beside_which_no_name_is_known_are_kept() -> None:
    found = [*read_unnamed("We use 4 epochs.\nIt was 3e-4 throughout, in 2 rooms, of 128.")]
    assert [(one.name, one.text, one.line) for one in found] == [("", "3e-4", 2), ("", "128", 2)]


def test_what_is_too_long_for_a_sentence_is_passed_by() -> None:
    assert [*read_prose("word " * 5000 + "4 epochs")] == []


def test_sentences_are_read_where_no_table_is(tmp_path: Path) -> None:
    page = tmp_path / "methods.md"
    page.write_text("We use 4 epochs.\n\n| Hyperparameter | Value |\n| --- | --- |\n| lr | 0.1 |\n")
    assert [one.name for one in read_stated(page)] == ["lr"]
    page.write_text("We use 4 epochs.\n")
    assert [one.name for one in read_stated(page)] == ["epochs"]


def test_a_table_of_latex_is_read(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(
        "\\begin{tabular}{l p{3cm}}\n\\toprule\nHyperparameter & Value \\\\\n\\midrule\n"
        "Learning rate & $1 \\times 10^{-3}$ \\\\\n\\texttt{batch\\_size} & 32 \\\\ % per step\n"
        "\\multicolumn{2}{l}{Regularisation} \\\\\nDropout & 20\\% \\\\\n\\bottomrule\n\\end{tabular}\n"
    )
    assert [(one.name, one.text, one.line) for one in read_stated(paper)] == [
        ("Learning rate", "$1 \\times 10^{-3}$", 5),
        ("batch_size", "32", 6),
        ("Dropout", "20\\%", 8),
    ]


def test_json_and_toml_are_read_as_they_are_written(tmp_path: Path) -> None:
    tree, options = tmp_path / "config.json", tmp_path / "run.toml"
    tree.write_text('{"learning_rate": 1e-3,\t"trainer": {"max_epochs": 4, "fast": true, "clip": null}}')
    options.write_text("lr = 1e-3\n[trainer]\nmax_epochs = 4\nbetas = [0.9, 0.98]\n")
    assert {one.name: one.text for one in read_stated(tree)} == {
        "learning_rate": "1e-3",
        "trainer.max_epochs": "4",
        "trainer.fast": "true",
        "trainer.clip": "none",
    }
    assert {one.name: one.text for one in read_stated(options)} == {
        "lr": "1e-3",
        "trainer.max_epochs": "4",
        "trainer.betas": "0.9, 0.98",
    }


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("twice.json", '{"lr": 1, "lr": 2}', "'lr' is stated twice"),
        ("rows.json", "[1, 2]", "no names with values"),
        ("cut.json", '{"lr": ', "no JSON"),
        ("cut.toml", "lr = ", "no TOML"),
        ("runs.csv", "lr,batch_size,epochs\n1e-3,64,3\n1e-4,64,3\n", "keep the row that is reported"),
        ("empty.txt", "Nothing is said here.\n", "it states no setting"),
        ("empty.tex", "\\begin{tabular}{l}\\end{tabular}", "it states no setting"),
    ],
)
def test_what_states_nothing_is_refused(name: str, content: str, told: str, tmp_path: Path) -> None:
    place = tmp_path / name
    place.write_text(content)
    with pytest.raises(InputError, match=told):
        read_stated(place)


def test_rows_of_runs_that_differ_in_seeds_alone_are_one_configuration(tmp_path: Path) -> None:
    table = tmp_path / "runs.csv"
    table.write_text("Name,State,lr,epochs,seed,test_accuracy\na,finished,1e-3,3,1,0.8\nb,finished,1e-3,3,2,0.7\n")
    assert {one.name: one.text for one in read_stated(table)} == {
        "State": "finished",
        "lr": "1e-3",
        "epochs": "3",
        "seed": "1, 2",
    }


def test_a_unit_above_the_values_is_that_of_each(tmp_path: Path) -> None:
    page = tmp_path / "table.md"
    page.write_text("| Parameter | Value (%) |\n| --- | --- |\n| Encoder dropout | 10 |\n")
    assert [(one.name, one.text) for one in read_stated(page)] == [("Encoder dropout", "10 %")]


def test_a_file_states_settings_by_its_name_or_its_columns(tmp_path: Path) -> None:
    files = {
        "wide.csv": "lr,batch_size,epochs\n1e-3,64,3\n",
        "table.csv": "hyperparameter,value\nlr,1e-3\n",
        "preds.csv": "id,split,seed,model,prediction\na,test,0,main,x\n",
        "config.json": "{}",
        "rows.jsonl": "{}",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    assert [name for name in files if is_reported(tmp_path / name)] == ["wide.csv", "table.csv", "config.json"]


def test_a_value_says_other_settings_in_words(tmp_path: Path) -> None:
    page = tmp_path / "table.md"
    page.write_text("| Setting | Value |\n| --- | --- |\n| Encoder | |\n| Type | GRU |\n| Dropout | 0.2 |\n")
    assert [(one.name, one.text) for one in read_stated(page)] == [("Encoder.Type", "GRU"), ("Encoder.Dropout", "0.2")]
