"""Faults in the modules of own loops."""

from __future__ import annotations

from exam.training.fault import Fault
from exam.training.third_set.wording import GITHUB, RATE_LOW, TOO_SHORT

FAULTS = (
    Fault(
        name="convolution-along-the-features",
        kind="convolution over the wrong axis",
        report=f"{GITHUB}thinng/GraphDTA/issues/13",
        program="lit_loop",
        task="names",
        changes=(
            ("def __init__(self, chars, classes, lr=3e-3,", "def __init__(self, chars, classes, length, lr=3e-3,"),
            ("nn.Conv1d(24, 24, size, padding=size // 2)", "nn.Conv1d(length, 24, size, padding=size // 2)"),
            ("        h = self.embedding(x).transpose(1, 2)\n", "        h = self.embedding(x)\n"),
            ("len(data.labels), lr=4e-3)", "len(data.labels), data.max_len, lr=4e-3)"),
        ),
        family="modules",
        codes=("train.overfit", "train.capacity", "train.plateau", "train.batching", "probe.length-brittle"),
        words=(
            r"(axis|dimension|transpose|channel)",
            r"overfit|memori[sz]",
            r"(place|position|shift|length).{0,60}(matter|change|fixed|depend|brittle|moved)",
        ),
        place=(r"conv|axis|dimension|position|place|layer|train",),
    ),
    Fault(
        name="last-place-never-read",
        kind="loop over places ends one too early",
        report=f"{GITHUB}tianshilu/pMTnet/issues/5",
        program="tags_loop",
        task="quotes",
        both=(
            (
                "        return [torch.tensor([symbols.get(symbol, 1) for symbol in row] or [1]) for row in tokens]\n",
                "        longest = max(len(row) for row in tokens)\n        encoded = []\n"
                "        for row in tokens:\n"
                "            ids = [symbols.get(row[place], 1) for place in range(0, longest) if place < len(row)]\n"
                "            encoded.append(torch.tensor(ids or [1]))\n        return encoded\n",
            ),
        ),
        changes=(("range(0, longest) if place < len(row)]", "range(0, longest - 1) if place < len(row) - 1]"),),
        family="data",
        codes=("data.truncation", "token.mismatch", "probe.token-brittle", "train.plateau", "token.collision"),
        words=(
            r"truncat|cut",
            r"(last|final|end).{0,40}(token|place|position|symbol)",
            r"(tokens?|symbols?|words?).{0,60}(ignored|dropped|removed|lost|not read|no effect|changes? nothing)",
        ),
        place=(r"token|row|place|position|encod|end",),
    ),
    Fault(
        name="pooled-over-channels",
        kind="pooled over channels in place of places",
        report=f"{GITHUB}terrifyzhao/text_matching/issues/2",
        program="cnn_loop",
        task="counts",
        changes=(
            ("x = torch.cat([x.mean(2), x.amax(2)], dim=1)", "x = torch.cat([x.mean(1), x.amax(1)], dim=1)"),
            ("self.fc = nn.Linear(96, classes)", "self.fc = nn.Linear(2 * LONGEST, classes)"),
        ),
        family="modules",
        codes=("train.capacity", "train.overfit", "train.plateau", "train.short", "train.batching"),
        words=(
            r"(axis|dimension|channel|pool)",
            r"(place|position|shift|length).{0,60}(matter|change|fixed|depend|brittle|moved)",
            r"overfit|capacity|too (small|little)",
        ),
        place=(r"pool|axis|dimension|channel|position|layer|train",),
    ),
    Fault(
        name="places-drown-the-signs",
        kind="positions larger than vectors",
        report=f"{GITHUB}VHellendoorn/ICLR20-Great/issues/10",
        program="warmup_loop",
        task="quotes",
        both=(
            (
                "        self.embed = nn.Embedding(vocabulary, size)\n",
                "        self.embed = nn.Embedding(vocabulary, size)\n"
                "        nn.init.normal_(self.embed.weight, std=size**-0.5)\n",
            ),
            ("        x = self.embed(ids) + self.places", "        x = self.embed(ids) * math.sqrt(32) + self.places"),
            ("accumulate, peak = 15, 16, 2, 4e-3", "accumulate, peak = 5, 16, 2, 2e-3"),
        ),
        changes=(("self.embed(ids) * math.sqrt(32) + self.places", "self.embed(ids) + self.places"),),
        family="modules",
        codes=("train.short", "train.rate-low", "embedding.collapsed", "train.plateau"),
        words=(*RATE_LOW, *TOO_SHORT, r"position|place", r"embedding.{0,60}(small|norm|scale)"),
        place=(r"embed|position|place|rate|epoch",),
    ),
)
