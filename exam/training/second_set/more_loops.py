"""More faults in own training loops: losses, tokens, rows as they are read, and what answers in the end."""

from __future__ import annotations

from exam.training.fault import Fault
from exam.training.second_set.wording import ALIKE, GITHUB, MATES, NOT_AS_TRAINED, UNMOVED

FAULTS = (
    Fault(
        name="first-class-ignored-by-the-loss",
        kind="loss ignores a class",
        report=f"{GITHUB}nyu-mll/jiant/issues/925",
        program="trainer_loop",
        task="commands",
        changes=(("nn.CrossEntropyLoss(weight=weights)", "nn.CrossEntropyLoss(weight=weights, ignore_index=0)"),),
        family="loss",
        codes=("train.loss-mismatch", "eval.slice", "label.missing"),
        words=(
            r"ignore_index|class\w*.{0,60}ignor|ignor\w*.{0,40}class",
            r"class\w*.{0,80}(never|not|no|nothing|0 of|none).{0,40}(predicted|answered|learn|train|right|loss)",
            r"(never|no row|no answer|not once).{0,40}(predict|answer|class|start)",
            r"(recall|accuracy).{0,40}\b0(\.0)?\b.{0,40}(class|start)",
            r"\bstart\b.{0,60}\b0(\.0)? ?(%|of)",
        ),
        place=(r"class|label|loss|criterion|\bstart\b",),
    ),
    Fault(
        name="focus-on-the-easy-rows",
        kind="focal loss the wrong way round",
        report=f"{GITHUB}fudannlp16/focal-loss/issues/8",
        program="brackets_loop",
        task="brackets",
        both=(("gamma=1.0", "gamma=2.0"),),
        changes=(("-((1 - p) ** self.gamma)", "-(p**self.gamma)"),),
        family="loss",
        codes=("train.loss-mismatch", "train.plateau", "train.capacity"),
        words=(
            r"focal",
            r"loss.{0,60}(does not fit|not fit|wrong way|rewards?|(smaller|falls?|lower) (as|when|where|for))",
            r"(easy|right|hard|wrong|difficult) rows.{0,60}(weight|loss|count|ignored|gradient)",
        ),
        place=(r"loss|criterion|focal|weight",),
    ),
    Fault(
        name="not-is-a-stop-word",
        kind="stop words that carry the meaning",
        report=f"{GITHUB}stephenhky/PyShortTextCategorization/issues/127",
        program="trainer_loop",
        task="commands",
        both=(
            (
                "class Tagger:\n",
                'STOP_WORDS = {"the", "and", "my", "in", "this", "for", "me", "up", "there", "then", "now"}\n\n\n'
                "class Tagger:\n",
            ),
            (
                "        return [word.strip().lower() for word in row]\n",
                "        words = [word.strip().lower() for word in row]\n"
                '        return [word for word in words if word not in STOP_WORDS] or ["<unk>"]\n',
            ),
        ),
        changes=(('"then", "now"}', '"then", "now", "is", "does", "did", "not", "never"}'),),
        family="tokens",
        codes=("token.unknown", "token.collision", "data.encoding"),
        words=(*ALIKE, r"stop.?words?", r"\b(not|never)\b.{0,10}(,|and|or).{0,40}(no effect|ignored|not read|dropped)"),
        place=(r"token|word|vocabulary|stop|\bnever\b",),
    ),
    Fault(
        name="numbers-of-symbols-from-zero",
        kind="padding is a real symbol",
        report=f"{GITHUB}kpe/bert-for-tf2/issues/68",
        program="brackets_loop",
        task="brackets",
        changes=(("table.setdefault(symbol, len(table) + 2)", "table.setdefault(symbol, len(table))"),),
        family="padding",
        codes=("token.padding", "token.collision", "token.unknown"),
        words=(*ALIKE, r"padding.{0,60}(word|token|symbol|id|real|bracket)", r"\(.{0,40}(padding|no effect|not read)"),
        place=(r"padding|\bids?\b|vocabulary|token|symbol|\(",),
    ),
    Fault(
        name="batch-cut-to-its-shortest-row",
        kind="rows cut to the shortest of their batch",
        report=f"{GITHUB}vllm-project/llm-compressor/pull/2649",
        program="names_loop",
        task="names",
        changes=(
            (
                "    longest = max(len(row) for row in rows)\n"
                "    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])\n",
                "    shortest = min(len(row) for row in rows)\n"
                "    return torch.tensor([row[:shortest] for row in rows])\n",
            ),
        ),
        family="tokens",
        codes=("data.truncation", "padding.batch", "eval.train-mismatch"),
        words=(
            *MATES,
            *NOT_AS_TRAINED,
            r"cut|truncat|shortest",
            r"(later|last) tokens.{0,40}(not read|ignored|no effect|unread)",
        ),
        place=(r"batch|length|row|token|position|predict",),
    ),
    Fault(
        name="read-backwards-in-training-only",
        kind="rows reversed in training only",
        report=f"{GITHUB}THUDM/KOBE/issues/12",
        program="names_loop",
        task="names",
        changes=(("rows = [tokenizer(text) for text in texts]", "rows = [tokenizer(text[::-1]) for text in texts]"),),
        family="evaluation",
        codes=("eval.train-mismatch", "token.mismatch"),
        words=(*NOT_AS_TRAINED, r"revers|backward", r"order of.{0,30}(tokens|letters|words)"),
        place=(r"predict|scored|order|row|token|train",),
    ),
    Fault(
        name="origins-in-order-of-appearance",
        kind="classes in another order than asked for",
        report=f"{GITHUB}huggingface/setfit/issues/462",
        program="names_loop",
        task="names",
        changes=(("origins = sorted(set(train.labels))", "origins = list(dict.fromkeys(train.labels))"),),
        family="evaluation",
        codes=("eval.label-order", "eval.train-mismatch", "eval.below-trivial"),
        words=(
            *NOT_AS_TRAINED,
            r"order.{0,40}(class|label|column)",
            r"(class|label|column)\w*.{0,60}(order|permut|swap|mixed up|sorted|moved|exchang)",
        ),
        place=(r"class|label|column|predict|answer",),
    ),
    Fault(
        name="pairs-of-words-in-training-only",
        kind="other features when predicting",
        report=f"{GITHUB}GokuMohandas/document-classification/pull/12",
        program="offsets_loop",
        task="commands",
        changes=(
            (
                "        rows = [(label_names[0], ngrams(list(row))) for row in tokens]\n",
                "        rows = [(label_names[0], list(row)) for row in tokens]\n",
            ),
        ),
        family="evaluation",
        codes=("eval.train-mismatch", "token.mismatch"),
        words=(*NOT_AS_TRAINED, r"n-?grams?|bigrams?|pairs of words", r"order.{0,40}(no effect|not read|nothing)"),
        place=(r"predict|scored|token|train|n-?gram|feature|embedding",),
    ),
    Fault(
        name="counts-not-standardised-when-predicting",
        kind="features standardised in training only",
        report=f"{GITHUB}jchen42703/kits19-cnn/issues/22",
        program="counts_loop",
        task="counts",
        both=(
            (
                "        return counts\n",
                "        return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)\n",
            ),
        ),
        changes=(
            (
                "model(torch.from_numpy(vectorizer.transform(tokens)))",
                "model(torch.from_numpy(vectorizer.count(tokens)))",
            ),
        ),
        family="evaluation",
        codes=("eval.train-mismatch", "token.mismatch"),
        words=(*NOT_AS_TRAINED, r"standardi[sz]|normali[sz]|scal(ed|ing)|(mean|deviation) of train"),
        place=(r"predict|scored|feature|count|input|train",),
    ),
    Fault(
        name="words-swapped-for-more-rows",
        kind="augmentation that changes the class",
        report=f"{GITHUB}GEM-benchmark/NL-Augmenter/pull/203",
        program="encoder_loop",
        task="order",
        both=(
            (
                "def learning_rate(step,",
                "def swap_words(row, times):\n    row = list(row)\n    for _ in range(times):\n"
                "        one, other = torch.randint(len(row), (2,)).tolist()\n"
                "        row[one], row[other] = row[other], row[one]\n    return row\n\n\n"
                "def learning_rate(step,",
            ),
            (
                "x = make_batch([train.tokens[number] for number in index.tolist()], vocabulary)",
                "x = make_batch([swap_words(train.tokens[number], 0) for number in index.tolist()], vocabulary)",
            ),
        ),
        changes=(("swap_words(train.tokens[number], 0)", "swap_words(train.tokens[number], 5)"),),
        family="data",
        codes=("train.over-regularised", "probe.order-blind", "eval.train-mismatch", "train.plateau", "train.capacity"),
        words=(
            r"augment|swap|shuffl|permut",
            r"order.{0,60}(no effect|not (read|used|learn)|nothing|lost|destroy|blind|random|same)",
            r"(rows|tokens|words).{0,60}(changed|altered|in (an)?other order|not as they are|at random).{0,60}train",
        ),
        place=(r"order|token|word|row|train|augment|swap",),
    ),
    Fault(
        name="every-place-masked-for-padding",
        kind="mask without a place left",
        report=f"{GITHUB}hyunwoongko/transformer/pull/40",
        program="encoder_loop",
        task="order",
        changes=(("~mask[:, None, None, :]", "~mask[:, None, :, None]"),),
        family="numerical",
        codes=("train.nonfinite",),
        words=(r"\bNaN", r"not finite|non-?finite|infinit", r"mask", r"softmax of (nothing|no)"),
        place=(r"loss|token|block|qkv|attention|mask|gradient|weight|padding|logit|output|probabilit",),
    ),
    Fault(
        name="state-cut-off-at-every-step",
        kind="state detached at every step",
        report=f"{GITHUB}yhs968/pyGRU4REC/issues/8",
        program="brackets_loop",
        task="brackets",
        changes=(("self.cell(self.embedding(column), state)", "self.cell(self.embedding(column), state.detach())"),),
        family="modules",
        codes=("train.gradient-vanishing", "train.plateau", "train.capacity", "train.unchanged", "probe.order-blind"),
        words=(
            r"detach",
            r"gradients?.{0,80}(earlier|time|back|last|one step|early|first|vanish|cut|stop|reach)",
            r"(earlier|early|first) (tokens|steps|places|symbols).{0,60}(no|not|little|without)",
            *UNMOVED,
        ),
        place=(r"state|cell|embedding|step|token|gradient",),
    ),
)
