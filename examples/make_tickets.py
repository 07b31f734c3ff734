# Support tickets of three customers, a released model, three candidates, and a policy: python make_tickets.py
import csv
import random
from pathlib import Path

QUEUES = {"billing": 0.2, "login": 0.3, "shipping": 0.3, "other": 0.2}
CUSTOMERS = ("acme", "bolt", "cray")
CANDIDATES = {  # the share of each queue that is right: of billing, and of all others
    "released": (0.88, 0.88),
    "broken": (0.46, 0.96),
    "better": (0.95, 0.95),
}
POLICY = """\
data: tickets
columns: {sequence: text, label: queue}
against: released.csv
no_worse_by: 0.01
no_worse_by_class: 0.05
slices: [customer, length]
no_worse_by_slice: 0.10
min_recall: {all: 0.6}
cannot_say: pass
"""


def write(path: str, rows: list[dict[str, str]]) -> None:
    Path(path).parent.mkdir(exist_ok=True)
    with Path(path).open("w", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)


def draw_tickets(name: str, many: int, chance: random.Random) -> list[dict[str, str]]:
    rows = []
    for number in range(many):
        queue = chance.choices(list(QUEUES), QUEUES.values())[0]
        words = [
            f"{queue}{chance.randrange(30)}" if chance.random() < 0.15 else f"word{chance.randrange(400)}"
            for _ in range(chance.randint(5, 40))
        ]
        customer = chance.choice(CUSTOMERS)
        rows.append({"id": f"{name}-{number}", "text": " ".join(words), "queue": queue, "customer": customer})
    return rows


chance = random.Random(7)
for split, many in (("train", 1500), ("dev", 400), ("test", 1200)):
    tickets = draw_tickets(split, many, chance)
    write(f"tickets/{split}.csv", tickets)
for name, (billing, others) in CANDIDATES.items():
    answers = []
    for ticket in tickets:
        right = chance.random() < (billing if ticket["queue"] == "billing" else others)
        wrong = chance.choice([queue for queue in QUEUES if queue != ticket["queue"]])
        answers.append({"id": ticket["id"], "prediction": ticket["queue"] if right else wrong})
    write(f"{name}.csv", answers)
Path("same.csv").write_bytes(Path("released.csv").read_bytes())
Path("tickets.yaml").write_text(POLICY)
