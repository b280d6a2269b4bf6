"""What every step peer shares: the protocol, and one made-up batch a case.

A peer reads JSON lines on stdin and answers each with one JSON line on stdout:
  {"op": "prepare", "case": {...}}  ->  {"ready": true, "prepareMs": ms}
  {"op": "run", "steps": n}         ->  {"msPerStep": ms, "cpuMsPerStep": ms of the process on all cores}
  {"op": "quit"}
A case: {"name", "cell": "gru" | "lstm" | "min-gru", "bidirectional": bool, "attention": bool,
         "size": {"V", "E", "H", "B", "S", "T"}}, perhaps with a "head" (for peers that have it):
         {"type": "hard-monotonic-attention", "order": 1, "window": moves ahead at most}, {"type": "pointer-generator"}, or
         {"type": "crf"}: then a tagger, which has no decoder, and TAGS tags.
One step is: forward, backward, clip to global norm 1, Adam (rate 1e-3), of the mean cross-entropy under teacher forcing.
"""

import argparse
import json
import sys
import time

import numpy as np


def batch(size, seed=1):
    """ids in [4, V): [B, S] source, [B, T] decoder input and output, as int64."""
    random = np.random.default_rng(seed)
    draw = lambda steps: random.integers(4, size["V"], (size["B"], steps))
    return draw(size["S"]), draw(size["T"]), draw(size["T"])


TAGS = 24


def copies(size):
    """Each source symbol as a target symbol, [B, S]: its own id, every fourth one not in the target vocabulary."""
    source = batch(size)[0]
    steps = np.arange(size["S"])
    return np.where(source % 4 == 0, size["V"] + steps, source)


def serve(prepare):
    """`prepare(case, threads)` returns a function that makes n steps and waits for the last."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    threads = parser.parse_args().threads
    run = None
    for line in sys.stdin:
        message = json.loads(line)
        start, cpu = time.perf_counter(), time.process_time()
        if message["op"] == "quit":
            return
        if message["op"] == "prepare":
            run = prepare(message["case"], threads)
            run(2)
            answer = {"ready": True, "prepareMs": 1e3 * (time.perf_counter() - start)}
        else:
            run(message["steps"])
            wall, busy = time.perf_counter() - start, time.process_time() - cpu
            answer = {"msPerStep": 1e3 * wall / message["steps"], "cpuMsPerStep": 1e3 * busy / message["steps"]}
        print(json.dumps(answer), flush=True)
