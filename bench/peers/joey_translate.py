"""Joey NMT's own `translate`, for bench/decode.ts: python joey_translate.py CONFIG (of a trained model).

Prints a line of JSON first, {"joeynmt": version, "torch": version}; then reads lines {"sources": [...], "beam": k, "batch": n}
and prints {"seconds": s, "symbols": n} for each: the processor time of the prediction within `translate`, one thread, without
loading the model, and how many symbols the outputs have.
"""

import contextlib
import importlib.metadata
import io
import json
import sys
import time
from pathlib import Path

import joeynmt.prediction as joey
import torch
from joeynmt.config import load_config

torch.set_num_threads(1)
predict = joey.predict
spent = 0.0


def timed(**given):
    global spent
    started = time.process_time()
    found = predict(**given)
    spent = time.process_time() - started
    return found


def translate(sources, beam, batch):
    config = load_config(Path(sys.argv[1]))
    config["testing"] |= {"beam_size": beam, "batch_size": batch, "batch_type": "sentence"}
    written = io.StringIO()
    sys.stdin = io.StringIO("".join(f"{source}\n" for source in sources))
    with contextlib.redirect_stdout(written):
        joey.translate(config)
    sys.stdin = sys.__stdin__
    return {"seconds": spent, "symbols": len(written.getvalue().split())}


def main():
    joey.predict = timed
    versions = {name: importlib.metadata.version(name) for name in ("joeynmt", "torch")}
    print(json.dumps(versions), flush=True)
    for line in sys.stdin:
        print(json.dumps(translate(**json.loads(line))), flush=True)


main()
