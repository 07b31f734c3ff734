"""One existing validator on one folder of CSV splits; prints seconds, memory and the issues that it raises.

Run by validators.py under the interpreter of the environment that holds the validators. Where it lacks the tool this is
said, with exit code 3; without FOLDER nothing else is: python validators_side.py TOOL [FOLDER]
"""

import json
import resource
import sys
import time
import warnings
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

MOST_TOKENS = 50
ABSENT = 3


def frames(folder):
    """The splits with the columns that people would make."""
    read = {path.stem: pd.read_csv(path, dtype=str, keep_default_na=False) for path in sorted(folder.glob("*.csv"))}
    common = [
        token for token, _ in Counter(t for s in read["train"]["sequence"] for t in s.split()).most_common(MOST_TOKENS)
    ]
    for frame in read.values():
        rows = [sequence.split() for sequence in frame["sequence"]]
        frame["length"] = [len(row) for row in rows]
        frame["first"] = [row[0] if row else "" for row in rows]
        frame["last"] = [row[-1] if row else "" for row in rows]
        counts = [Counter(row) for row in rows]
        for place, token in enumerate(common):
            frame[f"token {place}"] = [count[token] for count in counts]
    return read


def token_columns(frame):
    return [name for name in frame.columns if name.startswith("token ")]


def cleanlab(read):
    from cleanlab import Datalab
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    pooled = pd.concat(read.values(), ignore_index=True)
    names = [*token_columns(pooled), "length"]
    features = pooled[names].to_numpy(float)
    model = LogisticRegression(max_iter=200)
    issues = set()
    splits = np.repeat(list(read), [len(frame) for frame in read.values()])
    probabilities = cross_val_predict(model, features, pooled["label"], cv=3, method="predict_proba")
    lab = Datalab(data={"label": pooled["label"].to_numpy()}, label_name="label", verbosity=0)
    lab.find_issues(features=features, pred_probs=probabilities)
    summary = lab.get_issue_summary().set_index("issue_type")["num_issues"]
    for kind, number in summary.items():
        if kind == "near_duplicate":
            sets = lab.get_issues("near_duplicate")["near_duplicate_sets"]
            number = sum(any(splits[other] != splits[i] for other in near) for i, near in enumerate(sets))
        if number > 0.01 * len(pooled) or (kind in ("non_iid", "class_imbalance") and number):
            issues.add(kind)
    return issues


def evidently(read):
    from evidently import Report
    from evidently.presets import DataDriftPreset

    issues = set()
    for name, frame in read.items():
        if name == "train":
            continue
        columns = ["label", "length", "first", "last", *token_columns(frame)]
        report = Report([DataDriftPreset()]).run(frame[columns], read["train"][columns])
        for metric in report.dict()["metrics"]:
            config = metric.get("config", {})
            column, value = config.get("column"), metric.get("value")
            if column is None or not isinstance(value, int | float):
                continue
            method, limit = str(config.get("method", "")), config.get("threshold", 0.05)
            drifted = value < limit if "p_value" in method else value > limit
            if drifted:
                issues.add("drift:token" if column.startswith("token ") else f"drift:{column}")
    return issues


def deepchecks(read):
    from deepchecks.tabular import Dataset
    from deepchecks.tabular.suites import data_integrity, train_test_validation

    issues = set()
    categorical = ["first", "last"]

    def dataset(frame):
        kept = frame.drop(columns=["id"], errors="ignore")
        return Dataset(kept, label="label", cat_features=categorical)

    train = dataset(read["train"])
    results = [data_integrity().run(train)]
    results += [train_test_validation().run(train, dataset(frame)) for name, frame in read.items() if name != "train"]
    for result in results:
        for check in result.get_not_passed_checks():
            issues.add(check.check.name())
    return issues


def main(argv):
    warnings.simplefilter("ignore")
    tool, *given = argv
    if find_spec(tool) is None:
        print(f"{tool} is not installed for {sys.executable}", file=sys.stderr)
        return ABSENT
    if not given:
        return 0
    folder = Path(given[0])
    began = time.perf_counter()
    issues = {"cleanlab": cleanlab, "evidently": evidently, "deepchecks": deepchecks}[tool](frames(folder))
    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print("ANSWER", json.dumps({"seconds": seconds, "memory": memory, "issues": sorted(issues)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
