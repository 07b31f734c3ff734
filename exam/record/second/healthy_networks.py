"""Networks of healthy programs."""

from __future__ import annotations

from exam.record.program import source

TWO_WAYS = source('''
    """Two recurrent layers that read both ways, normalised, with dropout between them."""
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width=12, dropout=0.2, norm=True):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.encoder = nn.GRU(width, width, num_layers=2, dropout=dropout, bidirectional=True, batch_first=True)
            self.norm = nn.LayerNorm(2 * width) if norm else nn.Identity()
            self.head = nn.Linear(2 * width, len(info.classes))

        def forward(self, tokens, lengths):
            packed = nn.utils.rnn.pack_padded_sequence(
                self.embedding(nn.functional.pad(tokens, (0, 1))),
                lengths.clamp(min=1).cpu(),
                batch_first=True,
                enforce_sorted=False,
            )
            states, _ = nn.utils.rnn.pad_packed_sequence(self.encoder(packed)[0], batch_first=True)
            seen = (torch.arange(states.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
            return self.head(self.norm((states * seen).sum(1) / lengths.clamp(min=1).unsqueeze(1)))


    build = Net
''')
KERNELS = source('''
    """Convolutions of several widths, by a function with keywords alone."""
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, kernels, channels):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, channels, padding_idx=info.pad_id)
            self.convolutions = nn.ModuleList(
                nn.Conv1d(channels, channels, kernel, padding=kernel) for kernel in kernels
            )
            self.head = nn.Linear(channels * len(kernels), len(info.classes))

        def forward(self, tokens, lengths):
            seen = torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)
            vectors = (self.embedding(tokens) * seen.unsqueeze(2)).transpose(1, 2)
            if not tokens.shape[1]:
                vectors = vectors.new_zeros(len(tokens), vectors.shape[1], 1)
            return self.head(torch.cat([one(vectors).relu().sum(2) for one in self.convolutions], 1))


    def build(info, *, kernels=(2, 3), channels=8):
        return Net(info, tuple(kernels), channels)
''')
LOADER = source('''
    """Batches of a loader with a generator of its own, and an average of the weights of all epochs."""
    import copy

    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset


    def fit(train, dev, seed, observe=None, width=12, average=0.6, batch=32):
        torch.manual_seed(seed)
        words = sorted({word for row in train.tokens for word in row})
        place = {word: number for number, word in enumerate(words, start=1)}
        classes = sorted(set(train.labels))
        longest = max(map(len, train.tokens))

        def read(rows):
            table = torch.zeros(len(rows), longest, dtype=torch.long)
            for number, row in enumerate(rows):
                numbers = [place.get(word, 0) for word in row[:longest]]
                table[number, : len(numbers)] = torch.tensor(numbers, dtype=torch.long)
            return table

        data = TensorDataset(read(train.tokens), torch.tensor([classes.index(one) for one in train.labels]))
        loader = DataLoader(data, batch, shuffle=True, generator=torch.Generator().manual_seed(seed))
        network = nn.Sequential(
            nn.EmbeddingBag(len(words) + 1, width, mode="mean", padding_idx=0),
            nn.Dropout(0.1),
            nn.Linear(width, len(classes)),
        )
        mean = copy.deepcopy(network)
        optimiser = torch.optim.AdamW(network.parameters(), lr=0.02)
        for _ in range(4):
            network.train()
            for rows, labels in loader:
                loss = nn.functional.cross_entropy(network(rows), labels)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                if observe is not None:
                    observe.step(network, optimiser, loss)
            with torch.no_grad():
                for kept, now in zip(mean.parameters(), network.parameters()):
                    kept.mul_(average).add_(now, alpha=1 - average)
        mean.eval()

        def predict(rows):
            with torch.no_grad():
                return mean(read(rows)).softmax(1).numpy()

        return predict
''')
