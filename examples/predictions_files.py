# Three files: python predictions_files.py DATA, then brittlestar run DATA --preds forest_0.csv --preds forest_1.csv …
import sys

import polars as pl
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer

tables = (pl.read_csv(f"{sys.argv[1]}/{split}.csv", infer_schema=False) for split in ("train", "test"))
train, test = (table.fill_null("") for table in tables)
counts = CountVectorizer(analyzer=str.split).fit(train["sequence"])
for seed in range(3):
    forest = RandomForestClassifier(random_state=seed).fit(counts.transform(train["sequence"]), train["label"])
    shares = pl.DataFrame(forest.predict_proba(counts.transform(test["sequence"])), [f"p_{c}" for c in forest.classes_])
    facts = test.select("id", split=pl.lit("test"), variant=pl.lit("forest"), seed=pl.lit(seed))
    pl.concat([facts, shares], how="horizontal").write_csv(f"forest_{seed}.csv")
