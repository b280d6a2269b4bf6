"""Scores seqlab's predictions.jsonl as the peers score their own: `python score.py bleu|g2p PREDICTIONS`.

bleu: corpus BLEU by sacrebleu with its 13a tokenisation, as Joey NMT is told to in joey_reverse.py. g2p: the share of
words that are right in whole, and edits over the references' symbols, as Yoyodyne counts its accuracy and SER. Prints one
line of JSON: {"dev": {...}, "test": {...}}.
"""

import json
import sys
from pathlib import Path


def bleu(pairs):
    import sacrebleu

    join = lambda tokens: " ".join(tokens)
    hypotheses, references = [join(pair[0]) for pair in pairs], [join(pair[1]) for pair in pairs]
    return {"bleu": sacrebleu.corpus_bleu(hypotheses, [references], tokenize="13a").score}


def edits(hypothesis, reference):
    row = list(range(len(reference) + 1))
    for i, symbol in enumerate(hypothesis, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(reference, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (symbol != other))
    return row[-1]


def g2p(pairs):
    right = sum(hypothesis == reference for hypothesis, reference in pairs)
    wrong = sum(edits(*pair) for pair in pairs)
    return {"accuracy": right / len(pairs), "ser": wrong / sum(len(reference) for _, reference in pairs)}


def main():
    score = {"bleu": bleu, "g2p": g2p}[sys.argv[1]]
    lines = [json.loads(line) for line in Path(sys.argv[2]).read_text().splitlines()]
    pairs = lambda split: [(line["hypothesis"], line["references"][0]) for line in lines if line["split"] == split]
    print(json.dumps({split: score(pairs(split)) for split in ("dev", "test")}))


if __name__ == "__main__":
    main()
