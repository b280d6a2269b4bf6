/** Reads text, prints text: what `seqlab predict` does, in Python with numpy and onnxruntime alone. */
export const predictScript = String.raw`"""Predictions of an exported seqlab model: python predict.py < sources.txt > outputs.txt

A line of standard input is a source, and a line of standard output its output. Where the model reads features, they follow
the source after a tab, written as in training. A forecast reads one window in CSV (a line a
step, a column a series, no header) and prints the horizon likewise. Tokenizers that follow Unicode's word or grapheme
boundaries are not in Python's standard library: their tokens are given separated by spaces.
Needs numpy and onnxruntime.
"""
import argparse
import json
import os
import pathlib
import re
import sys
import unicodedata

import numpy as np

# ONNX Runtime reports its use to its maker unless it is told not to.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime

PAD, BOS, EOS, UNK = 0, 1, 2, 3
# ONNX Runtime computes numbers in vectors; what is left over at the end has other last bits.
VECTOR = 16
SPECIALS = ["<pad>", "<bos>", "<eos>", "<unk>"]
SPACES = re.compile("[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")


class Function:
    """One exported function: inputs and outputs by name."""

    def __init__(self, folder, name, described):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.inputs = {port.name for port in self.session.get_inputs()}
        self.paths = [(port["name"], port["path"].replace("/", ".")) for port in described["outputs"]]

    def __call__(self, feeds):
        given = {name: value for name, value in feeds.items() if name in self.inputs}
        results = self.session.run([name for name, _ in self.paths], given)
        return {path: value for (_, path), value in zip(self.paths, results)}


class Model:
    def __init__(self, folder):
        described = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        self.spec = described["spec"]
        self.task = self.spec["task"]["type"]
        self.sizes = described["sizes"]
        self.scaling = described.get("scaling", [])
        vocabularies = described["vocabularies"]
        self.source = vocabularies.get("source")
        self.target = vocabularies.get("target", self.source)
        self.joiner = described["joiners"]["target"]
        self.ids = {symbol: at for at, symbol in enumerate(self.source["symbols"])} if self.source else {}
        if self.source and self.source["specials"]:
            for special in SPECIALS:
                self.ids.pop(special, None)
        known = vocabularies.get("features")
        self.features = {symbol: at for at, symbol in enumerate(known["symbols"]) if at > UNK} if known else None
        self.functions = {name: Function(folder, name, each) for name, each in described["functions"].items()}

    def tokens(self, line):
        options = self.spec["data"].get("sourceTokens")
        if options is None:
            return [line.strip()] if line.strip() else []
        if options.get("lowercase"):
            line = line.lower()
        if options.get("normalise", "none") != "none":
            line = unicodedata.normalize(options["normalise"], line)
        if options["type"] == "characters" and options.get("unit", "codepoint") == "codepoint":
            tokens = list(line)
        else:
            tokens = [token for token in SPACES.split(line) if token]
        return tokens[: options["maxLength"]] if "maxLength" in options else tokens

    def padded(self, rows):
        """Rows of ids -> ids [B,S] int32, mask [B,S]; whole vectors of rows, lengths that do not depend on the others."""
        longest = max(map(len, rows))
        width = -(-longest // 8) * 8
        if width > self.sizes["longestSource"]:
            width = max(longest, self.sizes["longestSource"])
        ids = np.zeros((VECTOR * -(-len(rows) // VECTOR), width), np.int32)
        mask = np.zeros(ids.shape, np.float32)
        for at, row in enumerate(rows):
            ids[at, : len(row)] = row
            mask[at, : len(row)] = 1
        return ids, mask

    def encoded(self, tokens):
        return [self.ids.get(token, UNK) for token in tokens]

    def feature_ids(self, text):
        separator = self.spec["data"]["features"]["separator"]
        symbols = [unicodedata.normalize("NFC", symbol.strip()) for symbol in text.split(separator)]
        symbols = [symbol for symbol in symbols if symbol]
        return [] if symbols == ["_"] else [self.features.get(symbol, UNK) for symbol in symbols]

    def batch(self, tokens, features):
        """A source as the functions take it: ids and mask [B,S], and those of its features where there are some."""
        ids, mask = self.padded([self.encoded(tokens)])
        if self.features is None:
            return {"ids": ids, "mask": mask}
        known = self.feature_ids(features)
        before = len(known)
        places = max(self.sizes["longestFeatures"], before)
        if self.spec["model"]["features"]["join"]["type"] == "source":
            # Features are positions before the source's symbols; padding comes after both.
            places += ids.shape[1]
            moved = np.zeros((len(ids), places), np.int32), np.zeros((len(ids), places), np.float32)
            moved[0][0, before : before + len(tokens)] = ids[0, : len(tokens)]
            moved[1][0, : before + len(tokens)] = 1
            ids, mask = moved
        feature_ids, feature_mask = np.zeros((len(ids), places), np.int32), np.zeros((len(ids), places), np.float32)
        feature_ids[0, :before] = known
        feature_mask[0, :before] = 1
        return {"ids": ids, "mask": mask, "features.ids": feature_ids, "features.mask": feature_mask}


def search(model, tokens, features, width, normalisation, count):
    """Beam search from one source; a beam of one is greedy search. Gives (score, ids), the best first."""
    feeds = model.batch(tokens, features)
    extended = copies(model, tokens, feeds["ids"].shape)
    if extended is not None:
        feeds["copies"] = extended
    started = model.functions["encode"](feeds)
    memory = {name: value for name, value in started.items() if name.startswith("memory")}
    state = {name: value for name, value in started.items() if name.startswith("state")}
    longest = 2 * model.sizes["longestTarget"] + 5
    alive, parents, done = [(0.0, [])], [0], []

    def rank(score, length):
        return score / ((5 + length) / 6) ** normalisation

    for _ in range(longest + 1):
        if not alive:
            break
        rows = VECTOR * -(-width // VECTOR)
        filled = parents + [parents[0]] * (rows - len(parents))
        previous = [(ids_of[-1] if ids_of else BOS) for _, ids_of in alive]
        previous += [PAD] * (rows - len(previous))
        stepped = model.functions["step"](
            {
                **memory,
                **state,
                "parents": np.array(filled, np.int32),
                "previous": np.array(previous, np.int32),
                "examples": np.zeros(rows, np.int32),
            }
        )
        scores = np.stack(
            [score + stepped["logProbs"][at].astype(np.float64) for at, (score, _) in enumerate(alive)]
        )
        order = np.argsort(-scores.ravel(), kind="stable")[:width]
        before, alive, parents, full = alive, [], [], set()
        for place in order:
            row, symbol = divmod(int(place), scores.shape[1])
            score = float(scores[row, symbol])
            if score == -np.inf:
                continue
            prefix = before[row]
            if symbol == EOS:
                done.append((score, prefix[1]))
            elif len(prefix[1]) >= longest:
                if row not in full:
                    done.append((prefix[0], prefix[1]))
                full.add(row)
            else:
                alive.append((score, prefix[1] + [symbol]))
                parents.append(row)
        done.sort(key=lambda one: -rank(one[0], len(one[1])))
        # Log probabilities are at most 0: nothing that goes on ranks above what it has now at the longest length.
        last = done[count - 1] if len(done) >= count else None
        if not alive or (last is not None and rank(last[0], len(last[1])) >= rank(alive[0][0], longest)):
            break
        state = {name: value for name, value in stepped.items() if name.startswith("state")}
    return done[:count]


def copies(model, tokens, shape):
    """Ids of the source's symbols in the target vocabulary; one that it lacks has V and where it comes first."""
    if "copies" not in model.functions["encode"].inputs:
        return None
    symbols = model.target["symbols"]
    ids = {symbol: at for at, symbol in enumerate(symbols) if at > UNK}
    out = np.zeros(shape, np.int32)
    out[0, : len(tokens)] = [ids.get(token, len(symbols) + tokens.index(token)) for token in tokens]
    return out


def text_of(model, ids, tokens):
    symbols = model.target["symbols"]
    return [symbols[at] if at < len(symbols) else tokens[at - len(symbols)] for at in ids]


def sequence(model, tokens, features, options):
    found = search(model, tokens, features, options.beam, options.length_normalisation, 1)
    return model.joiner.join(text_of(model, found[0][1], tokens))


def labels(model, tokens, features, function, target):
    source = model.batch(tokens, features)
    shape = source["ids"].shape if target == "labels" else source["ids"].shape[:1]
    feeds = {f"source.{name}": value for name, value in source.items()}
    feeds[f"target.{target}"] = np.zeros(shape, np.int32)
    found = model.functions[function]({**feeds, "target.mask": np.zeros(shape, np.float32)})["ids"]
    return [model.target["symbols"][at] for at in found[0, : len(tokens) if target == "labels" else 1]]


def forecast(model, lines):
    window = np.array([[float(cell) for cell in line.split(",")] for line in lines], np.float64)
    mean = np.array([series["mean"] for series in model.scaling])
    scale = np.array([series["scale"] for series in model.scaling])
    values = ((window - mean) / scale).astype(np.float32)
    batch = {"source.values": np.stack([values] * VECTOR), "source.mask": np.ones((VECTOR, len(values)), np.float32)}
    found = model.functions["forecast"](batch)["values"][0].astype(np.float64)
    return found.reshape(-1, len(model.scaling)) * scale + mean


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beam", type=int, default=1, help="beam width; 1 is greedy search")
    parser.add_argument("--length-normalisation", type=float, default=0.0)
    options = parser.parse_args()
    model = Model(pathlib.Path(__file__).resolve().parent)
    lines = [line.rstrip("\r\n") for line in sys.stdin]
    if model.task == "forecast":
        for step in forecast(model, [line for line in lines if line.strip()]):
            print(",".join(repr(float(value)) for value in step))
        return
    for number, line in enumerate(lines, 1):
        features = ""
        if model.features is not None:
            line, _, features = line.partition("\t")
        tokens = model.tokens(line)
        if not tokens:
            sys.exit(f"line {number} has no token")
        if model.task in ("transduce", "generate"):
            print(sequence(model, tokens, features, options))
        elif model.task == "tag":
            print(" ".join(labels(model, tokens, features, "tag", "labels")))
        elif model.task == "classify":
            print(labels(model, tokens, features, "classify", "label")[0])
        else:
            sys.exit(f"predict.py has no way of using a model of the task {model.task}")


main()
`
