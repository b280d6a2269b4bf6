/** Reads text, prints text: what `seqlab predict` does, in Python with numpy and onnxruntime alone. */
export const predictScript = String.raw`"""Predictions of an exported seqlab model: python predict.py < sources.txt > outputs.txt

A line of standard input is a source, and a line of standard output its output: of a language model, the line's log
probability; --prompt TEXT writes the most probable text that goes on from it. Where the model reads features, they follow
the source after a tab, written as in training; where it reads factors of tokens, these follow after a tab each, a text for
each token, separated by spaces (cat DOG<TAB>NOUN VERB). A forecast reads a CSV file with a column for
each series (by name, where there is a header), goes on from its last window, and prints the horizon without a header. Where
the model knows series ahead, the last rows have no targets: they are the horizon.
Tokenizers that follow Unicode's word or grapheme boundaries are not in Python's standard library: their tokens are given
separated by spaces.
Needs numpy and onnxruntime.
"""
import argparse
import base64
import itertools
import json
import math
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
# As many bytes are no line, and as many characters no record.
LONGEST = 4 * 1024**2
SPECIALS = ["<pad>", "<bos>", "<eos>", "<unk>"]
SPACES = re.compile("[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")
AROUND = re.compile(f"^{SPACES.pattern}|{SPACES.pattern}\\Z")


MARK, WRITTEN_MARK = "\u2581", "\udc01"
BYTES = re.compile("(?:<0x[0-9A-F]{2}>)+")
CONTRACTION = re.compile("'(?:s|t|re|ve|m|ll|d)")
GPT2 = re.compile("m?L+|m?N+|m?o+|[sm]+(?![^sm])|[sm]+")


def trimmed(text):
    """Text without the white space around it: what is white space to seqlab, which is not all that is to Python."""
    return AROUND.sub("", text)


def joined(tokens, joiner):
    """Tokens as text; pieces of words by their marks and bytes."""
    if joiner != MARK:
        return joiner.join(tokens)
    text, pending = "", b""
    for token in [*tokens, ""]:
        if BYTES.fullmatch(token):
            pending += bytes.fromhex(token.replace("<0x", "").replace(">", ""))
            continue
        text += pending.decode("utf-8", errors="replace") + token.replace(MARK, " ")
        pending = b""
    return text[1:] if tokens and tokens[0].startswith(MARK) else text


class Pieces:
    """Cuts text into pieces, by what the tokenizer has learned or what its file has."""

    def __init__(self, state):
        self.state, self.rules = state, state["text"]
        self.known = set(state["pieces"])
        self.longest = max(map(len, self.known), default=1)
        scores = zip(state["pieces"], state.get("scores", []))
        self.scores = {piece: score for piece, score in scores if not BYTES.fullmatch(piece)}
        self.least = min([0.0, *self.scores.values()]) - 10
        self.charsmap = next((Charsmap(step["charsmap"]) for step in self.rules.get("steps", []) if "charsmap" in step), None)
        self.ranks = None
        if "merges" in state:
            self.ranks = {}
            for rank, (left, right) in enumerate(state["merges"]):
                self.ranks.setdefault((state["pieces"][left], state["pieces"][right]), rank)

    def __call__(self, text):
        cut = self.merged if self.state["algorithm"] == "bpe" else self.most_probable
        if self.state.get("byteLevel"):
            return [byte_piece(piece) for word in self.words(text) for piece in cut(byte_symbols(word))]
        pieces = [piece for word in self.words(text) for found in cut(list(word)) for piece in self.settled(found)]
        if not self.state["fuseUnknown"] or self.state["byteFallback"]:
            return pieces
        out, is_open = [], False
        for piece in pieces:
            is_unknown = piece not in self.known
            if is_unknown and is_open:
                out[-1] += piece
            else:
                out.append(piece)
            is_open = is_unknown
        return out

    def settled(self, piece):
        if piece in self.known:
            return [piece]
        piece = piece.replace(WRITTEN_MARK, MARK)
        return ["<0x%02X>" % byte for byte in piece.encode("utf-8")] if self.state["byteFallback"] else [piece]

    def words(self, text):
        for step in self.rules.get("steps", []):
            if "form" in step:
                text = unicodedata.normalize(step["form"], text)
            elif "charsmap" in step:
                text = replaced(text, self.charsmap)
            else:
                # One character at a time: a sigma at the end of a word is as any other.
                text = "".join(map(str.lower, text))
        parts = SPACES.split(text) if self.rules["spaces"] == "all collapsed" else [text]
        return [word for part in parts for word in self.marked(part)]

    def marked(self, text):
        if self.rules["spaces"] == "collapsed":
            text = re.sub(" +", " ", text).strip(" ")
        if not text:
            return []
        text = text if self.rules.get("keepsMarks") else text.replace(MARK, WRITTEN_MARK)
        text = text.replace(" ", MARK)
        if self.rules["prefix"] == "always" or (self.rules["prefix"] != "never" and not text.startswith(MARK)):
            text = MARK + text
        if self.rules["words"] == "gpt-2":
            return gpt2_words(text)
        return [text] if self.rules["words"] == "none" else re.split(f"(?<!^)(?={MARK})", text)

    def rank(self, left, right):
        if self.ranks is not None:
            return self.ranks.get((left, right))
        score = self.scores.get(left + right)
        return None if score is None else -score

    def merged(self, symbols):
        while True:
            pairs = [(self.rank(*pair), at) for at, pair in enumerate(zip(symbols, symbols[1:]))]
            best = min((each for each in pairs if each[0] is not None), default=None)
            if best is None:
                return symbols
            at = best[1]
            symbols = symbols[:at] + [symbols[at] + symbols[at + 1]] + symbols[at + 2 :]

    def most_probable(self, symbols):
        best = [(0.0, 0)]
        for end in range(1, len(symbols) + 1):
            found = (-float("inf"), end - 1)
            for start in range(max(0, end - self.longest), end):
                own = self.scores.get("".join(symbols[start:end]), self.least if start == end - 1 else None)
                if own is not None and best[start][0] + own > found[0]:
                    found = (best[start][0] + own, start)
            best.append(found)
        out, end = [], len(symbols)
        while end > 0:
            out.append("".join(symbols[best[end][1] : end]))
            end = best[end][1]
        return out[::-1]


class Charsmap:
    """sentencepiece's compiled normalisation rules: a double-array trie of strings, each with what replaces it."""

    def __init__(self, encoded):
        data = base64.b64decode(encoded)
        size = int.from_bytes(data[:4], "little")
        self.units = np.frombuffer(data[4 : 4 + size], "<u4").tolist()
        self.texts = data[4 + size :]

    def longest(self, data, at):
        place, found = offset(self.units[0]), None
        for end in range(at, len(data)):
            place ^= data[end]
            if place >= len(self.units) or self.units[place] & 0x800000FF != data[end]:
                break
            unit = self.units[place]
            place ^= offset(unit)
            if unit >> 8 & 1:
                start = self.units[place] & 0x7FFFFFFF
                found = end + 1, self.texts[start : self.texts.index(0, start)]
        return found


def offset(unit):
    return unit >> 10 << ((unit & 0x200) >> 6)


def replaced(text, charsmap):
    """The longest string that has a replacement is replaced, from the left."""
    data, out, at = text.encode("utf-8"), b"", 0
    while at < len(data):
        byte = data[at]
        own = at + (1 if byte < 0xC0 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4)
        at, new = charsmap.longest(data, at) or (own, data[at:own])
        out += new
    return out.decode("utf-8")


PLAIN = [*range(33, 127), *range(161, 173), *range(174, 256)]
MOVED = [byte for byte in range(256) if byte not in PLAIN]
CHARACTERS = {**{byte: chr(byte) for byte in PLAIN}, **{byte: chr(256 + at) for at, byte in enumerate(MOVED)}}
OF_CHARACTER = {character: byte for byte, character in CHARACTERS.items()}


def byte_symbols(word):
    """A word's bytes, each as the character that GPT-2 writes it as."""
    return [CHARACTERS[byte] for byte in word.replace(MARK, " ").replace(WRITTEN_MARK, MARK).encode("utf-8")]


def byte_piece(piece):
    data = bytes(OF_CHARACTER.get(each, 63) for each in piece)
    try:
        text = data.decode("utf-8")
        if MARK not in text:
            return text.replace(" ", MARK)
    except UnicodeDecodeError:
        pass
    return "".join("<0x%02X>" % byte for byte in data)


def gpt2_words(text):
    kinds = ["m" if each == MARK else "s" if SPACES.fullmatch(each) else unicodedata.category(each)[0] for each in text]
    kinds = "".join(kind if kind in "msLN" else "o" for kind in kinds)
    words, at = [], 0
    while at < len(text):
        end = (CONTRACTION.match(text, at) or GPT2.match(kinds, at)).end()
        words.append(text[at:end])
        at = end
    return words


class Function:
    """One exported function: inputs and outputs by name."""

    def __init__(self, folder, name, described):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.inputs = {port.name: port.shape for port in self.session.get_inputs()}
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
        self.pieces = Pieces(described["learned"]["source"]) if described.get("learned", {}).get("source") else None
        self.joiner = described["joiners"]["target"]
        self.ids = {symbol: at for at, symbol in enumerate(self.source["symbols"])} if self.source else {}
        if self.source and self.source["specials"]:
            for special in SPECIALS:
                self.ids.pop(special, None)
        known = vocabularies.get("features")
        self.features = {symbol: at for at, symbol in enumerate(known["symbols"]) if at > UNK} if known else None
        known = vocabularies.get("attributes", {}).get("characters")
        self.characters = {symbol: at for at, symbol in enumerate(known["symbols"]) if at > UNK} if known else None
        self.factors = self.read_factors(vocabularies.get("attributes", {}))
        functions = {name: each for name, each in described["functions"].items() if name != "greedy-steps"}
        self.functions = {name: Function(folder, name, each) for name, each in functions.items()}
        # Of as many rows a row's numbers do not depend on those around it.
        self.rows_step = max(each.get("rowsStep", 16) for each in functions.values())

    def read_factors(self, vocabularies):
        """By name: ids of values, what separates those of a token, and how many a token has at most in training."""
        factors = {}
        for name in self.spec["model"].get("source", {}).get("factors", {}):
            ids = {symbol: at for at, symbol in enumerate(vocabularies[name]["symbols"]) if at > UNK}
            separator = self.spec["data"]["factors"][name].get("separator")
            factors[name] = ids, separator, self.sizes["longestAttributes"][name]
        return factors

    def filled(self, rows):
        """How many rows a function is given for so many."""
        return self.rows_step * -(-rows // self.rows_step)

    def tokens(self, line):
        options = self.spec["data"].get("sourceTokens")
        if options is None:
            return [trimmed(line)] if trimmed(line) else []
        if options.get("lowercase"):
            line = line.lower()
        if options.get("normalise", "none") != "none":
            line = unicodedata.normalize(options["normalise"], line)
        if self.pieces is not None:
            tokens = self.pieces(line) if trimmed(line) else []
        elif options["type"] == "characters" and options.get("unit", "codepoint") == "codepoint":
            tokens = list(line)
        else:
            tokens = [token for token in SPACES.split(line) if token]
        return tokens[: options["maxLength"]] if "maxLength" in options else tokens

    def padded(self, rows):
        """Rows of ids -> ids [B,S] int32, mask [B,S]; neither rows nor lengths depend on the others."""
        longest = max(map(len, rows))
        width = -(-longest // 8) * 8
        if width > self.sizes["longestSource"]:
            width = max(longest, self.sizes["longestSource"])
        ids = np.zeros((self.filled(len(rows)), width), np.int32)
        mask = np.zeros(ids.shape, np.float32)
        for at, row in enumerate(rows):
            ids[at, : len(row)] = row
            mask[at, : len(row)] = 1
        return ids, mask

    def encoded(self, tokens):
        return [self.ids.get(token, UNK) for token in tokens]

    def feature_ids(self, text):
        separator = self.spec["data"]["features"]["separator"]
        symbols = [unicodedata.normalize("NFC", trimmed(symbol)) for symbol in text.split(separator)]
        symbols = [symbol for symbol in symbols if symbol]
        return [] if symbols == ["_"] else [self.features.get(symbol, UNK) for symbol in symbols]

    def batch(self, tokens, besides):
        """A source as the functions take it: ids and mask [B,S], and those of what it has besides, where that is read."""
        ids, mask = self.padded([self.encoded(tokens)])
        features, *factors = besides if self.features is not None else ("", *besides)
        inside = {**self.inside(tokens, ids.shape), **self.factors_of(factors, len(tokens), ids.shape)}
        if self.features is None:
            return {"ids": ids, "mask": mask, **inside}
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
        return {"ids": ids, "mask": mask, "features.ids": feature_ids, "features.mask": feature_mask, **inside}

    def inside(self, tokens, shape):
        """The characters of each token and their mask, [B,S,C], where the model reads them."""
        if self.characters is None:
            return {}
        most = self.spec["data"]["characters"]["maxLength"]
        words = [list(token)[:most] for token in tokens]
        shape = (*shape, max(self.sizes["longestAttributes"]["characters"], *map(len, words)))
        ids, mask = np.zeros(shape, np.int32), np.zeros(shape, np.float32)
        for at, word in enumerate(words):
            ids[0, at, : len(word)] = [self.characters.get(symbol, UNK) for symbol in word]
            mask[0, at, : len(word)] = 1
        return {"characters.ids": ids, "characters.mask": mask}


    def factors_of(self, texts, count, shape):
        """The values of each token's factors and their masks: [B,S,K], or [B,S,1] of those with one value."""
        read = {}
        for (name, (ids, separator, _)), text in zip(self.factors.items(), texts):
            cells = [unicodedata.normalize("NFC", cell) for cell in SPACES.split(text) if cell][:count]
            if len(cells) < count:
                sys.exit(f"each token needs one {name}: received {len(cells)} for {count} tokens")
            values = [[cell] if separator is None else [trimmed(part) for part in cell.split(separator)] for cell in cells]
            values = [[value for value in each if value] for each in values]
            if separator is not None:
                values = [[] if each == ["_"] else each for each in values]
            read[name] = [[ids.get(value, UNK) for value in each] for each in values]
        several = [name for name, (_, separator, _) in self.factors.items() if separator is not None]
        longest = [self.factors[name][2] for name in several] + [len(each) for name in several for each in read[name]]
        batch = {}
        for name, rows in read.items():
            size = (*shape, max([1, *longest]) if name in several else 1)
            found, mask = np.zeros(size, np.int32), np.zeros(size, np.float32)
            for at, row in enumerate(rows):
                found[0, at, : len(row)] = row
                mask[0, at, : len(row)] = 1
            batch[f"factors.{name}.ids"], batch[f"factors.{name}.mask"] = found, mask
        return batch


def search(model, tokens, besides, width, normalisation, count):
    """Beam search from one source; a beam of one is greedy search. Gives (score, ids), the best first."""
    feeds = model.batch(tokens, besides)
    extended = copies(model, tokens, feeds["ids"].shape)
    if extended is not None:
        feeds["copies"] = extended
    return search_from(model, feeds, BOS, width, normalisation, count)


def search_from(model, feeds, first, width, normalisation, count):
    """Beam search after what the encoder is fed with; its first step reads the symbol "first"."""
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
        rows = model.filled(len(alive))
        filled = parents + [parents[0]] * (rows - len(parents))
        previous = [(ids_of[-1] if ids_of else first) for _, ids_of in alive]
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


def one_line(text):
    """A symbol may be any text: line ends would break the rule of one line a source."""
    return re.sub("[\r\n]+", " ", text)


def text_of(model, ids, tokens):
    symbols = model.target["symbols"]
    return [symbols[at] if at < len(symbols) else tokens[at - len(symbols)] for at in ids]


def sequence(model, tokens, besides, options):
    found = search(model, tokens, besides, options.beam, options.length_normalisation, 1)
    return joined(text_of(model, found[0][1], tokens), model.joiner)


def labels(model, tokens, besides, function, target):
    source = model.batch(tokens, besides)
    if any(path == "emissions" for _, path in model.functions[function].paths):
        found = model.functions[function]({f"source.{name}": value for name, value in source.items()})
        return [model.target["symbols"][at] for at in best_path(found, len(tokens))]
    shape = source["ids"].shape if target == "labels" else source["ids"].shape[:1]
    feeds = {f"source.{name}": value for name, value in source.items()}
    feeds[f"target.{target}"] = np.zeros(shape, np.int32)
    found = model.functions[function]({**feeds, "target.mask": np.zeros(shape, np.float32)})["ids"]
    return [model.target["symbols"][at] for at in found[0, : len(tokens) if target == "labels" else 1]]


def best_path(found, steps):
    """The labels of the highest potential among those allowed, by Viterbi; without what is allowed where that leaves none."""
    potentials = {name: found[name].astype(np.float64) for name in ("emissions", "transitions", "start", "end")}
    barred = {name: np.where(found[f"allowed.{name}"] == 0, -np.inf, 0) for name in potentials if f"allowed.{name}" in found}
    ids, best = viterbi(steps, **{name: value + barred.get(name, 0) for name, value in potentials.items()})
    return ids if best > -np.inf else viterbi(steps, **potentials)[0]


def viterbi(steps, emissions, transitions, start, end):
    best, before = start + emissions[0, 0], []
    for step in range(1, steps):
        arriving = best[:, None] + transitions + emissions[0, step]
        before.append(arriving.argmax(0))
        best = arriving.max(0)
    ids = [int((best + end).argmax())]
    for place in reversed(before):
        ids.append(int(place[ids[-1]]))
    return ids[::-1], (best + end).max()


def text_score(model, tokens):
    """The log probability of a text and its end."""
    ids = model.encoded(tokens) + [EOS]
    function, chunk = model.functions["next-symbol"], model.spec["task"].get("chunk")
    before = {name: np.zeros(shape, np.float32) for name, shape in function.inputs.items() if name.startswith("before.")}
    if chunk is None:
        padded, _ = model.padded([ids[:-1]])
        found = function(text_batch(ids, [BOS] + ids[:-1], (len(padded), padded.shape[1] + 1), 0))
        return sum(-float(nats) for nats in found["nats"][0, : len(ids)])
    score = 0.0
    for start in range(0, len(ids), chunk):
        labels, inputs = ids[start : start + chunk], ([BOS] + ids)[start : start + chunk]
        batch = text_batch(labels, inputs[: len(labels)], (1, chunk), min(start, 1))
        found = function({**{f"batch.{name}": value for name, value in batch.items()}, **before})
        before = {f"before.{name[6:]}": value for name, value in found.items() if name.startswith("after.")}
        for nats in found["found.nats"][0, : len(labels)]:
            score -= float(nats)
    return score


def text_batch(labels, inputs, shape, continues):
    """A row of symbols and what follows each of them."""
    batch = {name: np.zeros(shape, np.int32) for name in ("source.ids", "target.labels")}
    mask = np.zeros(shape, np.float32)
    batch["source.ids"][0, : len(inputs)] = inputs
    batch["target.labels"][0, : len(labels)] = labels
    mask[0, : len(labels)] = 1
    return {**batch, "source.mask": mask, "target.mask": mask, "continues": np.array(continues, np.float32)}


def written(model, prompt, options):
    """The most probable text that goes on from a prompt: its last symbol is what the first step reads."""
    if "step" not in model.functions:
        sys.exit("the model has weights of its own for each time step: it cannot go on from a text")
    tokens = model.tokens(prompt)
    ids = model.encoded(tokens)
    read, mask = model.padded([ids or [PAD]])
    read[:], mask[:] = 0, 0
    read[0, : len(ids)], mask[0, : len(ids)] = ([BOS] + ids)[: len(ids)], 1
    first = ids[-1] if ids else BOS
    found = search_from(model, {"ids": read, "mask": mask}, first, options.beam, options.length_normalisation, 1)
    return joined(tokens + [model.source["symbols"][at] for at in found[0][1]], model.joiner)


MISSING = ["", "na", "n/a", "#n/a", "<na>", "nan", "null", "nil", "none", "missing", "-", "--", "?", ".", "*", ".."]
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def number(cell, line, source):
    """A cell's number, as the series' files write it: decimal commas, separators of thousands."""
    decimal, thousands = source.get("decimal", "."), source.get("thousands")
    text = cell
    if thousands is not None:
        whole, *decimals = text.split(decimal)
        first, *groups = whole.split(thousands)
        if re.fullmatch("[+-]?[0-9]{1,3}", first) and all(re.fullmatch("[0-9]{3}", group) for group in groups):
            text = decimal.join([first + "".join(groups), *decimals])
    value = None if decimal == "," and "." in text else plain_number(text.replace(decimal, "."))
    if value is None:
        sys.exit(f"line {line}: {cell[:80]!r} is no finite number")
    return value


def plain_number(text):
    """The value of a decimal number such as -2.5e3; None of anything else, be it one to Python (1_000)."""
    value = float(text) if NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) else None


class Table:
    """A CSV file's steps: each has the numbers of all series, targets first, then inputs, then what is known ahead."""

    def __init__(self, model):
        self.source = model.spec["data"]["source"]
        self.names = [series["name"] for series in model.scaling]
        roles = [series.get("role") for series in model.scaling]
        self.targets, self.known = roles.count(None), roles.count("known-ahead")
        self.missing = {trimmed(mark).lower() for mark in self.source.get("missing", MISSING)}
        self.places, self.columns = None, 0

    def has_names(self, cells):
        """Finds the columns; whether this record names them."""
        self.columns, header = len(cells), self.source.get("header", True)
        numbers = [str(at + 1) for at in range(len(cells))]
        known = cells if header else numbers
        if "values" in self.source:
            step = self.source["values"][0]
            width = len(step) if isinstance(step, list) else 1
            are_numbers = all(plain_number(cell) is not None for cell in cells)
            if len(cells) == width and (width == 1 or are_numbers):
                known, header = [f"series {at}" for at in numbers], header and not are_numbers
        self.places = [self.place(at, name, known) for at, name in enumerate(self.names)]
        twin = next((place for at, place in enumerate(self.places) if place in self.places[:at]), None)
        if twin is not None:
            sys.exit(f"the column {known[twin]!r} is chosen twice")
        return header

    def place(self, at, name, known):
        for lists in ("targets" if "targets" in self.source else "columns", "inputs", "knownAhead"):
            written = self.source.get(lists, self.names[: self.targets] if lists == "columns" else [])
            if at < len(written):
                if isinstance(written[at], int):
                    if written[at] > len(known):
                        sys.exit(f"there is no column {written[at]}: the file has {len(known)}")
                    return written[at] - 1
                break
            at -= len(written)
        names = [unicodedata.normalize("NFC", each) for each in known]
        name = unicodedata.normalize("NFC", name)
        if name not in names:
            sys.exit(f"there is no column {name!r}")
        if names.count(name) > 1:
            sys.exit(f"two columns are called {name!r}")
        return names.index(name)

    def is_ahead(self, cells):
        return self.known > 0 and all(cells[place].lower() in self.missing for place in self.places[: self.targets])

    def step(self, at, cells, before, first=0):
        """Numbers of the series from the first on; a missing one is that of the step before, where these are carried."""
        row = []
        carries = self.source.get("missingValues") == "carry"
        if not cells and not carries:
            sys.exit(f"line {at} is blank, and every line of a series is a step: fill the gap, or delete the line")
        for series, place in list(enumerate(self.places))[first:]:
            missing = not cells or cells[place].lower() in self.missing
            if missing and not carries:
                sys.exit(f"line {at}: {cells[place][:80]!r} stands for a missing value: fill the gap")
            if missing:
                if before is None:
                    sys.exit(f"line {at}: the value is missing, and there is none before it")
                row.append(before[series])
            else:
                row.append(number(cells[place], at, self.source))
        return [0.0] * first + row


def records_of(lines, separator):
    """The records of a CSV file, each with the line that it begins on: a cell in double quotes may hold line ends."""
    first, text, reading = 0, "", "nothing"
    for at, line in enumerate(lines, 1):
        first, text = (first, text + "\n" + line) if reading == "quoted" else (at, line)
        if len(text) > LONGEST:
            sys.exit(f"line {first}: the record is too long: is a double quote not closed?")
        if reading == "quoted" and '"' not in line:
            continue
        cells, reading = cells_of(text, separator)
        if reading == "wrong":
            sys.exit(f"line {first}: the double quotes do not match")
        if reading != "quoted":
            yield first, cells
    if reading == "quoted":
        sys.exit(f"line {first}: a double quote is not closed")


def cells_of(text, separator):
    """The cells of a CSV record, and whether a quote is open at its end, or its quotes do not match."""
    cells, reading, at = [""], "nothing", 0
    while at < len(text):
        character, at = text[at], at + 1
        if reading == "quoted":
            if character != '"' or text[at : at + 1] == '"':
                cells[-1] += character
                at += character == '"'
            else:
                reading = "closed"
                if at < len(text) and text[at] != separator and not SPACES.match(text[at]):
                    return cells, "wrong"
        elif character == separator:
            cells.append("")
            reading = "nothing"
        elif reading == "plain":
            cells[-1] += character
        elif not SPACES.match(character):
            if reading == "closed":
                return cells, "wrong"
            reading = "quoted" if character == '"' else "plain"
            cells[-1] += "" if character == '"' else character
    return [trimmed(cell) for cell in cells], reading


def window_of(model, lines):
    """The last window of a CSV file, a row a step and a column a series; and what is known of the steps after it."""
    table, window, waiting = Table(model), [], []
    longest, horizon = model.sizes["longestSource"], model.sizes["longestTarget"]
    for at, cells in records_of(lines, table.source.get("separator", ",")):
        if cells == [""]:
            # Before the first step a blank line is nothing; before another one it is a step whose values are all missing.
            if window or waiting:
                waiting.append((at, []))
            continue
        if table.places is None and table.has_names(cells):
            continue
        if len(cells) != table.columns:
            sys.exit(f"line {at} has {len(cells)} columns, expected {table.columns}")
        waiting.append((at, cells))
        if not table.is_ahead(cells):
            for each in waiting:
                window = (window + [table.step(*each, window[-1] if window else None)])[-longest:]
            waiting = []
    if len(window) < longest:
        sys.exit(f"the model forecasts from {longest} steps: received {len(window)}")
    ahead = []
    for each in [step for step in waiting if step[1]][:horizon]:
        ahead.append(table.step(*each, ahead[-1] if ahead else window[-1], len(table.names) - table.known))
    if table.known > 0 and len(ahead) < horizon:
        sys.exit(f"the file ends in {len(ahead)} steps without targets, expected {horizon}: of these some series are known")
    return np.array(window, np.float64), np.array(ahead, np.float64)


def forecast(model, lines):
    window, ahead = window_of(model, lines)
    mean = np.array([series["mean"] for series in model.scaling])
    scale = np.array([series["scale"] for series in model.scaling])
    targets = [series.get("role") for series in model.scaling].count(None)
    known = [series.get("role") for series in model.scaling].count("known-ahead")
    values = ((window - mean) / scale).astype(np.float32)
    rows = model.filled(1)
    batch = {"source.values": np.stack([values] * rows), "source.mask": np.ones((rows, len(values)), np.float32)}
    if known > 0:
        future = ((ahead - mean) / scale)[:, -known:].astype(np.float32).reshape(-1)
        batch["ahead"] = np.stack([future] * rows)
    found = model.functions["forecast"](batch)["values"][0].astype(np.float64)
    return found.reshape(-1, targets) * scale[:targets] + mean[:targets]


def lines_of(stream):
    """Lines without their ends: LF or CRLF, or CR alone where there is no LF."""
    for at, line in enumerate(bytes_of_lines(stream), 1):
        try:
            yield line.decode("utf-8-sig" if at == 1 else "utf-8")
        except UnicodeDecodeError:
            sys.exit(f"line {at} is not valid UTF-8")


def bytes_of_lines(stream):
    begin = stream.readline(LONGEST)
    if b"\n" in begin or b"\r" not in begin:
        begin += b"" if begin.endswith(b"\n") else stream.readline()
        for line in itertools.chain([begin] if begin else [], stream):
            yield re.sub(b"\r?\n\\Z", b"", line)
        return
    # More than a line may be long has come without an LF: no more is kept to look for one.
    count = 0
    while begin:
        mixed = begin.find(b"\n")
        *lines, rest = (begin if mixed < 0 else begin[:mixed]).split(b"\r")
        yield from lines
        count += len(lines)
        if mixed >= 0:
            sys.exit(f"line {count + 1} ends in LF, and those before it in CR alone: give every line the same end")
        more = stream.read(LONGEST)
        if not more and rest:
            yield rest
        begin = rest + more if more else b""


def refusal(model, steps):
    """Why the model does not take a source of so many tokens; None where it does."""
    if steps <= model.sizes["longestSource"]:
        return None
    if model.task == "generate":
        return f"the task generate takes one symbol as its source, and this one has {steps}"
    described = model.spec["model"]
    scorer = described.get("context", {}).get("scorer", {})
    if scorer.get("type") == "location" and steps > scorer["maxLength"]:
        return f"the location scorer has maxLength {scorer['maxLength']}, and this source has {steps} steps"
    unroll = described.get("encoder", {}).get("unroll", {})
    read = model.spec["task"].get("chunk", steps + 1) if model.task == "language-model" else steps
    if unroll.get("type") == "untied" and read > unroll["length"]:
        return f"the model has weights for {unroll['length']} steps, and this source has {read}"
    return None


def output_of(model, tokens, besides, options):
    if model.task in ("transduce", "generate"):
        return sequence(model, tokens, besides, options)
    if model.task == "tag":
        return " ".join(labels(model, tokens, besides, "tag", "labels"))
    if model.task == "classify":
        return labels(model, tokens, besides, "classify", "label")[0]
    return repr(text_score(model, tokens))


def predict(model, options):
    lines = lines_of(sys.stdin.buffer)
    beam, normalised = options.beam, options.length_normalisation
    if options.prompt is None and model.task not in ("transduce", "generate") and (beam is not None or normalised is not None):
        flag = "--beam" if beam is not None else "--length-normalisation"
        sys.exit(f"{flag}: the task {model.task} does not search for its outputs")
    options.beam, options.length_normalisation = 1 if beam is None else beam, normalised or 0.0
    if options.prompt is not None:
        if model.task != "language-model":
            sys.exit(f"--prompt: a model of the task {model.task} writes no text of its own")
        print(one_line(written(model, options.prompt, options)))
    elif model.task == "forecast":
        for step in forecast(model, lines):
            print(",".join(repr(float(value)) for value in step))
    else:
        at = 0
        for at, line in enumerate(lines, 1):
            needed = (model.features is not None) + len(model.factors)
            line, *besides = line.split("\t", needed)
            if len(besides) < needed:
                names = ["features"] * (model.features is not None) + list(model.factors)
                texts = "1 text" if needed == 1 else f"{needed} texts"
                sys.exit(f"line {at}: expected {texts} after the source, each after a tab ({', '.join(names)}), received {len(besides)}")
            tokens = model.tokens(line)
            if not tokens:
                sys.exit(f"line {at} has no token")
            refused = refusal(model, len(tokens))
            if refused:
                sys.exit(f"line {at}: {refused}")
            print(one_line(output_of(model, tokens, besides, options)), flush=True)
        if at == 0:
            sys.exit("standard input has no line: give one source a line")


def beam_width(text):
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        sys.exit(f"--beam: expected a whole number above 0, received {text!r}")
    return int(text)


def normalisation(text):
    value = plain_number(text)
    if value is None or value < 0:
        sys.exit(f"--length-normalisation: expected a number, 0 or more, received {text!r}")
    return value


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beam", type=beam_width, help="beam width; 1 is greedy search")
    parser.add_argument("--length-normalisation", type=normalisation, help="rank by score over ((5 + length) / 6)^this; 0 by default")
    parser.add_argument("--prompt", help="of a language model: what the text begins with")
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        predict(Model(pathlib.Path(__file__).resolve().parent), options)
    except BrokenPipeError:
        # Its reader has gone: nothing more can be printed, at the interpreter's end neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


main()
`
