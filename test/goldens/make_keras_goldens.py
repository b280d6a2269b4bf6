"""Attention by Keras: Luong's (Attention) and Bahdanau's (AdditiveAttention), masked, written to keras-attention.json.

    python3 -m venv venv && venv/bin/pip install keras tensorflow-cpu
    venv/bin/python test/goldens/make_keras_goldens.py
"""

import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow

random = np.random.default_rng(7)
B, T, S, D = 2, 3, 4, 5
query = random.normal(size=(B, T, D)).astype("float32")
value = random.normal(size=(B, S, D)).astype("float32")
mask = np.array([[True, True, True, True], [True, True, False, False]])
scale = random.normal(size=(D,)).astype("float32")


def attend(layer, weights):
    layer.build([query.shape, value.shape])
    layer.set_weights(weights)
    context, alignment = layer([query, value], mask=[None, mask], return_attention_scores=True)
    return {"context": np.asarray(context).tolist(), "alignment": np.asarray(alignment).tolist()}


goldens = {
    "generator": "test/goldens/make_keras_goldens.py",
    "versions": {"keras": keras.__version__, "tensorflow": tensorflow.__version__, "numpy": np.__version__},
    "query": query.tolist(),
    "value": value.tolist(),
    "mask": mask.astype(int).tolist(),
    "scale": scale.tolist(),
    "layers": {
        "Attention": attend(keras.layers.Attention(), []),
        "Attention scaled by 0.5": attend(keras.layers.Attention(use_scale=True), [np.float32(0.5)]),
        "AdditiveAttention": attend(keras.layers.AdditiveAttention(), [scale]),
    },
}
target = Path(__file__).with_name("keras-attention.json")
target.write_text(json.dumps(goldens, separators=(",", ":")) + "\n")
