"""More open faults in own training loops."""

from __future__ import annotations

from exam.training.fault import Fault

GITHUB = "https://github.com/"
UNMOVED = (
    r"(weight|parameter|layer)s?.{0,60}(never (move|change|train)|do not (move|change)|not move)",
    r"(weight|parameter|layer)s?.{0,60}(unchanged|not trained|no gradient|frozen)",
    r"no step moves",
    r"requires_grad",
)
OTHER_WEIGHTS = (
    r"(weights|model|parameters).{0,60}(not (those|the ones|the weights)|other than|untrained|initial|not loaded)",
    r"(scored|predict|evaluat).{0,60}(not what was trained|other weights|another model|untrained)",
)

FAULTS = (
    Fault(
        name="accumulated-and-not-divided",
        kind="accumulated without dividing",
        report=f"{GITHUB}facebookresearch/ParlAI/pull/1833",
        program="bag_loop",
        task="markers",
        both=(
            ("range(0, len(x), 32)", "range(0, len(x), 4)"),
            ("order[start : start + 32]", "order[start : start + 4]"),
            ("            optimizer.zero_grad()\n", ""),
            (
                "            loss.backward()\n            optimizer.step()\n",
                "            (loss / 8).backward()\n            if start // 4 % 8 == 7:\n"
                "                optimizer.step()\n                optimizer.zero_grad()\n",
            ),
        ),
        changes=(("(loss / 8).backward()", "loss.backward()"),),
        family="optimiser",
        codes=("train.gradient-accumulating", "train.rate-high", "train.diverging", "train.gradient-exploding"),
        words=(
            r"accumulat",
            r"gradients? .{0,40}(add up|summed|sum of|not divided|pile)",
            r"(learning )?rate.{0,40}(too )?(high|large)",
            r"(step|gradient)s?.{0,40}too (large|big|high)",
        ),
        place=(r"gradient|accumulat", r"learning.?rate|\brate\b|step"),
    ),
    Fault(
        name="warm-up-of-100000-steps",
        kind="warm-up never ends",
        report=f"{GITHUB}PeterGriffinJin/Search-R1/issues/28",
        program="gru_loop",
        task="order",
        both=(
            (
                "lr=0.004)\n",
                "lr=0.004)\n    warm_up = torch.optim.lr_scheduler.LambdaLR(\n"
                "        optimiser, lambda step: min(1.0, (step + 1) / 50)\n    )\n",
            ),
            ("            optimiser.step()\n", "            optimiser.step()\n            warm_up.step()\n"),
        ),
        changes=(("(step + 1) / 50", "(step + 1) / 100000"),),
        family="settings",
        codes=("train.rate-low", "train.short"),
        words=(
            r"warm.?up",
            r"(learning )?rate.{0,40}(too )?(low|small|never reach|still ris|still grow|rises)",
            r"(larger|higher) (learning )?rate",
        ),
        place=(r"learning.?rate|\blr\b|\brate\b|schedule|warm",),
    ),
    Fault(
        name="loss-in-a-new-tensor",
        kind="loss cut off from the model",
        report=f"{GITHUB}speechbrain/speechbrain/issues/735",
        program="gru_loop",
        task="order",
        changes=(
            (
                "            loss.backward()\n",
                "            loss = torch.tensor(loss.item(), requires_grad=True)\n            loss.backward()\n",
            ),
        ),
        family="optimiser",
        codes=("train.unchanged",),
        words=(*UNMOVED, r"loss.{0,60}(graph|detach|cut off|not depend|reaches no)", r"no gradient"),
        place=(r"loss|gradient|parameter|weight|embed|gru|score|out",),
    ),
    Fault(
        name="zero-grad-between-backward-and-step",
        kind="gradients cleared before the step",
        report=f"{GITHUB}gaozhihan/PreDiff/issues/32",
        program="lstm_loop",
        task="order",
        changes=(
            ("            optimizer.zero_grad()\n", ""),
            ("            loss.backward()\n", "            loss.backward()\n            optimizer.zero_grad()\n"),
        ),
        family="optimiser",
        codes=("train.unchanged", "train.gradient-vanishing"),
        words=(*UNMOVED, r"zero_grad", r"gradients?.{0,40}(cleared|erased|zero|missing|gone)"),
        place=(r"zero_grad|gradient|parameter|weight|encoder|head|step",),
    ),
    Fault(
        name="best-weights-not-loaded",
        kind="weights not loaded",
        report=f"{GITHUB}pengzhiliang/Conformer/issues/19",
        program="cnn_loop",
        task="counts",
        changes=(("    model.load_state_dict(best)\n", "    model = TextCNN(len(symbols) + 2, len(classes))\n"),),
        family="evaluation",
        codes=("eval.train-mismatch", "eval.checkpoint"),
        words=OTHER_WEIGHTS,
        place=(r"weights|checkpoint|predict|scored",),
    ),
    Fault(
        name="sigmoid-again-when-predicting",
        kind="sigmoid twice when predicting",
        report=f"{GITHUB}hwwang55/DKN/issues/24",
        program="binary_loop",
        task="order",
        both=(
            ("        return self.out(last)\n", "        return torch.sigmoid(self.out(last))\n"),
            ("nn.BCEWithLogitsLoss()", "nn.BCELoss()"),
            (
                "found.append(torch.sigmoid(model(ids, lengths)).squeeze(1))",
                "found.append(model(ids, lengths).squeeze(1))",
            ),
        ),
        changes=(
            (
                "found.append(model(ids, lengths).squeeze(1))",
                "found.append(torch.sigmoid(model(ids, lengths)).squeeze(1))",
            ),
        ),
        family="evaluation",
        codes=("eval.train-mismatch", "eval.constant", "train.loss-mismatch"),
        words=(
            r"sigmoid.{0,60}(twice|again|already|before)",
            r"(twice|two|double|second).{0,30}sigmoid",
            r"(scored|predict|train rows|evaluat).{0,80}(not what was trained|worse than.{0,40}loss)",
            r"train rows.{0,80}loss.{0,40}implies",
            r"(one|same|single) (answer|class|prediction).{0,30}(every|all|each)",
            r"(every|all|each) rows?.{0,40}(one|same) (answer|class)",
        ),
        place=(r"predict|sigmoid|output|answer",),
    ),
    Fault(
        name="words-dropped-when-predicting-too",
        kind="augmentation when predicting",
        report=f"{GITHUB}isl-org/Open3D-ML/pull/181",
        program="bag_loop",
        task="markers",
        both=(
            (
                "def fit(train, dev, seed):\n",
                "def drop_words(ids, rate=0.4):\n    return ids * (torch.rand(ids.shape) >= rate)\n\n\n"
                "def fit(train, dev, seed):\n",
            ),
            ("criterion(model(x[batch]), y[batch])", "criterion(model(drop_words(x[batch])), y[batch])"),
        ),
        changes=(("model(encode(tokens, vocabulary))", "model(drop_words(encode(tokens, vocabulary)))"),),
        family="evaluation",
        codes=("eval.stochastic", "eval.train-mismatch"),
        words=(
            r"same (input|row)s?.{0,40}(differ|other|twice|change)",
            r"(random|augment|dropped|noise).{0,60}(predict|evaluat|answer|test)",
            r"(predict|answer|output)s?.{0,40}(random|chang|differ|vary)",
        ),
        place=(r"predict|answer|output|drop|random",),
    ),
    Fault(
        name="entropy-of-padding",
        kind="logarithm of zero",
        report=f"{GITHUB}donggong1/memae-anomaly-detection/issues/10",
        program="gru_loop",
        task="order",
        both=(
            (
                "        weights = torch.softmax(scores, dim=1)\n",
                "        weights = torch.softmax(scores, dim=1)\n"
                "        self.entropy = -(weights * (weights + 1e-9).log()).sum(1).mean()\n",
            ),
            (
                "            loss = nn.functional.cross_entropy(model(x), y[chosen])\n",
                "            loss = nn.functional.cross_entropy(model(x), y[chosen]) + 0.01 * model.entropy\n",
            ),
        ),
        changes=(("(weights + 1e-9).log()", "weights.log()"),),
        family="numerical",
        codes=("train.nonfinite",),
        words=(r"\bNaN", r"not finite|non-?finite|infinit", r"log.{0,20}(zero|\b0\b)"),
        place=(r"loss|embed|gru|score|\bout\b|gradient|logarithm",),
    ),
    Fault(
        name="half-precision-with-adam",
        kind="half precision",
        report=f"{GITHUB}afiaka87/glide-finetune/issues/5",
        program="bag_loop",
        task="markers",
        both=(
            (
                "torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)",
                "torch.optim.Adam(model.parameters(), lr=0.01)",
            ),
            ("torch.softmax(logits, dim=1)", "torch.softmax(logits.float(), dim=1)"),
        ),
        changes=(
            (
                "    model = Net(len(vocabulary), len(classes))\n",
                "    model = Net(len(vocabulary), len(classes)).half()\n",
            ),
        ),
        family="numerical",
        codes=("train.nonfinite",),
        words=(r"\bNaN", r"not finite|non-?finite|infinit", r"half.?precision|float16|16.?bit"),
        place=(r"loss|embed|hidden|\bout\b|gradient|precision",),
    ),
    Fault(
        name="encoder-set-to-no-gradient",
        kind="backbone frozen",
        report=f"{GITHUB}vfeofanov/mantis/issues/14",
        program="gru_loop",
        task="order",
        changes=(
            (
                "    optimiser = torch.optim.Adam(model.parameters(), lr=0.004)\n",
                "    optimiser = torch.optim.Adam(model.parameters(), lr=0.004)\n"
                "    for weight in [*model.embed.parameters(), *model.gru.parameters()]:\n"
                "        weight.requires_grad = False\n",
            ),
        ),
        family="parameters",
        codes=("train.unchanged", "embedding.frozen"),
        words=UNMOVED,
        place=(r"embed|gru",),
    ),
    Fault(
        name="lengths-sorted-and-rows-not",
        kind="lengths sorted without rows",
        report=f"{GITHUB}OpenNMT/OpenNMT-py/pull/190",
        program="lstm_loop",
        task="markers",
        changes=(
            (
                "        packed = pack_padded_sequence(",
                "        lengths = lengths.sort(descending=True).values\n        packed = pack_padded_sequence(",
            ),
        ),
        family="modules",
        codes=("padding.batch", "padding.leaks", "data.truncation", "train.batching"),
        words=(
            r"depends? on.{0,40}(other rows|batch|mates|padding|order)",
            r"(batch|other rows|padding).{0,60}(change|differ|mix|reach|read)",
            r"lengths?.{0,40}(sorted|belong|wrong|other rows)",
            r"cut|truncat|(last|later) tokens",
        ),
        place=(r"batch|padding|length|token|lstm|encoder",),
    ),
    Fault(
        name="digits-dropped",
        kind="characters dropped by the tokeniser",
        report=f"{GITHUB}facebookresearch/fastText/issues/281",
        program="cnn_loop",
        task="counts",
        changes=(("    return list(row)\n", "    return [symbol for symbol in row if symbol.isalpha()]\n"),),
        family="tokens",
        codes=("token.unknown", "token.collision", "data.encoding"),
        words=(
            r"digit",
            r"(tokens|symbols|characters).{0,60}(ignored|dropped|removed|no effect|not read|unread)",
            r"(tokens|symbols|characters).{0,60}(same|share|one id|alike)",
            r"(drop|ignor|remov|los).{0,40}(tokens|symbols|characters)",
        ),
        place=(r"token|symbol|character|digit",),
    ),
    Fault(
        name="average-of-10000-steps",
        kind="average of weights too slow",
        report=f"{GITHUB}wandb/senpai/pull/2899",
        program="gru_loop",
        task="order",
        both=(
            ("import torch\nfrom torch import nn\n", "import copy\n\nimport torch\nfrom torch import nn\n"),
            ("    for epoch in range(12):\n", "    averaged = copy.deepcopy(model)\n    for epoch in range(12):\n"),
            (
                "            optimiser.step()\n",
                "            optimiser.step()\n"
                "            for kept, new in zip(averaged.parameters(), model.parameters(), strict=True):\n"
                "                kept.data.lerp_(new.data, 1 - 0.9)\n",
            ),
            ("        model.eval()\n", "        averaged.eval()\n"),
            ("torch.softmax(model(pad(rows, ids_of)), dim=1)", "torch.softmax(averaged(pad(rows, ids_of)), dim=1)"),
        ),
        changes=(("1 - 0.9)", "1 - 0.9999)"),),
        family="evaluation",
        codes=("eval.checkpoint", "eval.train-mismatch"),
        words=(*OTHER_WEIGHTS, r"averag.{0,60}(weights|slow|behind|model)|moving average|\bEMA\b"),
        place=(r"weights|checkpoint|averag|predict|scored",),
    ),
    Fault(
        name="best-epoch-by-train-rows",
        kind="selected on train rows",
        report=f"{GITHUB}HuCaoFighting/Swin-Unet/issues/135",
        program="cnn_loop",
        task="noisy",
        both=(("nn.Dropout(0.3)", "nn.Dropout(0.0)"), ("step_size=8, gamma=0.5", "step_size=30, gamma=0.5")),
        changes=(
            (
                "x_dev, y_dev = tensor(dev.tokens), target(dev.labels)",
                "x_dev, y_dev = tensor(train.tokens), target(train.labels)",
            ),
        ),
        family="splits",
        codes=("train.overfit", "eval.checkpoint", "eval.train-mismatch"),
        words=(
            r"overfit",
            r"(train).{0,40}(better|lower loss|falls|memori).{0,60}(dev|held.out|test)",
            r"(best|chosen|selected|kept).{0,60}train",
            r"(recorded|history|dev).{0,60}(not.{0,20}dev|train rows)",
        ),
        place=(r"\bdev\b|epoch|checkpoint",),
    ),
)
