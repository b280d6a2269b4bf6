"""Writes signatures.json: the signatures that sacreBLEU prints, by metric, options and numbers of references of two outputs.

    python -m venv venv && venv/bin/pip install sacrebleu==2.6.0
    venv/bin/python test/goldens/make_signature_goldens.py > test/goldens/signatures.json
"""

import json

from sacrebleu.metrics import BLEU, CHRF

TEXT = "a b c d"
made = []


def add(metric, options, build):
    for counts in ([1, 1], [3, 3], [2, 1]):
        streams = [[TEXT if at < count else None for count in counts] for at in range(max(counts))]
        scorer = build()
        scorer.corpus_score([TEXT] * len(counts), streams)
        made.append({"metric": metric, "options": options, "references": counts, "signature": str(scorer.get_signature())})


for tokenize in ["none", "13a", "intl", "char", "zh"]:
    for smooth in ["exp", "floor", "add-k", "none"]:
        for lowercase in [False, True]:
            options = {"tokenize": tokenize, "smooth": smooth, "lowercase": lowercase}
            add("bleu", options, lambda: BLEU(tokenize=tokenize, smooth_method=smooth, lowercase=lowercase))
for order in [0, 2]:
    for lowercase in [False, True]:
        options = {"beta": 2, "wordOrder": order, "lowercase": lowercase}
        add("chrf", options, lambda: CHRF(word_order=order, lowercase=lowercase))
json.dump(made, open(1, "w"), indent=1)
