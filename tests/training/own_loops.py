"""Fit functions in PyTorch, one healthy and others with one fault each, as people write them."""

import warnings

import torch
from torch import nn
from torch.nn import functional

WIDTH, BATCH, EPOCHS = 16, 8, 6


class Net(nn.Module):
    def __init__(self, n_tokens, n_classes):
        super().__init__()
        self.embedding = nn.Embedding(n_tokens, WIDTH)
        self.hidden = nn.Linear(WIDTH, WIDTH)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(WIDTH, n_classes)

    def forward(self, tokens):
        return self.head(self.drop(torch.relu(self.hidden(self.embedding(tokens).mean(1)))))


class Hidden(Net):
    """Its hidden layer is in a list that PyTorch does not look into."""

    def __init__(self, n_tokens, n_classes):
        super().__init__(n_tokens, n_classes)
        del self.hidden
        self.layers = [nn.Linear(WIDTH, WIDTH)]

    def forward(self, tokens):
        return self.head(torch.relu(self.layers[0](self.embedding(tokens).mean(1))))


class Cut(Net):
    def forward(self, tokens):
        return self.head(torch.relu(self.hidden(self.embedding(tokens).mean(1))).detach())


class Spare(Net):
    """Has a head that nothing uses."""

    def __init__(self, n_tokens, n_classes):
        super().__init__(n_tokens, n_classes)
        self.spare = nn.Linear(WIDTH, n_classes)


def _encode(tokens, number, change=lambda row: row):
    tokens = [change(row) for row in tokens]
    longest = max(map(len, tokens), default=1)
    rows = [[number.get(token, 1) for token in row] + [0] * (longest - len(row)) for row in tokens]
    return torch.tensor(rows, dtype=torch.long)


def _fit(
    train,
    seed,
    *,
    module=Net,
    loss=None,
    output=lambda scores: scores,
    rate=1e-2,
    given=None,
    order=None,
    clear=True,
    every=1,
    clip=None,
    evaluate=True,
    start=None,
    decay=0.0,
    training=True,
    schedule=None,
    change=lambda row: row,
    words=8,
    options=None,
):
    torch.manual_seed(seed)
    classes = sorted(set(train.labels))
    number = {token: k + 2 for k, token in enumerate(sorted({x for row in train.tokens for x in change(row)})[:words])}
    tokens, labels = (
        _encode(train.tokens, number, change),
        torch.tensor([classes.index(label) for label in train.labels]),
    )
    model = module(len(number) + 2, len(classes))
    if start is not None:
        start(model)
    optimiser = torch.optim.Adam((given or nn.Module.parameters)(model), lr=rate, weight_decay=decay, **(options or {}))
    falls = None if schedule is None else torch.optim.lr_scheduler.ExponentialLR(optimiser, schedule)
    loss = loss or nn.CrossEntropyLoss()
    model.train(training)
    steps = 0
    for _ in range(EPOCHS):
        places = torch.randperm(len(labels)) if order is None else order(labels)
        for rows in places.split(BATCH):
            loss(output(model(tokens[rows])), labels[rows]).backward()
            steps += 1
            if clip is not None:
                nn.utils.clip_grad_norm_(model.parameters(), clip)
            if steps % every == 0:
                optimiser.step()
                if clear:
                    optimiser.zero_grad()
                if falls is not None:
                    falls.step()
    if evaluate:
        model.eval()

    def predict(asked):
        with torch.no_grad():
            return model(_encode(asked, number, change)).softmax(1).numpy()

    return predict


def taught(train, dev, seed):
    """Beside a frozen teacher in a list, which is no part of the model."""
    teacher = Net(100, 2).requires_grad_(False)

    def keep(model):
        model.teacher = [teacher]

    return _fit(train, seed, start=keep)


def beside_a_penalty(train, dev, seed):
    def loss(scores, labels):
        return functional.cross_entropy(scores, labels) + 0.01 * functional.mse_loss(scores, torch.zeros_like(scores))

    return _fit(train, seed, loss=loss)


def other_shapes(train, dev, seed):
    warnings.simplefilter("ignore")  # PyTorch warns of it, once
    return _fit(train, seed, loss=lambda scores, labels: functional.mse_loss(scores[:, :1], labels.float()))


def _make_equal(model):
    model.drop.p = 0.0
    for parameter in (*model.hidden.parameters(), *model.head.parameters()):
        nn.init.constant_(parameter, 0.1)


class Deep(Net):
    """Thirty layers with a sigmoid each."""

    def __init__(self, n_tokens, n_classes):
        super().__init__(n_tokens, n_classes)
        self.hidden = nn.Sequential(*(part for _ in range(30) for part in (nn.Linear(WIDTH, WIDTH), nn.Sigmoid())))


def one_huge_batch(train, dev, seed):
    calls = []

    def loss(scores, labels):
        calls.append(1)
        return functional.cross_entropy(scores, labels) * (1e4 if len(calls) == 12 else 1.0)

    return _fit(train, seed, loss=loss)


