import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from brittlestar.core.errors import InputError
from brittlestar.models.info import ModelInfo
from brittlestar.models.own import OwnCodeError, OwnModel, build_own, load_own, refuse_numeric

NET = """
import torch
class Net(torch.nn.Module):
    def __init__(self, info, width=4, extra=0):
        super().__init__()
        self.embedding = torch.nn.Embedding(info.vocabulary_size, width)
        self.dropout = torch.nn.Dropout(0.5)
        self.head = torch.nn.Linear(width, len(info.classes) + extra)
    def forward(self, tokens, lengths):
        return self.head(self.dropout(self.embedding(tokens).sum(1)))
def build(info, width=4, extra=0):
    return Net(info, width, extra)
def cls(info): return Net
def number(info): return 3
def boom(info):
    raise RuntimeError("no weights today")
def quit(info): raise SystemExit(3)
def sequential(info): return torch.nn.Sequential(torch.nn.Embedding(9, 3))
def fit(train, dev, seed, observe=None): ...
def learn(train, dev): ...
built = torch.nn.Linear(1, 1)
CONSTANT = 4
class Space:
    inner = build
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, name: str, source: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    return path


@pytest.fixture
def net(folder: Path) -> Path:
    write(folder, "their_net.py", NET)
    return folder


@pytest.mark.parametrize(
    ("name", "kind"), [("build", "factory"), ("Net", "factory"), ("Space.inner", "factory"), ("fit", "fit")]
)
def test_kinds_are_found_out(net: Path, name: str, kind: str) -> None:
    own = load_own(f"their_net:{name}", "auto", net)
    assert (own.kind, own.reference, own.name) == (kind, f"their_net:{name}", f"their_net:{name}")
    assert own.files == ((net / "their_net.py").resolve(),)


@pytest.mark.parametrize("name", ["LogisticRegression", "given", "piped"])
def test_estimators_may_be_classes_or_instances(folder: Path, name: str) -> None:
    write(
        folder,
        "their_estimators.py",
        "from sklearn.linear_model import LogisticRegression\nfrom sklearn.pipeline import make_pipeline\n"
        "given = LogisticRegression(C=3)\npiped = make_pipeline(given)\n",
    )
    own = load_own(f"their_estimators:{name}", "auto", folder)
    assert own.kind == "estimator" and not isinstance(own.object, type) and hasattr(own.object, "fit")


def test_an_estimator_without_a_vectoriser_is_refused_before_it_is_trained() -> None:
    pytest.importorskip("sklearn")
    from sklearn.dummy import DummyClassifier
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline

    def refuse(estimator: Any) -> None:
        refuse_numeric(OwnModel("mine", "estimator", estimator, "mine", "", Path(), ()))

    for bare in (LogisticRegression(), GridSearchCV(LogisticRegression(), {"C": [1]})):
        with pytest.raises(InputError, match=r"mine is given texts of tokens, and LogisticRegression reads numbers;"):
            refuse(bare)
    read = make_pipeline(TfidfVectorizer(min_df=5), LogisticRegression())
    for whole in (read, GridSearchCV(read, {}), make_pipeline("passthrough", read), DummyClassifier()):
        refuse(whole)


def test_a_class_of_modules_that_takes_no_info_is_named_as_that(tmp_path: Path, info: ModelInfo) -> None:

    class Net(torch.nn.Module):
        def __init__(self, size: int = 3) -> None:
            super().__init__()
            self.table = torch.nn.Embedding(size, 2)

    with pytest.raises(OwnCodeError, match=r"give a function build\(info\) that returns Net\(…\) with info.vocabulary"):
        build_own(OwnModel("Net", "factory", Net, "Net", "", tmp_path, ()), info, {})


def test_a_stated_kind_is_believed_and_checked(net: Path) -> None:
    assert load_own("their_net:fit", "factory", net).kind == "factory"
    with pytest.raises(InputError, match="no scikit-learn estimator: it lacks fit, predict, get_params, set_params"):
        load_own("their_net:build", "estimator", net)
    with pytest.raises(InputError, match="is a int and cannot be called"):
        load_own("their_net:CONSTANT", "fit", net)


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("their_met:build", "module 'their_met' does not exist .*; did you mean 'their_net'"),
        ("their_net:biuld", r"their_net\.py: 'biuld' is not defined; did you mean 'build'"),
        ("their_net:zzzzz", "'zzzzz' is not defined; it defines CONSTANT, Net, Space, boom, build"),
        ("their_net:CONSTANT", "their_net:CONSTANT is a int and cannot be called"),
        ("their_net:built", "is a built Linear: every seed would share its weights; name a function"),
        ("their_net", "does not name a model; write package.module:name"),
        ("their_net:learn", "has the parameter train, but no seed: it would be taken for a factory"),
    ],
)
def test_what_cannot_be_loaded(net: Path, reference: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_own(reference, "auto", net)


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("x = 1\ny = x / 0\n", 2, "ZeroDivisionError: division by zero"),
        ("\n\nimport surely_not_installed\n", 3, "ModuleNotFoundError: No module named 'surely_not_installed'"),
        ("def f(:\n", 1, "SyntaxError: invalid syntax"),
        ("raise SystemExit(2)\n", 1, "SystemExit: 2"),
    ],
)
def test_an_import_that_fails_names_the_users_line(folder: Path, source: str, line: int, message: str) -> None:
    path = write(folder, "their_broken.py", source)
    with pytest.raises(InputError) as caught:
        load_own("their_broken:build", "auto", folder)
    assert f"{path}:{line}: importing their_broken raised {message}" in str(caught.value)


def test_the_import_path_is_left_as_found(net: Path) -> None:
    before = list(sys.path)
    load_own("their_net:build", "auto", net)
    with pytest.raises(InputError):
        load_own("absent:build", "auto", net)
    assert sys.path == before
    assert not (net / "__pycache__").exists()


def test_helpers_imported_late_are_found(folder: Path, info: ModelInfo) -> None:
    write(folder, "their_late_helper.py", "import torch\ndef make(): return torch.nn.Bilinear(1, 1, 1)\n")
    write(folder, "their_late.py", "def build(info):\n    from their_late_helper import make\n    return make()\n")
    own = load_own("their_late:build", "auto", folder)
    assert type(build_own(own, info, {})).__name__ == "Bilinear"
    assert [file.name for file in own.files] == ["their_late.py", "their_late_helper.py"]


def test_a_factory_builds_from_info_and_params(net: Path, info: ModelInfo) -> None:
    own = load_own("their_net:build", "auto", net)
    torch.manual_seed(0)
    first: Any = build_own(own, info, {"width": 6})
    torch.manual_seed(0)
    again: Any = build_own(own, info, {"width": 6})
    assert first.embedding.weight.shape == (7, 6)
    assert torch.equal(first.embedding.weight, again.embedding.weight)


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        ("build", {"widht": 3},
         r"model\.params\.widht: their_net:build takes no parameter 'widht'; did you mean 'width'"),
        ("boom", {"x": 3}, "takes no parameter 'x'; it takes no parameters"),
        ("cls", {}, r"their_net\.py:13: their_net:cls returned the class Net, not a torch\.nn\.Module"),
        ("number", {}, "their_net:number returned a int, not a"),
        ("sequential", {}, r"their_net\.py:18: Sequential\.forward cannot be called with \(tokens, lengths\)"),
    ],
)  # fmt: skip
def test_what_a_factory_may_not_do(net: Path, info: ModelInfo, name: str, params: dict[str, int], message: str) -> None:
    with pytest.raises(InputError, match=message):
        build_own(load_own(f"their_net:{name}", "auto", net), info, params)


@pytest.mark.parametrize(
    ("name", "line", "text"), [("boom", 16, "RuntimeError: no weights today"), ("quit", 17, "SystemExit: 3")]
)
def test_exceptions_carry_the_users_line(net: Path, info: ModelInfo, name: str, line: int, text: str) -> None:
    with pytest.raises(OwnCodeError) as caught:
        build_own(load_own(f"their_net:{name}", "auto", net), info, {})
    (problem,) = caught.value.problems
    assert problem.where == f"{net / 'their_net.py'}:{line}" and problem.what.endswith(f"raised {text}")
    assert caught.value.exit_code == 1


def test_the_digest_follows_the_code_and_not_the_folder(tmp_path: Path) -> None:
    digests = []
    for place, helper in (("one", "W = 1\n"), ("two", "W = 1\n"), ("three", "W = 2\n")):
        write(tmp_path / place, "their_digest.py", "from their_digest_helper import W\ndef build(info): return W\n")
        write(tmp_path / place, "their_digest_helper.py", helper)
        write(tmp_path / place, "unrelated.py", place)
        own = load_own("their_digest:build", "auto", tmp_path / place)
        assert own.object(None) == (2 if place == "three" else 1), "another folder's helper is never reused"
        digests.append(own.digest)
    assert digests[0] == digests[1] != digests[2]


def test_an_edit_is_seen_in_one_process(tmp_path: Path) -> None:
    write(tmp_path, "their_edit/model.py", "from .part import W\ndef build(info): return W\n")
    write(tmp_path, "their_edit/__init__.py", "")
    write(tmp_path, "their_edit/part.py", "W = 1\n")
    first = load_own("their_edit.model:build", "auto", tmp_path)
    write(tmp_path, "their_edit/part.py", "W = 2\n")
    second = load_own("their_edit.model:build", "auto", tmp_path)
    assert (first.object(None), second.object(None)) == (1, 2) and first.digest != second.digest
    assert load_own("their_edit.model:build", "auto", tmp_path).object is second.object, "unchanged code is kept"
    names = [file.relative_to(tmp_path.resolve()).as_posix() for file in second.files]
    assert names == ["their_edit/__init__.py", "their_edit/model.py", "their_edit/part.py"]


def test_a_file_named_like_a_library_module_drops_nothing(tmp_path: Path) -> None:
    write(tmp_path, "types.py", "raise RuntimeError('shadowed')\n")
    write(tmp_path, "their_shadow.py", "import types\ndef build(info): return types\n")
    import types

    assert load_own("their_shadow:build", "auto", tmp_path).object(None) is types is sys.modules["types"]
