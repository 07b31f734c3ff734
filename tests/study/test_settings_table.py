from pathlib import Path

import pytest

from brittlestar.study.loading import bare_study, study_name
from brittlestar.study.variants import settings_of, variant_settings
from tests.study.files import HEAD, load


def test_every_leaf_has_a_value_and_an_origin(tmp_path: Path) -> None:
    text = "training: {epochs: 7}\nmodel: {own: a:b}\nvariants: {bag: {model: {family: bag, hidden: 9}}}\n"
    loaded = load(tmp_path, HEAD + text, {"training.clip": "null"})
    main = {setting.path: (setting.value, setting.origin) for setting in settings_of(loaded, "main")}
    bag = {setting.path: (setting.value, setting.origin) for setting in settings_of(loaded, "bag")}
    assert main["training.epochs"] == (7, "study.yaml:3") == bag["training.epochs"]
    assert main["training.clip"] == (None, "--set")
    assert main["model.own"] == ("a:b", "study.yaml:4")
    assert bag["model.own"] == (None, "variant bag")
    assert bag["model.family"] == ("bag", "variant bag")
    assert bag["model.hidden"] == (9, "variant bag")
    assert bag["model.layers"] == (2, "our default")
    assert "training.early_stopping" in main
    paths = [setting.path for setting in settings_of(loaded, "main")]
    assert len(paths) == len(set(paths)) == len(main)
    assert paths[:2] == ["name", "data.path"]
    with pytest.raises(KeyError):
        settings_of(loaded, "nobody")


def test_a_bare_folder_has_the_defaults_of_the_contract() -> None:
    loaded = bare_study("SPR data", "somewhere", tokens="whitespace", factors=None)
    study = loaded.study
    assert study.name == "SPR-data"
    assert list(variant_settings(study)) == ["main", "bag"]
    assert study.seeds == (0, 1, 2, 3, 4)
    training = study.training
    assert (training.epochs, training.batch_size, training.optimiser) == (20, 64, "adam")
    assert (training.learning_rate, training.clip, training.early_stopping) == (1e-3, 1.0, None)
    assert (training.selection.split, training.selection.metric) == ("dev", "log_loss")
    assert variant_settings(study)["bag"].model.family == "bag"
    assert study.claims == ()
    assert (loaded.path, loaded.origins["data.path"]) == (None, "--set")
    assert {origin for path, origin in loaded.origins.items() if path != "data.path"} == {"our default"}


def test_a_bare_folder_with_an_own_model() -> None:
    loaded = bare_study(
        "d", "d", tokens="characters", factors="(?P<shape>.)", own="a.b:c", columns={"sequence": "text"},
        splits=("train", "test"), overrides={"training.epochs": "3", "seeds": "[4]"},
    )  # fmt: skip
    study = loaded.study
    assert study.model.own == "a.b:c"
    assert variant_settings(study)["bag"].model.own is None
    assert (study.data.tokens, study.data.factors, study.data.columns.sequence) == (
        "characters", "(?P<shape>.)", "text",
    )  # fmt: skip
    assert study.training.selection.split == "train"
    assert (study.training.epochs, study.seeds) == (3, (4,))
    origins = loaded.origins
    given = [path for path, origin in origins.items() if origin == "--set"]
    assert given == ["data.path", "data.columns.sequence", "model.own", "training.epochs", "seeds"]
    names = {"SPR data": "SPR-data", "..": "study", "-x-": "x", "wörter": "w-rter", "a.b_c": "a.b_c"}
    assert {text: study_name(text) for text in names} == names
