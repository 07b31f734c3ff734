# One CSV of text and labels, as people have it: python make_reviews.py
import itertools
import random

import polars as pl

OPENINGS = [
    "The",
    "Honestly, the",
    "I think the",
    "To my surprise, the",
    "Once more the",
    "Sadly the",
    "Overall the",
    "For us the",
]
THINGS = ["food", "service", "room", "staff", "view", "breakfast", "pool", "wifi", "location", "bed"]
ENDINGS = [
    "and we stayed three nights",
    "so I wrote this at once",
    "as the photos show",
    "at this price",
    "on both visits",
]
WORDS = {
    "good": ["wonderful", "spotless", "friendly", "worth every cent", "better than expected"],
    "bad": ["dreadful", "dirty", "rude", "a waste of money", "worse than expected"],
}

draw = random.Random(0)
rows = []
for opening, thing, ending, stars in itertools.product(OPENINGS, THINGS, ENDINGS, WORDS):
    negated = draw.random() < 0.3
    word = draw.choice(WORDS["good" if (stars == "good") != negated else "bad"])
    rows.append((f"{opening} {thing} was {'not ' if negated else ''}{word} {ending}.", stars))
draw.shuffle(rows)
pl.DataFrame(rows, ["text", "stars"], orient="row").write_csv("reviews.csv")
