"""Networks of healthy programs of the fifteenth set."""

from __future__ import annotations

from exam.record.program import source

ATTENDING = source('''
    """Attention of several questions over tokens and their places, with or without a way past it."""
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width=8, questions=2, past=True, dropout=0.1):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.fade = nn.Parameter(torch.full((questions,), -0.05))
            self.ask = nn.Linear(width, questions)
            self.dropout = nn.Dropout(dropout)
            self.head = nn.Linear(width * (questions + past), len(info.classes))
            self.past = past

        def forward(self, tokens, lengths):
            tokens = nn.functional.pad(tokens, (0, 1))
            places = torch.arange(tokens.shape[1])
            seen = (places < lengths.clamp(min=1).unsqueeze(1)).unsqueeze(2)
            told = self.embedding(tokens)
            scores = self.ask(torch.tanh(told)) + places.unsqueeze(1) * self.fade
            shares = scores.masked_fill(~seen, -1e4).softmax(1)
            found = [(told * shares[:, :, one : one + 1]).sum(1) for one in range(shares.shape[2])]
            if self.past:
                found.append((told * seen).sum(1) / lengths.clamp(min=1).unsqueeze(1))
            return self.head(self.dropout(torch.cat(found, 1)))


    build = Net
''')
ACCUMULATED = source('''
    """Steps on sums of gradients that are clipped in time, with a rate that warms up and falls."""
    import math

    import torch
    from torch import nn


    def fit(train, dev, seed, observe=None, rate=0.1, accumulate=2, clip=0.1, warmup=0.25):
        generator = torch.Generator().manual_seed(seed)
        torch.manual_seed(seed + 1)
        tokens = sorted({token for row in train.tokens for token in row})
        place = {token: number for number, token in enumerate(tokens)}
        classes = sorted(set(train.labels))

        def encode(rows):
            table = torch.zeros(len(rows), 3 * len(tokens))
            for number, row in enumerate(rows):
                for step, token in enumerate(row):
                    if token in place:
                        table[number, 3 * place[token] + step % 3] += 1
            return table

        inputs = encode(train.tokens)
        targets = torch.tensor([classes.index(label) for label in train.labels])
        model = nn.Sequential(nn.Linear(inputs.shape[1], 10), nn.ReLU(), nn.Linear(10, len(classes)))
        optimiser = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.5)
        batches = [batch for _ in range(5) for batch in torch.randperm(len(targets), generator=generator).split(16)]
        whole = len(batches)

        def scale(done):
            begun = min(1.0, (done + 1) / max(1.0, warmup * whole))
            return begun * 0.5 * (1 + math.cos(math.pi * done / whole))

        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, scale)
        for number, batch in enumerate(batches, start=1):
            loss = nn.functional.cross_entropy(model(inputs[batch]), targets[batch])
            (loss / accumulate).backward()
            if number % accumulate == 0 or number == whole:
                nn.utils.clip_grad_norm_(model.parameters(), clip)
                optimiser.step()
                if observe is not None:
                    observe.step(model, optimiser, loss)
                optimiser.zero_grad()
            schedule.step()

        def predict(rows):
            with torch.no_grad():
                return model(encode(rows)).softmax(1).numpy()

        return predict
''')
MIXED = source('''
    """Mixtures of rows, and an average of weights that is asked in the end."""
    import numpy as np
    import torch
    from torch import nn
    from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn


    def fit(train, dev, seed, mixture=0.4, decay=0.8, smoothing=0.1):
        random = np.random.default_rng(seed)
        torch.manual_seed(int(random.integers(2**31)))
        tokens = sorted({token for row in train.tokens for token in row})
        place = {token: number for number, token in enumerate(tokens)}
        classes = sorted(set(train.labels))

        def encode(rows):
            table = np.zeros((len(rows), len(tokens)), dtype=np.float32)
            for number, row in enumerate(rows):
                for step, token in enumerate(row):
                    if token in place:
                        table[number, place[token]] += 1 / (1 + step) ** 0.5
            return torch.from_numpy(table)

        inputs = encode(train.tokens)
        wanted = torch.eye(len(classes))[[classes.index(label) for label in train.labels]]
        wanted = wanted * (1 - smoothing) + smoothing / len(classes)
        model = nn.Sequential(nn.Linear(len(tokens), 8), nn.GELU(), nn.Linear(8, len(classes)))
        average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))
        optimiser = torch.optim.AdamW(model.parameters(), lr=0.03, weight_decay=0.01)
        for _ in range(5):
            for rows in np.array_split(random.permutation(len(wanted)), 6):
                share, others = float(random.beta(mixture, mixture)), random.permutation(rows)
                mixed = share * inputs[rows] + (1 - share) * inputs[others]
                target = share * wanted[rows] + (1 - share) * wanted[others]
                loss = nn.functional.cross_entropy(model(mixed), target)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                average.update_parameters(model)

        def predict(rows):
            with torch.no_grad():
                return average(encode(rows)).softmax(1).numpy()

        return predict
''')
