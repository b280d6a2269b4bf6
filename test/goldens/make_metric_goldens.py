"""Writes metrics.json: what sacrebleu and seqeval say about random corpora. Versions stand in the file.

    python -m venv venv && venv/bin/pip install sacrebleu==2.6.0 seqeval==1.2.2
    venv/bin/python test/goldens/make_metric_goldens.py > test/goldens/metrics.json
"""

import json
import random
import warnings
from importlib.metadata import version

from sacrebleu.metrics import BLEU, CHRF
from seqeval.metrics import f1_score

warnings.filterwarnings("ignore")
draw = random.Random(7)
WORDS = "a an the cat cats sat on mat . , müde état 中文 in".split()
TAGS = ["O", "O", "B-from", "I-from", "B-to", "I-to"]
MORE_TAGS = TAGS + ["E-to", "S-to", "E-from", "S-from"]


def sentence(words, low, high):
    return [draw.choice(words) for _ in range(draw.randint(low, high))]


def noisy(words, tokens, rate):
    out = []
    for token in tokens:
        chance = draw.random()
        if chance < rate / 3:
            continue
        out.append(draw.choice(words) if chance < rate else token)
        if draw.random() < rate / 6:
            out.append(draw.choice(words))
    return out


def translations(size, rate, low=1, high=14):
    corpus = []
    for _ in range(size):
        first = sentence(WORDS, low, high)
        references = [first] + [noisy(WORDS, first, 0.3) or ["a"] for _ in range(draw.randint(0, 1))]
        corpus.append({"references": references, "hypothesis": noisy(WORDS, first, rate)})
    return corpus


def scored_translations(corpus):
    hypotheses = [" ".join(one["hypothesis"]) for one in corpus]
    streams = [
        [" ".join(one["references"][k]) if k < len(one["references"]) else None for one in corpus] for k in range(2)
    ]
    bleu = BLEU(tokenize="none").corpus_score(hypotheses, streams)
    return {
        "examples": corpus,
        "bleu": bleu.score,
        "chrf": CHRF().corpus_score(hypotheses, streams).score,
        "chrfBeta1": CHRF(beta=1).corpus_score(hypotheses, streams).score,
    }


def scored_tags(tags, size):
    references = [sentence(tags, 1, 12) for _ in range(size)]
    hypotheses = [[draw.choice(tags) if draw.random() < 0.3 else tag for tag in row] for row in references]
    return {
        "examples": [{"references": [r], "hypothesis": h} for r, h in zip(references, hypotheses)],
        "slotF1": float(f1_score(references, hypotheses)),
    }


print(
    json.dumps(
        {
            "generator": "test/goldens/make_metric_goldens.py",
            "versions": {name: version(name) for name in ("sacrebleu", "seqeval")},
            "translations": [
                scored_translations(translations(20, 0.3)),
                scored_translations(translations(5, 0.6, 4, 9)),
                scored_translations(translations(3, 0.9, 2, 5)),
                scored_translations([{"references": [["a", "cat"]], "hypothesis": ["a", "cat"]}]),
            ],
            "tags": [scored_tags(TAGS, 30), scored_tags(MORE_TAGS, 40)],
        },
        ensure_ascii=False,
    )
)
