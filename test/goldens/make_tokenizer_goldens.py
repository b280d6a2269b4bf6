"""Writes tokenizers/: models of sentencepiece and Hugging Face's tokenizers, and how they cut 500 lines.

    python -m venv venv && venv/bin/pip install sentencepiece==0.2.3 tokenizers==0.23.3
    venv/bin/python test/goldens/make_tokenizer_goldens.py test/goldens/tokenizers
"""

import io
import json
import pathlib
import random
import sys
from importlib.metadata import version

import sentencepiece
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

draw = random.Random(5)
STEMS = """the and of to in it is was with for house garden winter river stone water light morning evening children
teacher school reading writing walking singing understand remember forgotten unbelievable international communication
nation national nationality der die das und ist nicht Häuser Gärten Straße Übung Möglichkeit Wissenschaft Gesellschaft
l'école été garçon français aujourd'hui naïve œuvre señor niño corazón mañana São coração português здравствуй мир
вода утро школа Ελλάδα θάλασσα λόγος 機械 翻訳 学習 日本語 東京 안녕 세계 नमस्ते दुनिया 3.14 1,000 2026 don't can't
we'll state-of-the-art email@example.org (perhaps) "quoted" … — ! ? , . ; : % & / ½ ﬁne ① Ⅳ ﾊﾝ e\u0301te ｆｕｌｌ""".split()
ENDINGS = ["", "", "", "s", "ed", "ing", "er", "est", "ly", "ness", "en", "lich", "keit"]
WEIGHTS = [1 / (rank + 3) for rank in range(len(STEMS))]


def line():
    words = [stem + draw.choice(ENDINGS) for stem in draw.choices(STEMS, WEIGHTS, k=draw.randint(1, 14))]
    text = " ".join(words)
    chance = draw.random()
    if chance < 0.05:
        text = text.replace(" ", "  ", 2)
    elif chance < 0.08:
        text += " \U0001f600\U0001f469\u200d\U0001f467"
    elif chance < 0.1:
        text += " ▁ ሰላም"
    elif chance < 0.12:
        text = text.replace(" ", "\u00a0", 1) + "\taaaaaaa aaaa"
    return text


def spm(kind, training, **more):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(training), model_writer=model, model_type=kind, minloglevel=2, num_threads=1, **more
    )
    return model.getvalue()


def bpe(pre_tokenizer, training, alphabet=(), size=600, unknown=None):
    tokenizer = Tokenizer(models.BPE(unk_token=unknown))
    tokenizer.pre_tokenizer = pre_tokenizer
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False, initial_alphabet=list(alphabet),
                                  special_tokens=[unknown] if unknown else [])
    tokenizer.train_from_iterator(training, trainer)
    return tokenizer


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    lines = [line() for _ in range(500)]
    training = lines[:400]
    plain = [each.replace("▁", "_") for each in training]
    found = {"versions": {name: version(name) for name in ("sentencepiece", "tokenizers")}, "lines": lines, "pieces": {}}

    learned = bpe(pre_tokenizers.Metaspace(prepend_scheme="always"), plain)
    found["learnedBpe"] = json.loads(learned.to_str())["model"]["merges"]
    found["learnedBpePieces"] = [learned.encode(each).tokens for each in plain]

    for name, kind, more in [
        ("unigram.model", "unigram", {"vocab_size": 390}),
        ("bpe.model", "bpe", {"vocab_size": 640, "byte_fallback": True, "normalization_rule_name": "identity",
                              "remove_extra_whitespaces": False, "character_coverage": 0.98}),
    ]:
        blob = spm(kind, training, **more)
        (folder / name).write_bytes(blob)
        processor = sentencepiece.SentencePieceProcessor(model_proto=blob)
        found["pieces"][name] = [processor.encode(each, out_type=str) for each in lines]

    level = bpe(pre_tokenizers.ByteLevel(add_prefix_space=False), training, pre_tokenizers.ByteLevel.alphabet())
    level.decoder = decoders.ByteLevel()
    meta = bpe(pre_tokenizers.Metaspace(prepend_scheme="always"), training[:300], size=560, unknown="<unk>")
    unigram = Tokenizer(models.Unigram())
    unigram.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    unigram.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    unigram.train_from_iterator(
        training, trainers.UnigramTrainer(vocab_size=380, show_progress=False, unk_token="<unk>", special_tokens=["<unk>"])
    )
    for name, tokenizer in [("byte-level.json", level), ("metaspace.json", meta), ("unigram.json", unigram)]:
        (folder / name).write_text(tokenizer.to_str(), encoding="utf-8")
        found["pieces"][name] = [tokenizer.encode(each).tokens for each in lines]

    text = json.dumps(found, ensure_ascii=False, indent=None)
    (folder / "goldens.json").write_text(text + "\n", encoding="utf-8")


main()
