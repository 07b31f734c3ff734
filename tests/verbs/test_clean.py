"""What nothing names is listed with its size, and removed only on request; everything else stays as it is."""

import shutil
from pathlib import Path

import pytest

from brittlestar import clean, probe, run
from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.texts import show_size
from brittlestar.store.layout import Store
from brittlestar.store.lock import exclusive
from tests.command import brittlestar, tree
from tests.zoo import SMALL, Zoo

SETTINGS = {**SMALL, "probes.only": "[order]", "variants": "{}"}


@pytest.fixture
def store(zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study of two seeds, with a probe suite."""
    monkeypatch.chdir(zoo.copy("sealed", tmp_path))
    return tmp_path / "data.study"


def files(store: Path) -> dict[str, bytes]:
    """Files without locks."""
    kept = {name for name in tree(store) if (store / name).is_file() and not name.startswith(".lock-")}
    return {name: content for name, content in tree(store).items() if name in kept}


def test_a_study_as_it_was_run_has_nothing_to_remove(store: Path) -> None:
    before = files(store)
    assert clean("data.study").leftovers == () and clean("data.study", remove=True).leftovers == ()
    assert files(store) == before
    assert repr(clean("data.study")) == "nothing to remove: study.json names all there is"


def test_everything_that_nothing_names_is_listed_and_then_removed_and_nothing_else(store: Path) -> None:
    whole = files(store)
    name = sorted(path.name for path in (store / "cells").iterdir())[0]
    suite = next(path.name for path in (store / "probes").iterdir() if path.is_dir())
    run("data", settings=SETTINGS | {"training.epochs": "2"}, seeds=1, executor="serial", out="other", report=False)
    foreign = next((store.parent / "other" / "cells").iterdir()).name
    run("data", settings=SETTINGS | {"seeds": "[5]"}, executor="serial", out="more", report=False)
    seed = next((store.parent / "more" / "cells").iterdir()).name
    shutil.copytree(store.parent / "other" / "cells" / foreign, store / "cells" / foreign)
    shutil.copytree(store.parent / "other" / "derived" / foreign, store / "derived" / foreign)
    shutil.copytree(store.parent / "more" / "cells" / seed, store / "cells" / seed)
    shutil.copytree(store / "cells" / name, store / "cells" / f"{name}.1")
    shutil.copytree(store / "derived" / name / f"probes-{suite}", store / "derived" / name / "probes-0123456789ab")
    shutil.copytree(store / "probes" / suite, store / "probes" / "0123456789ab")
    (store / "derived" / name / "shift_x-0123456789ab").mkdir()
    (store / "cells" / ".half.part").mkdir()
    (store / "cells" / ".half.part" / "log.txt").write_bytes(b"x" * 7)
    (store / ".study.json.0a1b.part").write_bytes(b"y" * 5)
    expected = {
        f"cells/{foreign}": "run",
        f"derived/{foreign}/probes-{suite}": "probe answers",
        f"cells/{seed}": "run",
        f"cells/{name}.1": "set aside",
        f"derived/{name}/probes-0123456789ab": "probe answers",
        f"derived/{name}/shift_x-0123456789ab": "scores",
        "probes/0123456789ab": "probe suite",
        "cells/.half.part": "temporary",
        ".study.json.0a1b.part": "temporary",
    }
    with_more = files(store)
    listed = clean("data.study")
    assert {one.key: one.kind for one in listed.leftovers} == expected
    for one in listed.leftovers:
        path = store / one.key
        sizes = [file.stat().st_size for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()]
        assert one.bytes == sum(sizes), one.key
    reasons = {one.key: one.why for one in listed.leftovers}
    assert "of a seed that the study does not have" in reasons[f"cells/{seed}"]
    assert "of settings or data" in reasons[f"cells/{foreign}"]
    assert listed.removed is False and files(store) == with_more, "a list removes nothing"
    said = brittlestar("clean", "data.study")
    assert (
        said.code == 0
        and "nothing is removed yet" in " ".join(said.output.split())
        and len(said.output.splitlines()) <= 25
    )
    assert "brittlestar clean data.study --yes" in said.output and files(store) == with_more
    document = brittlestar("clean", "data.study", "--yes", "--json").document
    assert document["removed"] is True and {one["key"] for one in document["leftovers"]} == {*expected}
    assert document["bytes"] == listed.bytes
    assert files(store) == whole
    assert run("data.study", executor="serial").exit_code == 0 and clean("data.study").leftovers == ()


def test_a_split_that_came_later_and_its_scores_stay(store: Path) -> None:
    shutil.copy("data/test.csv", "shift.csv")
    probe("data.study", splits={"shift_x": "shift.csv"}, executor="serial")
    before = files(store)
    assert [one.key for one in clean("data.study", remove=True).leftovers if one.kind != "probe suite"] == []
    gone = {name for name in before if name not in files(store)}
    assert not [name for name in gone if name.startswith(("cells", "derived", "data", "report"))]


def test_it_never_removes_while_somebody_holds_the_lock_or_without_a_study(store: Path) -> None:
    (store / "cells" / ".half.part").mkdir()
    before = tree(store)
    with exclusive(Store(store)):
        for remove in (False, True):
            with pytest.raises(StoreError, match="another run is at work on this store"):
                clean("data.study", remove=remove)
    assert tree(store) == before
    text = (store / "study.json").read_text(encoding="utf-8")
    (store / "study.json").write_text(text.replace("adam", "sgd"), encoding="utf-8")
    with pytest.raises(InputError, match="does not match its own hash"):
        clean("data.study", remove=True)
    assert (store / "cells" / ".half.part").is_dir()
    with pytest.raises(InputError, match="not a study's folder"):
        clean("data")


def test_sizes_have_a_unit() -> None:
    shown = [show_size(size) for size in (0, 999, 1000, 999_949, 999_950, 1_234_567, 5_400_000_000)]
    assert shown == ["0 B", "999 B", "1.0 kB", "999.9 kB", "1.0 MB", "1.2 MB", "5.4 GB"]
