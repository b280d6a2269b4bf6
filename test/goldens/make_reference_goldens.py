"""Writes reference-metrics.json: what the field's own tools say of 500 random and 50 nasty corpora. Versions stand in the file.

    python -m venv venv && venv/bin/pip install sacrebleu==2.6.0 jiwer==4.0.0 scikit-learn==1.9.1
    venv/bin/python test/goldens/make_reference_goldens.py > test/goldens/reference-metrics.json
"""

import json
import random
import warnings
from importlib.metadata import version

import jiwer
import numpy as np
from sacrebleu.metrics import BLEU, CHRF
from sklearn.metrics import mean_absolute_error, mean_squared_error, precision_recall_fscore_support

warnings.filterwarnings("ignore")
draw = random.Random(15)

PIECES = (
    "the The cat cats sat on mat's don't U.S. 3.14 1,000 1-2 well-known (in) [a] \"no\" it: ; , . ! ? ... -- $5 50% a/b "
    "x=y & &amp; &quot; &lt;b&gt; <skipped> _ ` ~ ^ @home #1 müde ÄRGER Straße état ΣΑΣ İstanbul 中文 我们 吃饭 。 ， “你好” "
    "２０ ㈱ — … → ─ € ± ½ ² é 🙂 👍🏽 क्षि ไทย \u00a0 \u3000 \u200b \ufeff \u0085"
).split(" ")


def text(low, high):
    return " ".join(draw.choice(PIECES) for _ in range(draw.randint(low, high)))


def noisy(line, rate):
    out = []
    for piece in line.split(" "):
        chance = draw.random()
        if chance < rate / 3:
            continue
        out.append(draw.choice(PIECES) if chance < rate else piece)
        if draw.random() < rate / 6:
            out.append(draw.choice(PIECES))
    return " ".join(out)


def random_corpus():
    rate = draw.choice([0.1, 0.3, 0.6, 0.9])
    corpus = []
    for _ in range(draw.randint(1, 3)):
        first = text(1, 9)
        references = [first] + [noisy(first, 0.3) for _ in range(draw.randint(0, 1))]
        corpus.append([noisy(first, rate), references])
    return corpus


NASTY = [
    [["", ["a b c d"]]],
    [["a b c d", [""]]],
    [["", [""]]],
    [["", ["", "a"]]],
    [["a", ["", "a b"]]],
    [[" ", ["a"]]],
    [["a", [" "]]],
    [["a", ["a"]]],
    [["a", ["b"]]],
    [["a b c", ["a b c"]]],
    [["a b c d", ["a b c d"]]],
    [["a b c d", ["e f g h"]]],
    [["a a a a a a", ["a"]]],
    [["a", ["a a a a a a"]]],
    [["d c b a", ["a b c d"]]],
    [["ab cd", ["abcd"]]],
    [["a-\nb", ["a b"]]],
    [["a\nb", ["ab"]]],
    [["word-", ["word -"]]],
    [["end.", ["end ."]]],
    [["1.", ["1 ."]]],
    [["1. ", ["1 ."]]],
    [["1,2.3", ["1,2 .3"]]],
    [[".5 5.", ["0.5 5.0"]]],
    [["&amp;lt;", ["<"]]],
    [["&amp;", ["&"]]],
    [["&quot;x&quot;", ['"x"']]],
    [["<skipped>", ["a"]]],
    [["A", ["a"]]],
    [["É", ["é"]]],
    [["É", ["É"]]],
    [["Σ", ["ς"]]],
    [["ΟΔΟΣ", ["οδος"]]],
    [["ß", ["SS"]]],
    [["🙂🙂", ["🙂"]]],
    [["👨‍👩‍👧", ["👨 👩 👧"]]],
    [["我喜欢吃饭。", ["我 喜欢 吃饭 。"]]],
    [["我喜欢AI", ["我喜欢 A I"]]],
    [["“x”", ["\" x \""]]],
    [["(hi)", ["( hi )"]]],
    [["hi!!", ["hi! !"]]],
    [["a\u00a0b", ["a b"]]],
    [["a\u3000b", ["a b"]]],
    [["a\u200bb", ["a b"]]],
    [["a\ufeffb", ["a b"]]],
    [["a\u0085b", ["a b"]]],
    [["a\u001cb", ["a b"]]],
    [["\u2028", ["a"]]],
    [["½ ²", ["1/2 2"]]],
    [["x" * 300, ["x" * 299 + "y"]]],
    [["a b", ["a b"]], ["", ["c"]], ["d", [""]]],
    [["a b c d e", ["a b c d e", "x"]], ["x y", ["a b", "x y z"]]],
]


def rounded(number):
    return float(f"{number:.12g}")


