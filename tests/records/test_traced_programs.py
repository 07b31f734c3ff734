"""Programs are traced: some with a setting that does nothing, some with an influence that nobody states, and healthy
ones. Each does so in another way, or in another kind of code: NumPy, PyTorch, scikit-learn, or a built-in model."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from brittlestar import diagnose, generate, run

PROGRAMS = Path(__file__).with_name("programs")
CODES = {"inert": ("report.inert",), "influence": ("report.undeclared", "seed.undeclared"), "healthy": ()}


@dataclass(frozen=True)
class Program:
    """What is trained: `own` code of the folder `programs`, with some of its text `replaced`, or a built-in model, with
    settings of its study. A finding of a program that is not healthy `names` what is wrong."""

    name: str
    kind: Literal["inert", "influence", "healthy"]
    own: str = ""
    replaced: dict[str, str] = field(default_factory=dict[str, str])
    model: dict[str, Any] = field(default_factory=dict[str, Any])
    training: dict[str, Any] = field(default_factory=dict[str, Any])
    names: str = "$^"


TRACED = (
    Program("dropout between layers of one layer", "inert",
            model={"family": "lstm", "hidden": 16, "layers": 1, "dropout": {"encoder": 0.4}},
            training={"epochs": 3, "batch_size": 32}, names=r"model\.dropout\.encoder"),
    Program("schedule that is never stepped", "inert", "a_setting_that_acts_late:fit", {
            "quiet_after=3, longest=12": "decay=0.5",
            "    train_tokens = [row[:longest] for row in train.tokens]\n    counts = count(train_tokens)\n": "",
            "lr=0.02)\n": "lr=0.02)\n    schedule = torch.optim.lr_scheduler.ExponentialLR(optimiser, gamma=decay)\n",
            "        if epoch + 1 == quiet_after:\n            optimiser.param_groups[0][\"lr\"] /= 10\n": "",
            }, names=r"\bdecay\b"),
    Program("columns in the order of a set", "influence", "columns_in_the_order_of_a_set:fit", names=r"\bhash"),
    Program("order by language", "influence", "columns_in_the_order_of_a_set:fit", {
            "import numpy": "import os\nimport zlib\n\nimport numpy",
            "\ndef fit": "LANGUAGE = os.environ.get('LC_ALL') or os.environ.get('LC_CTYPE') or os.environ.get('LANG')"
            " or 'C'\n\n\ndef find_place(word):\n    return zlib.crc32((LANGUAGE + word).encode())\n\n\ndef fit",
            "list(set(sum(train.tokens, [])))": "sorted(set(sum(train.tokens, [])), key=find_place)",
            }, names=r"locale|language|\bLC_|\bLANG\b"),
    Program("built-in means of vectors", "healthy", model={"family": "mean", "embedding": {"dim": 16, "scale": 0.5}},
            training={"epochs": 3, "batch_size": 32, "learning_rate": 0.003, "weight_decay": 0.01}),
    Program("a setting that acts late", "healthy", "a_setting_that_acts_late:fit", model={"params": {"longest": 12}}),
    Program("batches by midnight", "influence", "batches_by_midnight:fit", names=r"time ?zone|\bTZ\b"),
    Program("forest with a seed", "healthy", "forest_with_a_seed:fit", model={"params": {"trees": 9}}),
    Program("held back by a place", "influence", "prior_share_and_temperature:fit", {
            "import numpy": "import os\nimport zlib\n\nimport numpy", ", prior=0.5, share=0.7, temperature=2.0": "",
            "np.flatnonzero(random.random(len(train.labels)) < share)":
            "[row for row in range(len(train.labels)) if zlib.crc32(os.path.abspath(f'{row}.txt').encode()) % 3]",
            "prior)": "1.0)", "        raised = raised / temperature\n": "",
            }, names=r"folder|director|\bcwd\b"),
    Program("penalty that is only shown", "inert", "penalty_that_is_only_shown:fit",
            model={"params": {"penalty": 0.05}}, names=r"\bpenalty\b"),
    Program("first rows of train", "influence", "penalty_that_is_only_shown:fit", {
            ", penalty=0.01": "", "0.3, (": "0.001, (",
            "range(4)": "range(60)",
            "np.array_split(random.permutation(len(labels)), 8)": "[slice(0, len(labels) // 6)]",
            "0.5 * slope": "1.5 * slope", " + penalty * (weights**2).sum()": "",
            }, names=r"\border\b|\brows\b"),
    Program("built-in recurrence both ways", "healthy", model={"family": "gru", "hidden": 10, "layers": 2,
            "bidirectional": True, "pooling": "attention", "dropout": {"encoder": 0.3, "head": 0.4}},
            training={"epochs": 3, "batch_size": 25, "learning_rate": 0.01, "label_smoothing": 0.1}),
)  # fmt: skip


@pytest.mark.parametrize("program", TRACED, ids=lambda one: one.name)
def test_a_program_is_seen_through(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    generate("data", sizes="200/60/60", seed=5)
    model = dict(program.model)
    if program.own:
        module, _, name = program.own.partition(":")
        source = (PROGRAMS / f"{module}.py").read_text(encoding="utf-8")
        for old, new in program.replaced.items():
            assert source.count(old) == 1, old
            source = source.replace(old, new)
        module = "traced_" + re.sub(r"\W+", "_", program.name)  # a name that no other test has imported
        Path(f"{module}.py").write_text(source, encoding="utf-8")
        model["own"] = f"{module}:{name}"
    study = {"name": "traced", "data": {"path": "data"}, "seeds": 1, "probes": {"suite": "none"}, "model": model}
    Path("study.yaml").write_text(yaml.safe_dump({**study, "training": program.training}), encoding="utf-8")
    assert run("study.yaml", out="traced.study", progress=False).exit_code == 0
    traced = diagnose("traced.study", budget=600, only=["report", "seed.undeclared"], progress=False).traced
    assert traced is not None
    said = [f"{one.code} {one.name}: {one.told} {one.why}" for one in traced.found]
    assert bool(said) == (program.kind != "healthy"), said
    right = [
        one for one in said if one.startswith(CODES[program.kind]) and re.search(program.names, one, re.IGNORECASE)
    ]
    assert right or program.kind == "healthy", said