class Narrow(Net):
    """All that it knows of a row passes through one number."""

    def __init__(self, n_tokens, n_classes):
        super().__init__(n_tokens, n_classes)
        self.embedding = nn.Embedding(n_tokens, 1)
        self.hidden = nn.Linear(1, WIDTH)


class Normed(Net):
    """Its batch normalisation hardly follows the batches."""

    def __init__(self, n_tokens, n_classes):
        super().__init__(n_tokens, n_classes)
        self.norm = nn.BatchNorm1d(WIDTH, momentum=1e-4)

    def forward(self, tokens):
        return self.head(torch.relu(self.norm(self.hidden(self.embedding(tokens).mean(1)))))


class Masked(Net):
    """Hides padding by its id, which is that of the first token, too."""

    def forward(self, tokens):
        there = (tokens != 2).unsqueeze(2)
        return self.head(torch.relu(self.hidden((self.embedding(tokens) * there).sum(1))))


class Large(Net):
    """A recurrent layer whose weights start far too large."""

    def __init__(self, n_tokens, n_classes):
        super().__init__(n_tokens, n_classes)
        self.hidden = nn.GRU(WIDTH, WIDTH, batch_first=True)
        for parameter in self.hidden.parameters():
            parameter.data.mul_(1e4)
        self.embedding.weight.data.mul_(1e-2)

    def forward(self, tokens):
        return self.head(self.hidden(self.embedding(tokens))[1][-1])


def squared_probabilities(train, dev, seed):
    def loss(scores, labels):
        apart = scores.softmax(1) - functional.one_hot(labels, scores.shape[1])
        return (apart * apart).sum(1).mean()

    return _fit(train, seed, loss=loss, rate=1e-4)


NUMBER = {token: k + 2 for k, token in enumerate("abcdefgh")}


def _read(rows, kept=slice(None)):
    labels = torch.tensor([label == "yes" for label in rows.labels]).long()
    return _encode(rows.tokens, NUMBER)[:, kept], labels


def _answer(model, kept=slice(None)):
    model.eval()
    return lambda asked: model(_encode(asked, NUMBER)[:, kept]).softmax(1).detach().numpy()


def _fit_by_steps(train, seed, after=None, kept=slice(None), epochs=2 * EPOCHS):
    """Plain loop over rows of which `kept` is read; `after(model, step, tokens)` is called after each step."""
    torch.manual_seed(seed)
    model, (tokens, labels) = Net(10, 2), _read(train, kept)
    optimiser, step = torch.optim.Adam(model.parameters(), lr=1e-2), 0
    for _ in range(epochs):
        for rows in torch.randperm(len(labels)).split(BATCH):
            optimiser.zero_grad()
            functional.cross_entropy(model(tokens[rows]), labels[rows]).backward()
            optimiser.step()
            step += 1
            if after is not None:
                after(model, step, tokens)
    return _answer(model, kept)


def steps_alone(train, dev, seed):
    return _fit_by_steps(train, seed)


def frozen_after_a_step(train, dev, seed):
    def freeze(model, step, tokens):
        if step == 1:
            for parameter in (*model.embedding.parameters(), *model.hidden.parameters()):
                parameter.requires_grad = False
                parameter.grad = None
            nn.init.normal_(model.embedding.weight)
            model.embedding.weight.data[:] = model.embedding.weight.data[:1]  # nothing can be learned from it

    return _fit_by_steps(train, seed, freeze)


def last_left_out(train, dev, seed):
    return _fit_by_steps(train, seed, kept=slice(None, -1))


def labels_out_of_step(train, dev, seed):
    train.labels[:] = [*train.labels[7:], *train.labels[:7]]
    return _fit(train, seed)


class Set(Net):
    """Reads each token of a row once, whatever its place, and its own mask is no part of it."""

    def forward(self, tokens):
        vectors = [self.embedding(row.unique()).sum(0) for row in tokens]
        return self.head(torch.relu(self.hidden(torch.stack(vectors))))


def _step_once_an_epoch(train, seed, all_batches):
    torch.manual_seed(seed)
    model, (tokens, labels) = Net(10, 2), _read(train)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(EPOCHS):
        optimiser.zero_grad()
        for rows in torch.randperm(len(labels)).split(BATCH):
            loss = functional.cross_entropy(model(tokens[rows]), labels[rows])
            if all_batches:
                loss.backward()
        if not all_batches:
            loss.backward()
        optimiser.step()
    return _answer(model)


def last_batch_alone(train, dev, seed):
    return _step_once_an_epoch(train, seed, False)


def gathered_over_an_epoch(train, dev, seed):
    return _step_once_an_epoch(train, seed, True)


def capitals_in_training(train, dev, seed):
    """Is asked as rows are, and was trained with capitals."""
    number = {token.upper(): k for token, k in NUMBER.items()}
    model = _fit_by_steps(train, seed, epochs=3 * EPOCHS).__closure__[1].cell_contents
    return lambda asked: model(_encode(asked, number)).softmax(1).detach().numpy()


def dev_numbered_otherwise(train, dev, seed):
    """Dev has the numbers of the classes turned around, and the epoch with the lowest loss on dev is kept."""
    dev.labels[:] = ["no" if label == "yes" else "yes" for label in dev.labels]
    return _fit_with_passes(train, dev, seed, min)


