"""Fit functions and estimators need no PyTorch: where it is not installed they are trained, probed and reported."""

import subprocess
import sys
from pathlib import Path

SCRIPT = '''
import importlib.util
import sys
from importlib.abc import MetaPathFinder


class Missing(MetaPathFinder):
    """What an environment without these packages looks like."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "safetensors"):
            raise ModuleNotFoundError(name)


def find(name, package=None, known=importlib.util.find_spec):
    return None if name == "torch" else known(name, package)


sys.meta_path.insert(0, Missing())
importlib.util.find_spec = find

import brittlestar
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

rows = [" ".join("abcdefg"[(k * step) % 7] for step in (1, 2, 3, 5)) for k in range(120)]
labels = ["yes" if "a" in row else "no" for row in rows]
data = {"train": (rows[:60], labels[:60]), "test": (rows[60:], labels[60:])}
model = make_pipeline(CountVectorizer(token_pattern=r"[a-z]"), MultinomialNB())
result = brittlestar.run(
    data, model=model, settings={"variants": "{}"}, seeds=2, executor="serial", out=sys.argv[1], progress=False
)
assert result.exit_code == 0 and result.record.probes is not None and len(result.record.probes.cells) == 2
try:
    brittlestar.run(data, model=model, seeds=2, executor="serial", out=sys.argv[1] + "2", progress=False)
except brittlestar.core.errors.MissingExtraError as error:
    print(error)
assert "torch" not in sys.modules
'''


def test_an_estimator_is_trained_and_probed_and_networks_are_refused(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(script), str(tmp_path / "a.study")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "PyTorch is not installed, and bag cannot be trained" in done.stdout
    assert "pip install 'brittlestar[train]'; without it: --set 'variants={}'" in done.stdout
    assert not (tmp_path / "a.study2").exists()
