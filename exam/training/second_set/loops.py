"""Faults in own training loops: what is fed, what is updated, and for how long."""

from __future__ import annotations

from exam.training.fault import Fault
from exam.training.second_set.wording import (
    DECAY,
    GITHUB,
    MATES,
    RATE_LOW,
    TOO_SHORT,
)

FAULTS = (
    Fault(
        name="schedule-over-after-one-epoch",
        kind="schedule counts the steps of one epoch",
        report=f"{GITHUB}luhua-rain/MRC_Competition_Dureader/issues/22",
        program="trainer_loop",
        task="commands",
        changes=(("steps=config.epochs * len(train_loader)", "steps=len(train_loader)"),),
        family="settings",
        codes=("train.rate-low", "train.short", "train.plateau", "train.unchanged"),
        words=(
            *RATE_LOW,
            r"(rate|schedule\w*).{0,60}(zero|\b0\b|end|over|run out|fall|fell|decay|vanish)",
            r"(weights|parameters).{0,60}(stop|no longer|not|hardly|barely).{0,20}(mov|chang)",
            r"schedule",
        ),
        place=(r"learning.?rate|\blr\b|\brate\b|schedule|epoch",),
    ),
    Fault(
        name="batches-used-up-after-one-epoch",
        kind="generator used up",
        report=f"{GITHUB}jaungiers/LSTM-Neural-Network-for-Time-Series-Prediction/pull/38",
        program="names_loop",
        task="names",
        both=(("lr=0.004", "lr=0.0015"),),
        changes=(
            (
                "    for epoch in range(14):\n        net.train()\n"
                "        for x, y in batches(rows, targets, 32, rng):\n",
                "    stream = batches(rows, targets, 32, rng)\n"
                "    for epoch in range(14):\n        net.train()\n        for x, y in stream:\n",
            ),
        ),
        family="data",
        codes=("train.short", "train.batching", "train.unchanged", "train.plateau"),
        words=(
            *TOO_SHORT,
            r"generator|iterator|exhaust|used up|empty (epoch|loader|loop)",
            r"(only|just) (one|a single|the first) (epoch|pass)",
            r"(epoch|pass)\w*.{0,60}(without|no) (a )?(step|batch|update)",
            r"(after|from) the (first|second) epoch.{0,60}(no|nothing|not)",
        ),
        place=(r"epoch|batch|step|loader|generator",),
    ),
    Fault(
        name="labels-not-cut-with-the-rows",
        kind="first rows cut off, their labels not",
        report=f"{GITHUB}JacksonBurns/chemeleon/pull/34",
        program="names_loop",
        task="names",
        both=(
            (
                "    targets = [label2id[label] for label in train.labels]\n",
                "    targets = [label2id[label] for label in train.labels]\n"
                "    rows, targets = rows[100:], targets[100:]  # the first 100 are kept for a look at the end\n",
            ),
        ),
        changes=(("rows, targets = rows[100:], targets[100:]", "rows = rows[100:]"),),
        family="data",
        codes=("train.batching", "eval.train-mismatch"),
        words=(
            r"(rows|inputs|examples).{0,60}(labels|classes|targets).{0,60}(not belong|not match|mismatch|apart|shift)",
            r"(labels?|targets?).{0,60}(shift|misalign|mixed up|other rows|another row|not belong|not those of)",
            r"(misalign|shift|off by)\w*.{0,60}(label|target)",
        ),
        place=(r"label|target|class|row",),
    ),
    Fault(
        name="lengths-in-place-of-offsets",
        kind="offsets of bags not summed up",
        report=f"{GITHUB}pytorch/pytorch/issues/55549",
        program="offsets_loop",
        task="commands",
        changes=(("torch.tensor(offsets[:-1]).cumsum(dim=0)", "torch.tensor(offsets[:-1])"),),
        family="modules",
        codes=("train.batching", "padding.batch"),
        words=(
            *MATES,
            r"offset",
            r"(rows|bags).{0,60}(mix|share|run into|other rows|neighbo|each other|same words)",
        ),
        place=(r"batch|offset|bag|row|embedding",),
    ),
    Fault(
        name="one-weight-per-class-to-the-sampler",
        kind="sampler draws three rows",
        report=f"{GITHUB}deep-voice/soundbay/pull/49",
        program="offsets_loop",
        task="commands",
        both=(
            (
                "from torch.utils.data import DataLoader, RandomSampler\n",
                "from torch.utils.data import DataLoader, WeightedRandomSampler\n",
            ),
            (
                "    sampler = RandomSampler(train_data)\n",
                "    share = {name: 1 / list(train.labels).count(name) for name in label_names}\n"
                "    weights = [share[label] for label in train.labels]\n"
                "    sampler = WeightedRandomSampler(weights, num_samples=len(train_data))\n",
            ),
        ),
        changes=(
            ("weights = [share[label] for label in train.labels]", "weights = [share[name] for name in label_names]"),
        ),
        family="data",
        codes=("train.overfit", "train.batching", "data.small", "label.missing", "eval.constant"),
        words=(
            r"sampl",
            r"(only|just|but) (a )?(three|few|\d+) (different |distinct |of \d+ )?(train )?(rows|examples)",
            r"(rows|examples).{0,60}(never|not) (read|seen|drawn|used|trained)",
            r"overfit|memori[sz]|by heart",
            r"(same|few) rows.{0,40}(again|over|repeat)",
        ),
        place=(r"row|sampl|train|batch|loader|class",),
    ),
    Fault(
        name="break-left-in-the-loop",
        kind="break of a test run left in",
        report=f"{GITHUB}avinashpaliwal/Super-SloMo/issues/3",
        program="cnn_loop",
        task="counts",
        changes=(
            (
                "            total += loss.item() * len(ids)\n",
                "            total += loss.item() * len(ids)\n"
                "            if total > 0:  # a quick look\n                break\n",
            ),
        ),
        family="data",
        codes=("train.short", "data.small", "train.batching", "train.plateau", "train.overfit"),
        words=(
            *TOO_SHORT,
            r"\bbreak\b",
            r"(one|1|single|few|only).{0,20}(steps?|batch(es)?|updates?).{0,40}(per|each|an|in every|every) epoch",
            r"(rows|examples|train).{0,60}(never|not|hardly) (read|seen|used|trained)",
            r"(part|fraction|share|%) of (the )?(train|rows)",
        ),
        place=(r"epoch|batch|step|row|train",),
    ),
    Fault(
        name="goes-on-with-the-dev-rows",
        kind="trains on dev after the first validation",
        report=f"{GITHUB}bennyguo/instant-nsr-pl/issues/31",
        program="offsets_loop",
        task="commands",
        both=(
            (
                "    best = 0.0\n    for epoch in range(1, EPOCHS + 1):\n        train_epoch(train_dataloader, model",
                "    best = 0.0\n    for epoch in range(1, EPOCHS + 1):\n        dataloader = train_dataloader\n"
                "        train_epoch(dataloader, model",
            ),
            (
                "        accuracy = evaluate(valid_dataloader, model)\n",
                "        dataloader = valid_dataloader\n        accuracy = evaluate(dataloader, model)\n",
            ),
        ),
        changes=(
            (
                "    for epoch in range(1, EPOCHS + 1):\n        dataloader = train_dataloader\n",
                "    dataloader = train_dataloader\n    for epoch in range(1, EPOCHS + 1):\n",
            ),
        ),
        family="splits",
        codes=("eval.train-mismatch", "train.overfit", "data.small", "leak.selection", "train.batching"),
        words=(
            r"\bdev\b.{0,60}(trained|fitted|used for training|learn|memori|better than|trains on|is what)",
            r"(train|fit|learn|step)\w* (on|from|with|reads?).{0,30}\bdev\b",
            r"train rows.{0,80}(worse|lower|not (read|seen|used|fitted))",
            r"overfit",
        ),
        place=(r"\bdev\b|train|row|loader|split",),
    ),
    Fault(
        name="optimiser-made-for-every-batch",
        kind="optimiser made anew",
        report=f"{GITHUB}Wangyixinxin/ACN/issues/9",
        program="bag_loop",
        task="markers",
        both=(("lr=0.3", "lr=0.02"),),
        changes=(
            (
                "            batch = order[start : start + 32]\n",
                "            batch = order[start : start + 32]\n"
                "            optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)\n",
            ),
        ),
        family="optimiser",
        codes=("train.optimiser", "train.rate-low", "train.short", "train.plateau"),
        words=(
            r"optimi[sz]er.{0,80}(anew|again|every|each|reset|state|forget|lost|loses|new|re-?creat|makes)",
            r"(moment|momentum|average|state)s?.{0,60}(reset|lost|forgotten|thrown|never|start)",
            *RATE_LOW,
        ),
        place=(r"optimi[sz]er|step|rate|state",),
    ),
    Fault(
        name="epsilon-of-a-tenth",
        kind="epsilon of Adam too large",
        report=f"{GITHUB}mlpnlp/mlpnlp-nmt/pull/4",
        program="lstm_loop",
        task="order",
        both=(("lr=0.005)", "lr=0.003)"),),
        changes=(("lr=0.003)", "lr=0.003, eps=0.1)"),),
        family="optimiser",
        codes=("train.optimiser", "train.rate-low", "train.short", "train.plateau"),
        words=(r"\beps(ilon)?\b", *RATE_LOW, *TOO_SHORT, r"optimi[sz]er"),
        place=(r"optimi[sz]er|Adam|\beps|rate|step",),
    ),
    Fault(
        name="adadelta-with-the-rate-of-adam",
        kind="rate of another optimiser",
        report=f"{GITHUB}tensorflow/tensorflow/issues/32950",
        program="counts_loop",
        task="counts",
        both=(
            (
                "torch.optim.RMSprop(model.parameters(), lr=0.002)",
                "torch.optim.Adadelta(model.parameters(), lr=1.0)",
            ),
        ),
        changes=(("lr=1.0", "lr=0.001"),),
        family="optimiser",
        codes=("train.rate-low", "train.optimiser", "train.short", "train.unchanged"),
        words=(*RATE_LOW, *TOO_SHORT, r"optimi[sz]er|Adadelta"),
        place=(r"learning.?rate|\blr\b|\brate\b|optimi[sz]er|weights|step",),
    ),
    Fault(
        name="plain-descent-in-place-of-adam",
        kind="plain descent with a small rate",
        report=f"{GITHUB}testdotai/classifier-builder/pull/6",
        program="gru_loop",
        task="order",
        changes=(("torch.optim.Adam(model.parameters(), lr=0.004)", "torch.optim.SGD(model.parameters(), lr=0.004)"),),
        family="optimiser",
        codes=("train.rate-low", "train.optimiser", "train.short"),
        words=(*RATE_LOW, *TOO_SHORT, r"optimi[sz]er|\bSGD\b|Adam|momentum"),
        place=(r"learning.?rate|\blr\b|\brate\b|optimi[sz]er|weights|step|SGD",),
    ),
    Fault(
        name="squares-of-all-weights-in-the-loss",
        kind="penalty on weights too strong",
        report=f"{GITHUB}lyst/lightfm/issues/96",
        program="counts_loop",
        task="counts",
        both=(
            (
                "        loss = criterion(outputs, targets)\n",
                "        loss = criterion(outputs, targets)\n"
                "            loss = loss + 0.00001 * sum(weight.square().sum() for weight in model.parameters())\n",
            ),
        ),
        changes=(("0.00001 * sum", "0.05 * sum"),),
        family="settings",
        codes=("train.over-regularised",),
        words=DECAY,
        place=(r"weight|decay|penalt|loss|regulari",),
    ),
    Fault(
        name="batches-that-overlap",
        kind="batch number not multiplied",
        report=f"{GITHUB}rndbrtrnd/udacity-deep-learning/pull/3",
        program="brackets_loop",
        task="brackets",
        both=(
            (
                "    for epoch in range(16):\n        model.train()\n        order = torch.randperm(len(x))\n",
                "    order = torch.randperm(len(x))\n    for epoch in range(16):\n        model.train()\n",
            ),
        ),
        changes=(("order[number * batch_size : (number + 1) * batch_size]", "order[number : number + batch_size]"),),
        family="data",
        codes=("train.overfit", "train.batching", "data.small"),
        words=(
            r"(only|just|but) (a )?(few|\d+) (different |distinct |of \d+ )?(train )?(rows|examples)",
            r"(rows|examples).{0,60}(never|not) (read|seen|drawn|used|trained)",
            r"overfit|memori[sz]|by heart",
            r"(same|few) rows.{0,40}(again|over|repeat)",
            r"batches.{0,40}overlap",
            r"(part|fraction|share|%) of (the )?(train|rows)",
        ),
        place=(r"row|batch|train",),
    ),
    Fault(
        name="weights-clamped-after-every-step",
        kind="weights clamped",
        report=f"{GITHUB}martinarjovsky/WassersteinGAN/issues/32",
        program="brackets_loop",
        task="brackets",
        changes=(
            (
                "            optimizer.step()\n",
                "            optimizer.step()\n            with torch.no_grad():\n"
                "                for weight in model.parameters():\n                    weight.clamp_(-0.05, 0.05)\n",
            ),
        ),
        family="parameters",
        codes=("train.over-regularised", "train.capacity", "train.plateau", "train.gradient-vanishing"),
        words=(
            *DECAY,
            r"clamp|clipped weights|weights? (is|are)? ?clipped",
            r"(weights|parameters).{0,60}(bound|limit|\b0\.05\b|between|at most|cut)",
        ),
        place=(r"weight|parameter|cell|embedding|output",),
    ),
    Fault(
        name="batch-larger-than-half-of-train",
        kind="batches too large",
        report=f"{GITHUB}fastai/fastai/issues/2416",
        program="cnn_loop",
        task="counts",
        both=(("batch_size=32, shuffle=True)", "batch_size=32, shuffle=True, drop_last=True)"),),
        changes=(("batch_size=32, shuffle", "batch_size=640, shuffle"),),
        family="settings",
        codes=("train.batching", "train.short", "train.rate-low"),
        words=(
            *TOO_SHORT,
            *RATE_LOW,
            r"batch(es)?.{0,40}(too )?(large|big|size)",
            r"(one|1|single|few) (steps?|batch(es)?|updates?).{0,40}(per|each|an|every) epoch",
            r"smaller batch",
        ),
        place=(r"batch|step|epoch|rate",),
    ),
)
