# Is the question before the answer? An LSTM with packed rows and a plain loop.
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence


class Encoder(nn.Module):
    def __init__(self, words, width):
        super().__init__()
        self.embedding = nn.Embedding(words, width, padding_idx=0)
        self.lstm = nn.LSTM(width, width, batch_first=True)

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(self.embedding(ids), lengths, batch_first=True, enforce_sorted=False)
        _, (state, _) = self.lstm(packed)
        return state[-1]


class Classifier(nn.Module):
    def __init__(self, words, classes, width=32):
        super().__init__()
        self.encoder = Encoder(words, width)
        self.dropout = nn.Dropout(0.5)
        self.head = nn.Linear(width, classes)

    def forward(self, ids, lengths):
        features = self.encoder(ids, lengths)
        return self.head(self.dropout(features))


def collate(rows, vocabulary):
    ids = [torch.tensor([vocabulary.get(token, 1) for token in row] or [1]) for row in rows]
    return pad_sequence(ids, batch_first=True), torch.tensor([len(one) for one in ids])


def fit(train, dev, seed):
    torch.manual_seed(seed)
    words = sorted({token for row in train.tokens for token in row})
    vocabulary = {word: number for number, word in enumerate(words, start=2)}
    labels = sorted(set(train.labels))
    targets = torch.tensor([labels.index(label) for label in train.labels])

    model = Classifier(len(words) + 2, len(labels))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    loss_fn = nn.CrossEntropyLoss()

    for epoch in range(15):
        model.train()
        permutation = torch.randperm(len(targets)).tolist()
        for start in range(0, len(permutation), 32):
            chosen = permutation[start : start + 32]
            ids, lengths = collate([train.tokens[number] for number in chosen], vocabulary)
            optimizer.zero_grad()
            loss = loss_fn(model(ids, lengths), targets[chosen])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()

    @torch.no_grad()
    def predict_proba(tokens):
        model.eval()
        found = []
        for start in range(0, len(tokens), 128):
            ids, lengths = collate(tokens[start : start + 128], vocabulary)
            found.append(model(ids, lengths).softmax(1))
        return torch.cat(found).double().numpy()

    return predict_proba
