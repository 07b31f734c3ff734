# Messages to a shop, a log of what a language model answers under two prompts, and a study file: python make_answers.py
import csv
import json
import random
from pathlib import Path

Row = dict[str, str]
WISHES = {
    "refund": [
        "pay me back for the {thing}", "refund the {thing}", "return my money by {day}", "credit my card",
        "cancel the bill of {day}", "take {day}'s charge off", "send me what the {thing} cost", "settle the {thing}",
    ],
    "delivery": [
        "bring the {thing} on {day}", "send the {thing} again", "ship it by {day}", "leave it at my door",
        "take it to my neighbour", "call before {day}'s van", "return the {thing} to me", "pack the {thing} well",
    ],
    "account": [
        "close my account on {day}", "reset my password", "delete my address", "change my name", "send me a new code",
        "take my card off your list", "cancel my {day} letters", "call me by my new name",
    ],
}  # fmt: skip
THINGS = ["lamp", "blue chair", "kettle", "radio", "tent", "red bicycle", "jumper", "cooker", "clock", "wool coat"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
OPENINGS = ["Hello, I", "Me again: I", "For the third time, I", "Dear team, I", "On {day} I", "My wife and I", "We"]
STORIES = [
    "ordered a {thing} and a {other}", "wrote about the {thing} on {day}", "saw your {thing} in the shop on {day}",
    "have a {thing} from you", "moved on {day} with a {other} and a {thing}", "gave the {thing} to a friend",
]  # fmt: skip
FORMS = ["{story}. Please {wish}.", "{story}, so do not {other} but {wish}.", "{story}. Please {wish}, do not {other}."]
STYLES = ["Label: {}", "{}", "**{}**", "label: {}.", "The customer wants one thing only. Label: {}"]
NO_CLASS = ["I cannot tell from this message.", "Label: complaint", "refund or delivery"]
MISREADS = {"short": 0.5, "reasons": 0.25}  # how readily an answer is what the customer does not want
STUDY = """\
name: prompts
data: {path: labelled}
model: {predictions: [reasons.csv, short.csv], variant: reasons, abstain: unusable}
claims: [main > short by 0.03 on accuracy]
"""


def fill(texts: list[str], chance: random.Random) -> str:
    thing, other = chance.sample(THINGS, 2)
    return chance.choice(texts).format(thing=thing, other=other, day=chance.choice(DAYS))


def draw_rows(name: str, many: int, chance: random.Random, wishes: dict[str, list[str]] = WISHES) -> list[Row]:
    rows: list[Row] = []
    for number in range(many):
        label, other = chance.sample(sorted(wishes), 2)
        story = f"{fill(OPENINGS, chance)} {fill(STORIES, chance)}"
        asked, unwanted = fill(wishes[label], chance), fill(wishes[other], chance)
        text = chance.choice(FORMS).format(story=story, wish=asked, other=unwanted)
        rows.append({"id": f"{name}{number}", "sequence": text, "label": label, "other": other})
    return rows


def write_rows(path: str, rows: list[Row]) -> None:
    Path(path).parent.mkdir(exist_ok=True)
    with Path(path).open("w", newline="") as file:
        table = csv.DictWriter(file, ["id", "sequence", "label"], extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def write_answer(row: Row, prompt: str, hardness: float, chance: random.Random) -> str:
    """A class in words of the model's own, or now and then none."""
    if chance.random() < 0.03:
        return chance.choice(NO_CLASS)
    misread = " not " in row["sequence"] and chance.random() < MISREADS[prompt] * hardness
    return chance.choice(STYLES).format(row["other"] if misread else row["label"])


if __name__ == "__main__":
    chance = random.Random(8)
    test, labelled, examples = (draw_rows(name, many, chance) for name, many in (("m", 400), ("l", 200), ("e", 6)))
    examples += [{**row, "id": f"e{row['id']}"} for row in test[:2]]
    for folder, train in {"messages": examples, "labelled": [*examples, *labelled]}.items():
        write_rows(f"{folder}/train.csv", train)
        write_rows(f"{folder}/test.csv", test)
    hardness = [chance.random() for _ in test]
    with Path("answers.jsonl").open("w") as log:
        for prompt in MISREADS:
            for repeat in range(5):
                for row, hard in zip(test, hardness, strict=True):
                    said = write_answer(row, prompt, hard, chance)
                    log.write(json.dumps({"prompt": prompt, "repeat": repeat, "id": row["id"], "answer": said}) + "\n")
    Path("prompts.yaml").write_text(STUDY)
    print("answers.jsonl begins with", Path("answers.jsonl").read_text().partition("\n")[0])
