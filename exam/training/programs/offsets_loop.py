# Tickets again: a bag of words and pairs of words with offsets, plain gradient descent from a high rate.
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, RandomSampler

EPOCHS = 10
LR = 3.0
BATCH_SIZE = 16


class TextClassificationModel(nn.Module):
    def __init__(self, vocab_size, embed_dim, num_class):
        super().__init__()
        self.embedding = nn.EmbeddingBag(vocab_size, embed_dim, mode="mean")
        self.fc = nn.Linear(embed_dim, num_class)
        self.init_weights()

    def init_weights(self):
        initrange = 0.5
        self.embedding.weight.data.uniform_(-initrange, initrange)
        self.fc.weight.data.uniform_(-initrange, initrange)
        self.fc.bias.data.zero_()

    def forward(self, text, offsets):
        return self.fc(self.embedding(text, offsets))


def ngrams(tokens, most=2):
    found = []
    for many in range(1, most + 1):
        found += [" ".join(tokens[start : start + many]) for start in range(len(tokens) - many + 1)]
    return found


def train_epoch(dataloader, model, criterion, optimizer):
    model.train()
    for idx, (label, text, offsets) in enumerate(dataloader):
        optimizer.zero_grad()
        loss = criterion(model(text, offsets), label)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        optimizer.step()


def evaluate(dataloader, model):
    model.eval()
    right, seen = 0, 0
    with torch.no_grad():
        for label, text, offsets in dataloader:
            right += (model(text, offsets).argmax(1) == label).sum().item()
            seen += len(label)
    return right / seen


def fit(train, dev, seed):
    torch.manual_seed(seed)
    vocab = {"<unk>": 0}
    for row in train.tokens:
        for gram in ngrams(list(row)):
            vocab.setdefault(gram, len(vocab))
    label_names = sorted(set(train.labels))

    def collate_batch(batch):
        labels, texts, offsets = [], [], [0]
        for label, grams in batch:
            labels.append(label_names.index(label))
            ids = torch.tensor([vocab.get(gram, 0) for gram in grams], dtype=torch.int64)
            texts.append(ids)
            offsets.append(len(ids))
        return torch.tensor(labels), torch.cat(texts), torch.tensor(offsets[:-1]).cumsum(dim=0)

    train_data = [(label, ngrams(list(row))) for label, row in zip(train.labels, train.tokens, strict=True)]
    valid_data = [(label, ngrams(list(row))) for label, row in zip(dev.labels, dev.tokens, strict=True)]
    sampler = RandomSampler(train_data)
    train_dataloader = DataLoader(train_data, batch_size=BATCH_SIZE, sampler=sampler, collate_fn=collate_batch)
    valid_dataloader = DataLoader(valid_data, batch_size=64, shuffle=False, collate_fn=collate_batch)

    model = TextClassificationModel(len(vocab), 48, len(label_names))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.3)
    best = 0.0
    for epoch in range(1, EPOCHS + 1):
        train_epoch(train_dataloader, model, criterion, optimizer)
        accuracy = evaluate(valid_dataloader, model)
        if accuracy < best - 0.01:
            scheduler.step()
        best = max(best, accuracy)

    def predict_proba(tokens):
        model.eval()
        rows = [(label_names[0], ngrams(list(row))) for row in tokens]
        asked = DataLoader(rows, batch_size=64, collate_fn=collate_batch)
        with torch.no_grad():
            logits = torch.cat([model(text, offsets) for _, text, offsets in asked])
        return torch.nn.functional.softmax(logits, dim=1).numpy().astype(np.float64)

    return predict_proba
