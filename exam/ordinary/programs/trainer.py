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
    id2label = dict(enumerate(train.classes))
    config = hf.BertConfig(
        vocab_size=len(words),
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        id2label=id2label,
        label2id={label: number for number, label in id2label.items()},
    )
    model = hf.BertForSequenceClassification(config)
    options = hf.TrainingArguments(
        tempfile.mkdtemp(),
        num_train_epochs=8,
        learning_rate=1e-3,
        per_device_train_batch_size=32,
        logging_strategy="epoch",
        eval_strategy="epoch",
        save_strategy="no",
        report_to=[],
    )
    return hf.Trainer(model, options, None, train.encode(tokenizer), dev.encode(tokenizer), tokenizer)
