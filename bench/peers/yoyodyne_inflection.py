"""Yoyodyne's pointer-generator LSTM on Turkish inflection: `python yoyodyne_inflection.py DATA_DIR OUT_DIR [--seed 1]`.

DATA_DIR holds {train,dev,test}.tsv, lemma<TAB>form<TAB>features: CoNLL-SIGMORPHON 2017, task 1, Turkish, medium, as in Yoyodyne's
tests/testdata/data/tur_inflection. Its pointer_generator_lstm_separate_features.yaml with 128 in place of 512 and 256 a
direction: 30 epochs on the CPU with a validation after every 5, then tests. Prints one line of JSON: {"seconds", "accuracy",
"ser"} over fit and test together.
"""

import argparse
import json
from pathlib import Path

from yoyodyne_g2p import measured


def config(data, folder, seed, epochs):
    files = {name: str(data / f"{part}.tsv") for name, part in [("train", "train"), ("val", "dev"), ("test", "test")]}
    encoder = {
        "class_path": "yoyodyne.models.modules.LSTMEncoder",
        "init_args": {"dropout": 0.2, "embedding_size": 64, "hidden_size": 128},
    }
    return {
        "seed_everything": seed,
        "trainer": {
            "accelerator": "cpu", "max_epochs": epochs, "check_val_every_n_epoch": min(5, epochs), "gradient_clip_val": 3, "logger": False,
            "enable_progress_bar": False, "enable_model_summary": False, "default_root_dir": str(folder),
        },
        "model": {
            "class_path": "yoyodyne.models.PointerGeneratorLSTMModel",
            "init_args": {
                "source_encoder": encoder, "features_encoder": encoder, "decoder_hidden_size": 128, "decoder_dropout": 0.2,
                "embedding_size": 64, "label_smoothing": 0.0, "compute_ser": True,
                "optimizer": {"class_path": "torch.optim.Adam", "init_args": {"lr": 0.01}},
            },
        },
        "data": files | {
            "model_dir": str(folder / f"model-{seed}"), "features_col": 3, "batch_size": 100,
            "max_source_length": 64, "max_features_length": 32, "max_target_length": 64,
        },
        "checkpoint": {"filename": "model-{epoch:03d}-{val_accuracy:.4f}", "mode": "max", "monitor": "val_accuracy", "verbose": False},
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=30)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    settings = config(options.data, options.folder, options.seed, options.epochs)
    print(json.dumps(measured(settings, options.folder)))


if __name__ == "__main__":
    main()
