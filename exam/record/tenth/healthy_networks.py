"""Networks of healthy programs of the tenth set."""

from __future__ import annotations

from exam.record.program import source

ATTENTIVE = source('''
    """One query that the network learns looks over all tokens and their places."""
    import torch
    from torch import nn


    class Attentive(nn.Module):
        def __init__(self, info, width, drop, sharpness):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.place = nn.Linear(2, width)
            self.query = nn.Parameter(torch.randn(width) / width**0.5)
            self.value = nn.Linear(width, width)
            self.norm = nn.LayerNorm(width)
            self.drop = nn.Dropout(drop)
            self.head = nn.Linear(width, len(info.classes))
            self.sharpness = sharpness

        def forward(self, tokens, lengths):
            tokens = nn.functional.pad(tokens, (0, 1))
            steps = torch.arange(tokens.shape[1])
            seen = steps < lengths.clamp(min=1).unsqueeze(1)
            ends = torch.stack(torch.broadcast_tensors(steps.unsqueeze(0), lengths.unsqueeze(1) - steps), 2) / 10
            states = torch.tanh(self.embedding(tokens) + self.place(ends.float()))
            looks = (self.sharpness * states @ self.query).masked_fill(~seen, float("-inf")).softmax(1)
            told = (looks.unsqueeze(2) * self.value(states)).sum(1)
            return self.head(self.drop(self.norm(told)))


    def build(info, width=16, drop=0.1, sharpness=2.0):
        return Attentive(info, width, drop, sharpness)
''')
TIED = source('''
    """Classes are compared with the sum of vectors; noise on these while it trains, from the generator of PyTorch."""
    import torch
    from torch import nn


    class Tied(nn.Module):
        def __init__(self, info, width=8, noise=0.2, cosine=True):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.mix = nn.Linear(width, width, bias=False)
            self.classes = nn.Parameter(torch.randn(len(info.classes), width))
            self.noise = noise
            self.cosine = cosine

        def forward(self, tokens, lengths):
            total = self.embedding(tokens).sum(1)
            if self.training:
                total = total + self.noise * torch.randn_like(total)
            told = torch.tanh(self.mix(total))
            if self.cosine:
                told = 3 * nn.functional.normalize(told, dim=1, eps=1e-6)
            return told @ self.classes.T


    build = Tied
''')
