"""What sentences, logs and cells say of the training that is reported, and what they say of something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from brittlestar.records.reported.aliases import find_paths
from brittlestar.records.reported.decays import find_decay
from brittlestar.records.reported.dropouts import pair_places
from brittlestar.records.reported.embedding_words import find_embedding
from brittlestar.records.reported.enumerations import pair_cells, pair_values
from brittlestar.records.reported.logs import plain_log
from brittlestar.records.reported.marks import take_marks
from brittlestar.records.reported.pages import read_page
from brittlestar.records.reported.reading import read_stated
from brittlestar.records.reported.spelling import spell_numbers
from brittlestar.records.reported.watching import find_metrics


def told(text: str) -> dict[str, str]:
    """What a page states, by the one setting that each name means."""
    return {paths[0]: one.text for one in read_page(text) if len(paths := find_paths(one.name)) == 1}


ELSEWHERE = {
    "Smith et al. (2020) train for 50 epochs, whereas we train for 4 epochs.": {"training.epochs": "4"},
    "The baseline has 6 layers. Our model has 3 layers.": {"model.layers": "3"},
    "In a pilot study we trained for 20 epochs. In the main experiment, we trained for 4 epochs.": {
        "training.epochs": "4"
    },
    "The original implementation uses SGD with a learning rate of 1.0; we use AdamW with a learning rate of 3e-3.": {
        "training.optimiser": "adamw",
        "training.learning_rate": "3e-3",
    },
    "A learning rate of 1e-2 led to divergence. The batch size is 32.": {"training.batch_size": "32"},
    "Search space: learning rate 1e-4 to 1e-2, hidden size 8 to 64. Best: learning rate 3e-3.": {
        "training.learning_rate": "3e-3"
    },
    "Optuna ran 50 trials. We use 3 seeds.": {"seeds": "3"},
    "After 2 epochs, dev accuracy is 80%. All models were trained for 4 epochs.": {"training.epochs": "4"},
    "One epoch takes 10 seconds, and we train for 4 epochs on data drawn with seed 7.": {},
    "On 12 March 2024 runs were started with seeds 3, 14 and 27.": {"seeds": "3, 14 and 27"},
}


@pytest.mark.parametrize("text", ELSEWHERE)
def test_what_is_said_of_others_and_of_trials_states_nothing(text: str) -> None:
    assert told(text) == ELSEWHERE[text]


OURS = {
    "Learning rate 1e-3 was chosen by grid search over [1e-4, 1e-2].": {"training.learning_rate": "1e-3"},
    "The final learning rate was 1e-3 after tuning between 1e-4 and 1e-2.": {"training.learning_rate": "1e-3"},
    "The learning rate is 1e-3, unchanged during training, and the batch size is 32.": {
        "training.learning_rate": "1e-3",
        "training.batch_size": "32",
    },
    "For robustness we ran 5 seeds.": {"seeds": "5"},
    "As in prior work, the learning rate was 1e-3.": {"training.learning_rate": "1e-3"},
    "Following Kingma and Ba (2015), Adam with learning rate 1e-3 was used.": {
        "training.optimiser": "adam",
        "training.learning_rate": "1e-3",
    },
    "The learning rate is 1e-3 and the batch size is 32 (details in the appendix).": {
        "training.learning_rate": "1e-3",
        "training.batch_size": "32",
    },
    "We trained for 8 epochs because accuracy did not improve further.": {"training.epochs": "8"},
    "Training stops when there is no improvement on dev loss for 3 epochs.": {
        "training.early_stopping.metric": "loss",
        "training.early_stopping.patience": "3 epochs",
    },
    "We report the mean of 5 runs per configuration.": {"seeds": "5"},
    "Learning rate 1e-3; we cut the data in half for 10 epochs.": {
        "training.learning_rate": "1e-3",
        "training.epochs": "10",
    },
}


@pytest.mark.parametrize("text", OURS)
def test_a_statement_stays_one_beside_words_of_others(text: str) -> None:
    assert told(text) == OURS[text]


def test_a_page_about_a_baseline_is_about_that() -> None:
    assert told("As a baseline we use a mean of embeddings. Its batch size is 16.") == {
        "model.family": "mean of embeddings",
        "training.batch_size": "16",
    }


def test_names_that_are_enumerated_before_their_values() -> None:
    assert pair_values("Weight decay and learning rate were 1e-4 and 0.05, respectively.") == (
        "Weight decay is 1e-4, learning rate is 0.05."
    )
    assert pair_values("Hidden size, embedding size and batch size are all set to 16.") == (
        "Hidden size is 16, embedding size is 16, batch size is 16."
    )
    assert pair_values("We saw 3 and 4 of them.") == "We saw 3 and 4 of them."
    assert pair_cells("Batch size / epochs", "32 / 4") == [("Batch size", "32"), ("epochs", "4")]
    assert pair_cells("Embedding/hidden size", "12/24") == [("Embedding size", "12"), ("hidden size", "24")]
    assert not pair_cells("Seeds", "1, 2") and not pair_cells("A / B", "1 / 2")


def test_dropouts_with_their_places() -> None:
    every = [("model.dropout.embedding", "0.1"), ("model.dropout.encoder", "0.3"), ("model.dropout.head", "0.5")]
    assert pair_places("Dropout", "0.1 (embeddings), 0.3 (between layers), 0.5 (before the output)") == every
    assert pair_places("Dropout (emb./rnn/out)", "0.1/0.3/0.5") == every
    assert not pair_places("Dropout", "0.1") and not pair_places("Dropout", "0.1 (here), 0.3 (there)")
    assert told("We apply dropout of 0.1, 0.3 and 0.5 to the embeddings, between the layers and before the classifier, "
                "respectively.") == dict(every)  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The learning rate is halved every 2 epochs.", [("lr decay factor", "0.5")]),
        ("The learning rate is reduced by a factor of 10 every 5 epochs.", [("lr decay factor", "0.1")]),
        (
            "The rate is divided by two after every second epoch.",
            [("lr decay factor", "0.5"), ("decay every", "2 epochs")],
        ),
        ("We halve the number of rows.", []),
    ],
)  # fmt: skip
def test_how_a_rate_falls(sentence: str, found: list[tuple[str, str]]) -> None:
    assert [*find_decay(sentence)] == found


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "We stop early if development accuracy has not improved for 3 epochs, and keep the checkpoint with the "
            "best macro-F1 on the development set.",
            [("early stopping metric", "accuracy"), ("selection metric", "macro-f1")],
        ),
        ("Model selection was based on macro-F1 on the dev set.", [("selection metric", "macro-f1")]),
        ("Early stopping on dev acc (patience 3).", [("early stopping metric", "acc")]),
        ("Accuracy on the validation set is 0.9.", []),
    ],
)  # fmt: skip
def test_what_training_is_stopped_and_chosen_by(sentence: str, found: list[tuple[str, str]]) -> None:
    assert [*find_metrics(sentence)] == found


def test_where_embeddings_come_from() -> None:
    for text in ("Word vectors are drawn at random and kept frozen.", "We freeze the randomly initialised embeddings."):
        assert [*find_embedding(text)] == [("embeddings", "frozen random")], text
    assert [*find_embedding("Fine-tuned GloVe embeddings are used.")] == [("embeddings", "fine-tuned pre-trained")]
    for text in ("Embeddings are random and the seed was fixed.", "Random embeddings were not kept frozen."):
        assert not [*find_embedding(text)], text
    assert not [*find_embedding("Embeddings have 12 dimensions, and a fixed learning rate is used.")]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("batches of thirty-two", "batches of 32"),
        ("two per cent", "2 %"),
        ("three thousandths", "3e-3"),
        ("3 x 10^(-3) and 3*10^-3", "3 x 10^{-3} and 3·10^-3"),
        ("0,02 and 1/20 and 3‰", "0.02 and 0.05 and 0.003"),
        ("400 of the 600 training rows", "400 training rows"),
        ("seeds 0,1,2 and 3/14/27", "seeds 0,1,2 and 3/14/27"),
    ],
)
def test_numbers_in_other_spellings(written: str, read: str) -> None:
    assert spell_numbers(written) == read


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("4[^1]", "4"), ("4†", "4"), ("4$^\\dagger$", "4"), ("4\\tnote{a}", "4"), ("4~\\cite{x}", "4"), ("4¹", "4"),
        ("10³", "10³"), ("\\textcolor{blue}{4}", "4"), ("\\SI{1}{\\percent}", "1 %"), ("✅", "yes"), ("\\xmark", "no"),
        ("[4](#x)", "4"), ("4&nbsp;epochs", "4 epochs"), ("[13, 42]", "[13, 42]"), ("½", "0.5"), ("a_b", "a_b"),
    ],
)  # fmt: skip
def test_marks_say_nothing_of_a_value(cell: str, meant: str) -> None:
    assert take_marks(cell) == meant


def test_a_log_without_what_programs_write_before_its_lines() -> None:
    log = "[10:00:01] lr: 0.003\n[10:00:01] INFO epochs: 4\n[10:00:02] Epoch 1/4 - loss: 0.69 - lr: 0.003\n"
    assert plain_log(log) == "lr: 0.003\nepochs: 4\n\n"
    assert told(log) == {"training.learning_rate": "0.003", "training.epochs": "4"}
    assert plain_log("- a: 1\n- b: 2\n") == "- a: 1\n- b: 2\n"
    assert plain_log("The loss 0.5 is that of the best run here.").startswith("The loss")


def test_headings_fences_and_comments_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "card.md"
    page.write_text(
        "<!-- lr: 1 -->\n### Embedding\n- Dropout: 0.1\n### Encoder\n- Dropout: 0.3\n\n"
        "```yaml\noptimizer: {lr: 3e-3}\n```\n"
        "~~batch size: 64~~\n- batch size: 32\n- `bidirectional`: false\n"
    )
    assert {(one.name, one.text, one.line) for one in read_stated(page)} == {
        ("Embedding.Dropout", "0.1", 3),
        ("Encoder.Dropout", "0.3", 5),
        ("optimizer.lr", "3e-3", 8),
        ("batch size", "32", 11),
        ("bidirectional", "false", 12),
    }


def test_a_table_of_results_does_not_hide_what_a_page_states(tmp_path: Path) -> None:
    page = tmp_path / "card.md"
    page.write_text("- learning rate: 3e-3\n- epochs: 4\n\n| Model | Accuracy |\n| --- | --- |\n| LSTM | 81.0 |\n")
    assert [(one.name, one.text) for one in read_stated(page)] == [("learning rate", "3e-3"), ("epochs", "4")]


def test_no_pattern_tries_every_split_of_a_long_sentence() -> None:
    """Such a one would not end before the tests are stopped."""
    for unit in ("x and y ", "a, ", "lr and ", "0.1 (a) ", "tuned in [1, ", "neither a nor b ", "not improve "):
        for end in ("", " are 1 and 2", " respectively"):
            assert all(one.line == 1 for one in read_page(f"{(unit * 400)[:980]}{end}"))
