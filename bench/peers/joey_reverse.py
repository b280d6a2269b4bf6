"""Joey NMT's reverse task, start to finish: `python joey_reverse.py OUT_DIR [--seed 42] [--steps 5000]`.

Writes OUT_DIR/{train,dev,test}.{src,trg} (made up here: 50,000 training pairs of 1 to 25 numbers below 50; dev and test
1,000 each, up to 30), trains Joey's recurrent recipe of configs/rnn_reverse.yaml for one epoch on the CPU, and prints one
line of JSON: {"seconds", "dev", "test"} with BLEU as Joey reports it. `--data-only` stops after the data.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import yaml


def write_data(folder):
    random = np.random.default_rng(42)
    for name, size, longest in [("train", 50_000, 25), ("dev", 1_000, 30), ("test", 1_000, 30)]:
        rows = [random.integers(0, 50, random.integers(1, longest + 1)) for _ in range(size)]
        join = lambda row: " ".join(map(str, row)) + "\n"
        (folder / f"{name}.src").write_text("".join(join(row) for row in rows))
        (folder / f"{name}.trg").write_text("".join(join(row[::-1]) for row in rows))


def side(language):
    return {"lang": language, "max_length": 25, "level": "word", "voc_limit": 100, "voc_min_freq": 0}


def config(folder, seed, steps):
    rnn = {"type": "recurrent", "rnn_type": "lstm", "hidden_size": 64, "dropout": 0.1, "num_layers": 1, "activation": "tanh"}
    embeddings = {"embeddings": {"embedding_dim": 16, "scale": False}}
    luong = {"hidden_dropout": 0.1, "input_feeding": True, "init_hidden": "zero", "attention": "luong"}
    files = {name: str(folder / name) for name in ("train", "dev", "test")}
    specials = {"unk": 0, "pad": 1, "bos": 2, "eos": 3}
    tokens = {"unk": "<unk>", "pad": "<pad>", "bos": "<s>", "eos": "</s>"}
    special_symbols = {f"{name}_token": tokens[name] for name in tokens} | {f"{name}_id": specials[name] for name in specials}
    return {
        "name": "reverse",
        "joeynmt_version": "2.3.0",
        "model_dir": str(folder / f"model-{seed}"),
        "use_cuda": False,
        "fp16": True,
        "random_seed": seed,
        "data": files | {"dataset_type": "plain", "src": side("src"), "trg": side("trg"), "special_symbols": special_symbols},
        "testing": {
            "n_best": 1, "beam_size": 1, "beam_alpha": 1.0, "eval_metrics": ["bleu"], "max_output_length": 30,
            "batch_size": 10, "batch_type": "sentence", "return_prob": "none", "sacrebleu_cfg": {"tokenize": "13a"},
        },
        "training": {
            "optimizer": "adamw", "learning_rate": 0.001, "learning_rate_min": 0.0002, "weight_decay": 0.0,
            "clip_grad_norm": 1.0, "batch_size": 10, "batch_type": "sentence", "scheduling": "plateau", "patience": 5,
            "decrease_factor": 0.5, "early_stopping_metric": "bleu", "epochs": 1,
            "validation_freq": min(1000, steps), **({"updates": steps} if steps < 5000 else {}),
            "logging_freq": 100, "overwrite": True, "shuffle": True, "print_valid_sents": [0], "keep_best_ckpts": 2,
        },
        "model": {
            "initializer": "xavier_uniform", "embed_initializer": "normal", "embed_init_weight": 0.1,
            "bias_initializer": "zeros", "init_rnn_orthogonal": False, "lstm_forget_gate": 0.0,
            "encoder": rnn | embeddings | {"bidirectional": True},
            "decoder": rnn | embeddings | luong,
        },
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--data-only", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    write_data(options.folder)
    if options.data_only:
        return
    file = options.folder / f"joey-{options.seed}.yaml"
    file.write_text(yaml.safe_dump(config(options.folder, options.seed, options.steps)))
    start = time.perf_counter()
    run = subprocess.run([sys.executable, "-m", "joeynmt", "train", str(file)], capture_output=True, text=True)
    seconds = time.perf_counter() - start
    log = run.stdout + run.stderr
    if run.returncode != 0:
        sys.exit(log[-4000:])
    scores = [float(score) for score in re.findall(r"bleu:\s+([\d.]+)", log)]
    print(json.dumps({"seconds": seconds, "dev": max(scores[:-1]), "test": scores[-1], "scores": scores}))


if __name__ == "__main__":
    main()
