"""What `model=` means: names where another process finds the very object, else an object of the session."""

import pickle
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sklearn.linear_model import LogisticRegression

from brittlestar.core.errors import InputError
from brittlestar.models.naming import NamedModel, name_model
from brittlestar.models.own import load_own
from brittlestar.models.session_model import SessionModel, why_not_carried

SOURCE = "class Net:\n    def __init__(self, info): ...\n    class Inner:\n        pass\nlate = lambda info: 1\n"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Any:
    name = f"named_{abs(hash(request.node.nodeid))}"
    (tmp_path / f"{name}.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield __import__(name)
    sys.modules.pop(name, None)


def test_names_and_nothing_stay_as_they_are() -> None:
    assert name_model(None) == NamedModel() and name_model("a.b:c") == NamedModel("a.b:c")
    assert name_model(NamedModel("a:b")) == NamedModel("a:b")


def test_what_a_module_holds_is_named_by_it(module: Any, tmp_path: Path) -> None:
    assert name_model(module.Net) == NamedModel(f"{module.__name__}:Net", None, tmp_path)
    assert name_model(module.Net.Inner).reference == f"{module.__name__}:Net.Inner"
    assert load_own(f"{module.__name__}:Net", "auto", tmp_path).object is module.Net
    assert name_model(LogisticRegression) == NamedModel("sklearn.linear_model:LogisticRegression")


def test_a_module_that_no_process_finds_gives_no_name(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one != str(Path(module.__file__).parent)])
    assert name_model(module.Net).reference == "__session__:Net"


def test_a_file_that_changed_since_it_was_imported_gives_no_name(module: Any) -> None:
    net = module.Net
    assert name_model(net).session is None
    Path(module.__file__).write_text(SOURCE.replace("...", "self.info = info"))
    found = name_model(net)
    assert found.session is not None and found.session.open() is net


@pytest.mark.parametrize("thing", ["late", LogisticRegression(C=2.0)], ids=["lambda", "estimator"])
def test_objects_are_carried_and_opened(module: Any, thing: Any) -> None:
    thing = getattr(module, thing) if isinstance(thing, str) else thing
    found = name_model(thing)
    assert found.session is not None and found.folder is None and why_not_carried(found.session) is None
    copy: SessionModel = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(found.session))))
    assert (copy.name, copy.digest, copy.source) == (found.session.name, found.session.digest, found.session.source)
    own = load_own(str(found.reference), "auto", None, copy)
    assert own.digest == found.session.digest.digest and own.reference == found.session.name
    assert own.kind == ("estimator" if hasattr(thing, "fit") else "factory")
    assert own.object(None) == 1 if own.kind == "factory" else own.object.C == 2.0


def test_what_cannot_be_carried_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = threading.Lock()
    found = name_model(lambda info: lock).session
    assert found is not None
    assert why_not_carried(found) == "it cannot be copied (TypeError: cannot pickle '_thread.lock' object)"
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    assert why_not_carried(found) == "cloudpickle is not installed (pip install 'brittlestar[notebook]')"


def test_what_cannot_be_opened_says_so(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = name_model(module.late).session
    assert found is not None
    carried = pickle.dumps(found)
    copy = pickle.loads(carried)
    monkeypatch.setattr(pickle, "loads", lambda content: 1 / 0)
    with pytest.raises(InputError, match="lambda cannot be opened in a process of its own: ZeroDivisionError"):
        copy.open()


def test_an_object_that_is_gone_says_so() -> None:
    with pytest.raises(InputError, match="build was an object of the session that set this study up, and is gone"):
        load_own("__session__:build", "auto", None)


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be called; name a factory, a fit function or a scikit-learn"):
        name_model({"a": 1})
