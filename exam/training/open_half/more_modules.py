"""More open faults in modules that brittlestar trains."""

from __future__ import annotations

from exam.training.fault import Fault

GITHUB = "https://github.com/"

FAULTS = (
    Fault(
        name="linear-layer-made-in-forward",
        kind="layer made in forward",
        report=f"{GITHUB}graykode/nlp-tutorial/issues/29",
        program="bag_net",
        task="markers",
        changes=(
            ("        self.hidden = nn.Linear(width, 64)\n", ""),
            ("self.relu(self.hidden(mean))", "self.relu(nn.Linear(mean.shape[1], 64)(mean))"),
        ),
        family="parameters",
        codes=("eval.stochastic", "train.unchanged"),
        words=(
            r"same (input|row)s?.{0,40}(differ|other|twice|change)",
            r"(layer|weight|parameter)s?.{0,60}(made|created|drawn|random|anew|each (call|time))",
            r"(layer|weight|parameter)s?.{0,60}(not registered|never trained)",
            r"(predict|answer|output)s?.{0,40}(random|chang|differ|vary)",
        ),
        place=(r"hidden|forward|layer|output|predict|answer|random",),
    ),
    Fault(
        name="thirty-layers-without-residual",
        kind="residual left out",
        report=f"{GITHUB}lsdefine/attention-is-all-you-need-keras/issues/17",
        program="stack_net",
        task="counts",
        both=(
            ("depth=3", "depth=30"),
            ('kaiming_uniform_(layer.weight, nonlinearity="relu")', "xavier_uniform_(layer.weight)"),
            ("x = self.activation(layer(x))", "x = x + 0.2 * self.activation(layer(x))"),
        ),
        changes=(("x = x + 0.2 * self.activation(layer(x))", "x = self.activation(layer(x))"),),
        family="modules",
        codes=("train.gradient-vanishing", "train.dead-units", "train.plateau", "train.capacity"),
        words=(
            r"gradient.{0,60}(vanish|small|fade|shrink|die|little)",
            r"vanish",
            r"residual|skip connection",
            r"(too )?(deep|many layers)",
        ),
        place=(r"layer|embedding|depth",),
    ),
    Fault(
        name="causal-mask-and-the-first-token",
        kind="causal mask with the first token",
        report=f"{GITHUB}hkproj/pytorch-stable-diffusion/issues/13",
        program="transformer_net",
        task="order",
        both=(
            (
                "        x = x.masked_fill(padding.unsqueeze(2), 0).sum(1) / lengths.unsqueeze(1)\n",
                "        x = x[:, 0]\n",
            ),
        ),
        changes=(
            (
                "self.encoder(x, src_key_padding_mask=padding)",
                "self.encoder(x, mask=torch.ones(x.shape[1], x.shape[1]).triu(1).bool(), src_key_padding_mask=padding)",
            ),
        ),
        family="modules",
        codes=("data.truncation", "train.capacity", "train.plateau", "probe.order-blind"),
        words=(
            r"mask|causal",
            r"(only|but) the first token",
            r"(later|last|other) tokens.{0,40}(not read|ignored|no effect|unread|not used)",
            r"tokens? (after|beyond|behind).{0,40}(no effect|not read|ignored|change nothing|unread)",
            r"cut|truncat",
        ),
        place=(r"token|position|mask|encoder|first",),
    ),
    Fault(
        name="vectors-divided-by-their-norm",
        kind="division by zero",
        report=f"{GITHUB}huggingface/sentence-transformers/issues/625",
        program="bag_net",
        task="markers",
        both=(
            (
                "        mean = self.embedding(tokens).sum(1) / lengths.clamp(min=1).unsqueeze(1)\n",
                "        embedded = self.embedding(tokens)\n"
                "        embedded = embedded / (embedded.norm(dim=2, keepdim=True) + 1e-6)\n"
                "        mean = embedded.sum(1) / lengths.clamp(min=1).unsqueeze(1)\n",
            ),
            (
                "        self.hidden = nn.Linear(width, 64)\n",
                "        self.hidden = nn.Linear(width, 64)\n        nn.init.normal_(self.hidden.weight, std=0.5)\n",
            ),
        ),
        changes=(("(embedded.norm(dim=2, keepdim=True) + 1e-6)", "embedded.norm(dim=2, keepdim=True)"),),
        family="numerical",
        codes=("train.nonfinite",),
        words=(r"\bNaN", r"not finite|non-?finite|infinit", r"(divi|norm).{0,30}(zero|\b0\b)"),
        place=(r"loss|embedding|hidden|gradient|norm",),
    ),
    Fault(
        name="random-state-to-start-from",
        kind="random initial state",
        report=f"{GITHUB}TodoListIOS/NER-PyTorch/issues/1",
        program="lstm_net",
        task="order",
        changes=(
            (
                "        states, _ = self.lstm(embedded)\n",
                "        start = torch.randn(1, len(tokens), self.lstm.hidden_size)\n"
                "        states, _ = self.lstm(embedded, (start, torch.randn_like(start)))\n",
            ),
        ),
        family="modules",
        codes=("eval.stochastic",),
        words=(
            r"same (input|row)s?.{0,40}(differ|other|twice|change)",
            r"random.{0,40}(state|start|predict|output|answer)",
            r"(predict|answer|output)s?.{0,40}(random|chang|differ|vary)",
        ),
        place=(r"lstm|state|output|predict|answer|random",),
    ),
    Fault(
        name="ids-clamped",
        kind="ids cut at a limit",
        report=f"{GITHUB}ybubnov/deep-lookup/pull/13",
        program="bag_net",
        task="markers",
        changes=(
            (
                "        mean = self.embedding(tokens)",
                "        tokens = tokens.clamp(max=12)\n        mean = self.embedding(tokens)",
            ),
        ),
        family="tokens",
        codes=("token.collision", "token.unknown", "embedding.unused"),
        words=(
            r"(tokens|symbols|words|ids).{0,60}(same|share|one id|told apart|alike|one vector|collide)",
            r"(rows|vectors).{0,40}(never (read|used|reached)|unused|no token reaches|not reached)",
            r"clamp|limit|beyond the vocabulary",
        ),
        place=(r"token|embedding|\bids?\b|vocabulary",),
    ),
)
