# Predictions of two models from five seeds each, in columns of their own and without ids: python make_predictions.py
import polars as pl
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline

train, test = (pl.read_csv(f"reviews/{split}.csv") for split in ("train", "test"))
for name, longest in {"words": 1, "pairs": 2}.items():
    tables: list[pl.DataFrame] = []
    for seed in range(5):
        classifier = SGDClassifier(loss="log_loss", alpha=0.01, random_state=seed)
        model = make_pipeline(CountVectorizer(ngram_range=(1, longest)), classifier)
        model.fit(train["sequence"], train["label"])
        guess, sure = model.predict(test["sequence"]), model.predict_proba(test["sequence"]).max(axis=1)
        tables.append(test.select(review="sequence", guess=guess, sure=sure.round(3), run=seed))
    pl.concat(tables).write_csv(f"{name}.csv")