def by_hand(train, dev, seed):
    """Takes its steps without an optimiser, and learns."""
    torch.manual_seed(seed)
    model, (tokens, labels) = Net(10, 2), _read(train)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(labels)).split(BATCH):
            functional.cross_entropy(model(tokens[rows]), labels[rows]).backward()
            for parameter in model.parameters():
                parameter.data -= 0.1 * parameter.grad
                parameter.grad = None
    return _answer(model)


def _fit_with_passes(train, dev, seed, keep):
    """Computes the loss of dev after each epoch and answers with the weights that `keep` chooses."""
    (tokens, labels), weights, losses = _read(dev), [], []

    def look(model, step, _):
        if step % (len(train.labels) // BATCH):
            return
        model.eval()
        with torch.no_grad():
            parts = zip(tokens.split(30), labels.split(30), strict=True)
            losses.append(sum(float(functional.cross_entropy(model(x), y)) * len(y) for x, y in parts) / len(labels))
        weights.append({name: value.clone() for name, value in model.state_dict().items()})
        model.train()
        if len(losses) == EPOCHS:
            model.load_state_dict(weights[losses.index(keep(losses))])

    return _fit_by_steps(train, seed, look, epochs=EPOCHS)


def best_pass(train, dev, seed):
    return _fit_with_passes(train, dev, seed, min)


def worst_pass(train, dev, seed):
    return _fit_with_passes(train, dev, seed, max)


def other_rows_when_asked(train, dev, seed):
    """Answers are those of rows whose tokens were all exchanged for their neighbours."""
    predict = _fit(train, seed, rate=5e-2)
    return lambda asked: predict([[chr(ord("a") + (ord(token) - ord("a") + 2) % 8) for token in row] for row in asked])


CHANGES = {
    "healthy": {},
    "log_probabilities": {"output": lambda scores: scores.log_softmax(1)},
    "summed_over_batches": {"every": 4},
    "spare_head": {"module": Spare},
    "summed_loss": {
        "loss": lambda scores, labels: functional.cross_entropy(scores, labels, reduction="sum"),
    },
    "zero_head": {"start": lambda model: nn.init.zeros_(model.head.weight)},
    "frozen_table": {"start": lambda model: model.embedding.requires_grad_(False)},
    "softmax_twice": {"output": lambda scores: scores.softmax(1)},
    "softmax_of_batch": {"output": lambda scores: scores.log_softmax(0), "loss": nn.NLLLoss()},
    "log_is_missing": {"output": lambda scores: scores.softmax(1), "loss": nn.NLLLoss()},
    "cut_scores": {"output": torch.relu},
    "numbers_of_classes": {"loss": lambda scores, labels: functional.mse_loss(scores[:, 0], labels.float())},
    "scores_too_large": {"rate": 1e-6, "start": lambda model: nn.init.normal_(model.head.weight, std=100.0)},
    "not_cleared": {"clear": False},
    "sorted_rows": {"order": torch.argsort},
    "head_alone": {"given": lambda model: model.head.parameters()},
    "another_model": {"given": lambda model: list(Net(100, 2).parameters())},
    "layer_in_a_list": {"module": Hidden},
    "cut_off": {"module": Cut},
    "all_zero": {"start": lambda model: [nn.init.zeros_(one) for one in model.parameters()]},
    "equal_units": {"start": _make_equal},
    "rate_too_high": {"rate": 10.0},
    "rate_too_low": {"rate": 1e-7},
    "rate_that_fades": {"rate": 1e-3, "schedule": 0.5},
    "every_step_clipped": {"clip": 1e-6, "rate": 1e-4},
    "too_much_decay": {"decay": 10.0},
    "fading_gradients": {"module": Deep},
    "dying_units": {"rate": 5.0},
    "first_tokens": {"change": lambda row: row[:2]},
    "merged_tokens": {"change": lambda row: ["c" if token in "cde" else token for token in row]},
    "few_words": {"words": 4},
    "trained_in_evaluation": {"training": False},
    "asked_in_training": {"evaluate": False},
    "turned_around": {"loss": lambda scores, labels: -functional.cross_entropy(scores, labels)},
    "large_epsilon": {"options": {"eps": 10.0}, "rate": 0.1},
    "one_number": {"module": Narrow, "rate": 1e-3},
    "stale_statistics": {"module": Normed},
    "masked_token": {"module": Masked},
    "large_start": {"module": Large, "rate": 1e-4},
    "no_step": {"every": 10**9},
    # A squared error that own arithmetic makes of a column and a row: every row meets every other one.
    "one_by_one": {"loss": lambda scores, labels: ((scores[:, :1] - labels.float()) ** 2).mean()},
    "first_rows": {"order": lambda labels: torch.arange(24).repeat(8)},
    "set_of_tokens": {"module": Set},
    "class_ignored": {"loss": nn.CrossEntropyLoss(ignore_index=0)},
}
"""{name: what it changes of the plain loop}."""


def find_fit(name):
    """A fit function of this file by its name."""
    return globals().get(name) or (lambda train, dev, seed: _fit(train, seed, **CHANGES[name]))