def scored_text(corpus):
    hypotheses = [one for one, _ in corpus]
    most = max(len(references) for _, references in corpus)
    streams = [[r[k] if k < len(r) else None for _, r in corpus] for k in range(most)]
    bleu = lambda **more: rounded(BLEU(force=True, **more).corpus_score(hypotheses, streams).score)
    chrf = lambda **more: rounded(CHRF(**more).corpus_score(hypotheses, streams).score)
    firsts = [references[0] for _, references in corpus]
    return {
        "corpus": corpus,
        "bleu": {name: bleu(tokenize=name) for name in ("none", "13a", "intl", "char", "zh")},
        "smooth": {name: bleu(tokenize="13a", smooth_method=name) for name in ("floor", "add-k", "none")},
        "lowercase": bleu(tokenize="13a", lowercase=True),
        "chrf": {
            "chrF2": chrf(),
            "chrF1": chrf(beta=1),
            "chrF2++": chrf(word_order=2),
            "lowercase": chrf(word_order=2, lowercase=True),
        },
        "edits": edits(firsts, hypotheses),
    }


def edits(references, hypotheses):
    """[word edits, words, character edits, characters] to the first references, by jiwer; nothing where it refuses an empty one."""
    kept = [(r, h) for r, h in zip(references, hypotheses) if r.split()]
    if not kept:
        return None
    plain = jiwer.Compose([jiwer.ReduceToListOfListOfChars()])
    by_word = jiwer.process_words([" ".join(r.split()) for r, _ in kept], [" ".join(h.split()) for _, h in kept])
    by_character = jiwer.process_characters(
        [r for r, _ in kept], [h for _, h in kept], reference_transform=plain, hypothesis_transform=plain
    )
    return [
        n
        for out in (by_word, by_character)
        for n in (out.substitutions + out.deletions + out.insertions, out.hits + out.substitutions + out.deletions)
    ]


def scored_labels(references, hypotheses):
    of = lambda average: [
        rounded(x)
        for x in precision_recall_fscore_support(references, hypotheses, average=average, zero_division=0)[:3]
    ]
    return {"references": references, "hypotheses": hypotheses, "macro": of("macro"), "micro": of("micro")}


def random_labels():
    labels = "a b c d ä 中".split()[: draw.randint(1, 6)]
    references = [draw.choice(labels) for _ in range(draw.randint(1, 12))]
    rate = draw.choice([0, 0.2, 0.5, 1])
    return references, [draw.choice(labels) if draw.random() < rate else one for one in references]


NASTY_LABELS = [(["a"], ["a"]), (["a"], ["b"]), (["a", "b"], ["b", "a"]), (["a"] * 9 + ["b"], ["a"] * 10)] + [
    (["a"] * k + ["b"] * (12 - k), ["b"] * (k // 2) + ["c"] * (12 - k // 2)) for k in range(12)
] + [([str(k) for k in range(n)], [str(k + shift) for k in range(n)]) for n in range(1, 6) for shift in range(7)]


def smape(y, forecast):
    y, forecast = np.asarray(y), np.asarray(forecast)
    size = np.abs(y) + np.abs(forecast)
    return float(np.mean(np.where(size == 0, 0, 2 * np.abs(y - forecast) / np.where(size == 0, 1, size))))


def scored_numbers(reference, predicted):
    return {
        "reference": reference,
        "predicted": predicted,
        "mse": rounded(mean_squared_error(reference, predicted)),
        "rmse": rounded(mean_squared_error(reference, predicted) ** 0.5),
        "mae": rounded(mean_absolute_error(reference, predicted)),
        "smape": rounded(smape(reference, predicted)),
    }


def random_numbers():
    size = draw.randint(1, 6)
    scale = 10 ** draw.randint(-3, 4)
    values = lambda: [rounded(draw.gauss(0, scale)) for _ in range(size)]
    return values(), values()


SPECIAL = [0.0, -0.0, 1.0, -1.0, 1e-300, 1e150, -1e150]
NASTY_NUMBERS = [([a], [b]) for a in SPECIAL for b in SPECIAL] + [([0.0, 0.0], [0.0, 1.0]), ([1e9, 1e-9], [1e9, 0.0])]

print(
    json.dumps(
        {
            "generator": "test/goldens/make_reference_goldens.py",
            "versions": {name: version(name) for name in ("sacrebleu", "jiwer", "scikit-learn")},
            "texts": [scored_text(corpus) for corpus in [random_corpus() for _ in range(500)] + NASTY],
            "labels": [scored_labels(*case) for case in [random_labels() for _ in range(500)] + NASTY_LABELS],
            "numbers": [scored_numbers(*case) for case in [random_numbers() for _ in range(500)] + NASTY_NUMBERS],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
)
