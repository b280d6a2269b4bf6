"""Yoyodyne's soft-attention LSTM on a pronunciation set: `python yoyodyne_g2p.py DATA_DIR LANGUAGE OUT_DIR [--seed 1]`.

DATA_DIR holds LANGUAGE_{train,dev,test}.tsv.gz (word<TAB>p h o n e m e s: SIGMORPHON 2020 task 1, published at
github.com/sigmorphon/2020). Trains 20 epochs on the CPU, then tests, and prints one line of JSON: {"seconds", "accuracy",
"ser"} over fit and test together.
"""

import argparse
import gzip
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import yaml


def config(folder, language, seed, epochs):
    files = {name: str(folder / f"{language}_{part}.tsv") for name, part in [("train", "train"), ("val", "dev"), ("test", "test")]}
    encoder = {
        "class_path": "yoyodyne.models.modules.LSTMEncoder",
        "init_args": {"bidirectional": True, "hidden_size": 256, "dropout": 0.2, "layers": 1, "embedding_size": 64},
    }
    return {
        "seed_everything": seed,
        "trainer": {
            "accelerator": "cpu", "max_epochs": epochs, "gradient_clip_val": 3, "logger": False,
            "enable_progress_bar": False, "enable_model_summary": False, "default_root_dir": str(folder),
        },
        "model": {
            "class_path": "yoyodyne.models.SoftAttentionLSTMModel",
            "init_args": {
                "source_encoder": encoder, "decoder_hidden_size": 256, "decoder_dropout": 0.2, "embedding_size": 64,
                "label_smoothing": 0.1, "compute_ser": True,
                "optimizer": {"class_path": "torch.optim.Adam", "init_args": {"lr": 0.01}},
            },
        },
        "data": files | {"model_dir": str(folder / f"model-{seed}"), "source_sep": "", "target_sep": " ", "batch_size": 100},
        "checkpoint": {"filename": "model-{epoch:03d}-{val_accuracy:.4f}", "mode": "max", "monitor": "val_accuracy", "verbose": False},
    }


def yoyodyne(*arguments):
    run = subprocess.run([str(Path(sys.executable).with_name("yoyodyne")), *arguments], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit((run.stdout + run.stderr)[-4000:])
    return run.stdout + run.stderr


def measured(settings, folder):
    """Fits and tests by Yoyodyne's own command, with these settings in a file of `folder`."""
    file = folder / f"yoyodyne-{settings['seed_everything']}.yaml"
    file.write_text(yaml.safe_dump(settings))
    start = time.perf_counter()
    yoyodyne("fit", "--config", str(file))
    best = max(folder.rglob("model-*.ckpt"), key=lambda path: path.stat().st_mtime)
    log = yoyodyne("test", "--config", str(file), "--ckpt_path", str(best))
    seconds = time.perf_counter() - start
    read = lambda name: float(re.search(rf"{name}\D+([\d.]+)", log).group(1))
    return {"seconds": seconds, "accuracy": read("test_accuracy"), "ser": read("test_ser")}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("language")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=20)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for part in ("train", "dev", "test"):
        name = f"{options.language}_{part}.tsv"
        (options.folder / name).write_bytes(gzip.decompress((options.data / f"{name}.gz").read_bytes()))
    print(json.dumps(measured(config(options.folder, options.language, options.seed, options.epochs), options.folder)))


if __name__ == "__main__":
    main()
