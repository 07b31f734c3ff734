# A Hugging Face Trainer with its own tokeniser, nothing is downloaded: brittlestar run DATA --model own_trainer:fit
import tempfile

import transformers as hf
from tokenizers import Tokenizer, models, processors

from brittlestar.integrations.transformers import trainer_fit


@trainer_fit
def fit(train, dev, seed):
    words = ["[PAD]", "[UNK]", "[CLS]", *sorted({token for row in train.tokens for token in row})]
    core = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    core.post_processor = processors.TemplateProcessing("[CLS] $A", special_tokens=[("[CLS]", 2)])
    tokenizer = hf.PreTrainedTokenizerFast(tokenizer_object=core, pad_token="[PAD]", model_max_length=128)
    size = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "num_labels": len(train.classes)}
    model = hf.BertForSequenceClassification(hf.BertConfig(vocab_size=len(words), **size))
    log = {"logging_strategy": "epoch", "eval_strategy": "epoch", "save_strategy": "no", "report_to": []}
    options = hf.TrainingArguments(tempfile.mkdtemp(), num_train_epochs=3, learning_rate=1e-3, **log)
    return hf.Trainer(model, options, None, train.encode(tokenizer), dev.encode(tokenizer), tokenizer)
