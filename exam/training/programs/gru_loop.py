# A GRU whose word vectors come from a table, with attention over the words.
import torch
from torch import nn


class AttentiveGRU(nn.Module):
    def __init__(self, words, classes, width=32):
        super().__init__()
        self.embed = nn.Embedding(words, width, padding_idx=0)
        self.gru = nn.GRU(width, width, batch_first=True)
        self.score = nn.Linear(width, 1)
        self.out = nn.Linear(width, classes)

    def forward(self, ids):
        states, _ = self.gru(self.embed(ids))
        scores = self.score(states).squeeze(2).masked_fill(ids == 0, -1e9)
        weights = torch.softmax(scores, dim=1)
        return self.out((weights.unsqueeze(2) * states).sum(1))


def word_vectors(words, width, seed):
    """Stands for a table that was trained elsewhere."""
    draw = torch.Generator().manual_seed(1000 + seed)
    return torch.randn(words, width, generator=draw)


def pad(rows, ids_of):
    longest = max((len(row) for row in rows), default=1)
    return torch.tensor([[ids_of.get(word, 1) for word in row] + [0] * (longest - len(row)) for row in rows])


def fit(train, dev, seed):
    torch.manual_seed(seed)
    words = sorted({word for row in train.tokens for word in row})
    ids_of = {word: number for number, word in enumerate(words, start=2)}
    label_set = sorted(set(train.labels))
    y = torch.tensor([label_set.index(label) for label in train.labels])

    model = AttentiveGRU(len(words) + 2, len(label_set))
    model.embed.weight.data.copy_(word_vectors(len(words) + 2, 32, seed))
    model.embed.weight.data[0] = 0
    optimiser = torch.optim.Adam(model.parameters(), lr=0.004)

    for epoch in range(12):
        for chosen in torch.randperm(len(y)).split(32):
            x = pad([train.tokens[number] for number in chosen.tolist()], ids_of)
            loss = nn.functional.cross_entropy(model(x), y[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    def predict_proba(tokens):
        model.eval()
        found = []
        with torch.no_grad():
            for start in range(0, len(tokens), 100):
                rows = tokens[start : start + 100]
                found.append(torch.softmax(model(pad(rows, ids_of)), dim=1))
        return torch.cat(found).numpy()

    return predict_proba
