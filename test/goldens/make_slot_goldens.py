"""Writes slots.json: what seqeval counts in random tags of each scheme that it has. Versions stand in the file.

    python -m venv venv && venv/bin/pip install seqeval==1.2.2
    venv/bin/python test/goldens/make_slot_goldens.py > test/goldens/slots.json

A case is a reference, a hypothesis, and [correct, predicted, in the reference]: by default, then in strict mode. By default
seqeval knows the letters of IOBES alone, so those of BILOU are renamed first.
"""

import json
import random
import warnings
from importlib.metadata import version

from seqeval.metrics import f1_score
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import BILOU, IOB1, IOB2, IOBES, Entities

warnings.filterwarnings("ignore")
draw = random.Random(14)
SCHEMES = {"iob1": (IOB1, "BI"), "iob2": (IOB2, "BI"), "iobes": (IOBES, "BIES"), "bilou": (BILOU, "BILU")}


def drawn(letters):
    tags = ["O"] + [f"{letter}-{kind}" for letter in letters for kind in "XY"]
    reference = [draw.choice(tags) for _ in range(draw.randint(1, 9))]
    return reference, [tag if draw.random() < 0.6 else draw.choice(tags) for tag in reference]


def sums(reference, hypothesis):
    return [len(reference & hypothesis), len(hypothesis), len(reference)]


def f1(correct, predicted, wanted):
    return 0 if predicted + wanted == 0 else 2 * correct / (predicted + wanted)


def by_default(*rows):
    renamed = [[tag.replace("L-", "E-").replace("U-", "S-") for tag in row] for row in rows]
    counted = sums(*(set(get_entities(row)) for row in renamed))
    assert abs(f1(*counted) - f1_score([renamed[0]], [renamed[1]])) < 1e-12
    return counted


def strict(scheme, *rows):
    counted = sums(*({entity.to_tuple() for entity in Entities([row], scheme).entities[0]} for row in rows))
    assert abs(f1(*counted) - f1_score([rows[0]], [rows[1]], mode="strict", scheme=scheme)) < 1e-12
    return counted


def case(scheme, letters):
    rows = drawn(letters)
    return [*(" ".join(row) for row in rows), by_default(*rows), strict(scheme, *rows)]


cases = {name: [case(*scheme) for _ in range(300)] for name, scheme in SCHEMES.items()}
lines = ",\n".join(f'"{name}": [\n' + ",\n".join(map(json.dumps, rows)) + "\n]" for name, rows in cases.items())
print(f'{{\n"seqeval": "{version("seqeval")}",\n{lines}\n}}')
