# A model's data, months of new messages, answers from five seeds, fifty labels a month: python make_months.py
import random

import polars as pl
from make_answers import WISHES, Row, draw_rows, write_rows
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

NEW_WISHES = {  # what customers write from April on
    "refund": ["reverse the payment", "give me a voucher", "undo what {day} took from me"],
    "delivery": ["reroute the {thing}", "hand it over at the depot", "dispatch it with {day}'s courier"],
    "account": ["unsubscribe me", "merge both profiles", "erase all you hold on us"],
}
MONTHS = {"2026_01": WISHES, "2026_02": WISHES, "2026_03": WISHES, "2026_04": NEW_WISHES}

chance = random.Random(5)
train, test = (draw_rows(name, many, chance) for name, many in (("train", 500), ("test", 500)))
write_rows("live/train.csv", train)
write_rows("live/test.csv", test)
models = []
for _ in range(5):
    model = make_pipeline(CountVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=1000))
    drawn = chance.choices(train, k=len(train))
    models.append(model.fit([row["sequence"] for row in drawn], [row["label"] for row in drawn]))


def write_answers(path: str, rows: list[Row]) -> None:
    tables: list[pl.DataFrame] = []
    for seed, model in enumerate(models):
        shares = model.predict_proba([row["sequence"] for row in rows])
        table = pl.DataFrame(shares, [f"p_{name}" for name in model.classes_])
        tables.append(table.select(pl.Series("id", [row["id"] for row in rows]), pl.lit(seed).alias("seed"), pl.all()))
    pl.concat(tables).write_csv(path, float_precision=6)


write_answers("answers_test.csv", test)
for month, wishes in MONTHS.items():
    rows = draw_rows(f"{month}_", 500, chance, wishes)
    pl.DataFrame(rows).select("id", "sequence").write_csv(f"{month}.csv")
    write_answers(f"answers_{month}.csv", rows)
    pl.DataFrame(chance.sample(rows, 50)).select("id", "label").write_csv(f"fifty_{month}.csv")
