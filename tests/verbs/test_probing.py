"""How many rows the probes of a study take: a number before anything is trained, from settings and data alone."""

from pathlib import Path
from typing import Any

import pytest

from brittlestar import generate
from brittlestar.data.folder import write_data
from brittlestar.pipeline.open import open_request
from brittlestar.pipeline.prepare import prepare
from brittlestar.pipeline.probes import fitting_probes
from brittlestar.pipeline.request import Request
from brittlestar.probes.suite import FEWEST_PROBED_ROWS, MOST_PROBED_ROWS
from brittlestar.store.layout import Store
from brittlestar.study.settings import ProbeSettings

TRAINED = 1_000


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("probing") / "data"
    generate(place, sizes=f"{TRAINED}/20/300", lengths="4-8")
    return place


def fitted(data: Path, folder: Path, model: Any = None, **settings: Any) -> ProbeSettings:
    """The probes of a study with these settings, its data in the store `folder`."""
    overrides = {path.replace("__", "."): value for path, value in settings.items()}
    prepared = prepare(open_request(Request(data, model, settings=overrides)))
    store = Store(folder)
    write_data(store.data, prepared.opened.frames, prepared.opened.data)
    return fitting_probes(prepared, store)


def test_a_study_is_probed_in_rows_that_fit_the_training_of_main(data: Path, tmp_path: Path) -> None:
    assert fitted(data, tmp_path, training__epochs=36).rows == 36 * TRAINED // 150 == 240
    assert fitted(data, tmp_path, training__epochs=1).rows == FEWEST_PROBED_ROWS
    assert fitted(data, tmp_path, training__epochs=100, data__train_rows=300).rows == 200


def test_a_model_that_fits_itself_is_probed_in_as_many_rows_as_ever(data: Path, tmp_path: Path) -> None:
    def fit(train: Any, dev: Any, seed: int) -> Any:
        raise NotImplementedError

    assert fitted(data, tmp_path, fit, training__epochs=1).rows == MOST_PROBED_ROWS


@pytest.mark.parametrize(("stated", "rows"), [("7", 7), ("1000", 1000), ("null", None)])
def test_what_a_study_states_stands(data: Path, tmp_path: Path, stated: str, rows: int | None) -> None:
    assert fitted(data, tmp_path, training__epochs=1, probes__rows=stated).rows == rows
