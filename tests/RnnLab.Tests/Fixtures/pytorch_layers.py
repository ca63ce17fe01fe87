"""PyTorch's recurrent layers as the reference of RnnLab's: files with a layer's weights, inputs, results and gradients.

    pytorch_layers.py make FOLDER [--dtype float64] [--seed 1] [--sizes T,B,I,H,P] [CASE ...]
    pytorch_layers.py run FOLDER                     for every FOLDER/NAME.weights.safetensors and NAME.inputs.safetensors: NAME.outputs.safetensors
    pytorch_layers.py score WEIGHTS TOKENS OUTPUT    a language model's weights, its ids and targets; writes the cross-entropy in nats

The files of this folder are those of `make . rnn_tanh gru lstm lstm_projected lstm_bidirectional gru_bidirectional lstm_packed`.

A file of `make` has the layer's parameters and, with the prefix "grad.", the gradients of L = sum(r_y * y) + sum(r_h * h_T) + sum(r_c * c_T), both under
PyTorch's names after "rnn."; the input x, the states h0 and c0 before, y, h_T and c_T after, the loss's weights r_y, r_h and r_c, and the gradients
"grad.x", "grad.h0", "grad.c0". Packed sequences have their lengths in "lengths", unsorted; x and y are padded with zeros. The metadata are the
arguments of the module.
"""
import argparse
import glob
import os
import sys

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "..", "src", "RnnLab", "Interchange")]
from pytorch_weights import load, read, save  # noqa: E402

CASES = {
    "rnn_tanh": dict(module="RNN", num_layers=2),
    "rnn_relu": dict(module="RNN", num_layers=2, nonlinearity="relu"),
    "rnn_bidirectional": dict(module="RNN", num_layers=2, bidirectional=True),
    "rnn_no_bias": dict(module="RNN", num_layers=1, bias=False),
    "gru": dict(module="GRU", num_layers=2),
    "gru_no_bias": dict(module="GRU", num_layers=2, bias=False),
    "gru_bidirectional": dict(module="GRU", num_layers=2, bidirectional=True),
    "lstm": dict(module="LSTM", num_layers=2),
    "lstm_no_bias": dict(module="LSTM", num_layers=3, bias=False),
    "lstm_projected": dict(module="LSTM", num_layers=2, proj_size=None),
    "lstm_projected_no_bias": dict(module="LSTM", num_layers=1, proj_size=None, bias=False),
    "lstm_bidirectional": dict(module="LSTM", num_layers=2, bidirectional=True),
    "lstm_projected_bidirectional": dict(module="LSTM", num_layers=2, proj_size=None, bidirectional=True),
    "lstm_packed": dict(module="LSTM", num_layers=2, bidirectional=True, packed=True),
}


def new_module(settings, dtype):
    """The module that metadata describe."""
    more = {key: settings[key] for key in ("nonlinearity",) if key in settings}
    if int(settings.get("proj_size", 0)) > 0:
        more["proj_size"] = int(settings["proj_size"])
    flags = {key: str(settings[key]) == "True" for key in ("bias", "bidirectional") if key in settings}
    sizes = [int(settings[key]) for key in ("input_size", "hidden_size", "num_layers")]
    return getattr(nn, settings["module"])(*sizes, **flags, **more).to(dtype)


def forward(module, x, h0, c0=None, lengths=None):
    """y, h_T and, of an LSTM, c_T."""
    inputs = x if lengths is None else pack_padded_sequence(x, lengths, enforce_sorted=False)
    y, states = module(inputs, h0 if c0 is None else (h0, c0))
    if lengths is not None:
        y, _ = pad_packed_sequence(y, total_length=x.shape[0])
    h, c = (states, None) if c0 is None else states
    return {"y": y, "h_T": h, **({} if c is None else {"c_T": c})}


def make(path, settings, dtype, seed, sizes):
    T, B, I, H, P = sizes
    torch.manual_seed(seed)
    settings = dict(settings, input_size=I, hidden_size=H)
    if "proj_size" in settings:
        settings["proj_size"] = P
    packed = settings.pop("packed", False)
    module = new_module(settings, dtype)
    S = settings["num_layers"] * (2 if settings.get("bidirectional") else 1)
    inputs = {"x": torch.randn(T, B, I, dtype=dtype), "h0": torch.randn(S, B, settings.get("proj_size", H), dtype=dtype)}
    if settings["module"] == "LSTM":
        inputs["c0"] = torch.randn(S, B, H, dtype=dtype)
    lengths = None
    if packed:
        # Neither ascending nor descending, and one of them the whole.
        lengths = torch.tensor([(3, T, 1, T - 1)[b % 4] for b in range(B)])
        inputs["x"] *= (torch.arange(T).unsqueeze(1) < lengths).unsqueeze(2)
    for tensor in inputs.values():
        tensor.requires_grad_()
    outputs = forward(module, **inputs, lengths=lengths)
    weights = {f"r_{name[0]}": torch.randn_like(tensor) / tensor.numel() ** 0.5 for name, tensor in outputs.items()}
    sum((weights[f"r_{name[0]}"] * tensor).sum() for name, tensor in outputs.items()).backward()
    leaves = {**{f"rnn.{name}": parameter for name, parameter in module.named_parameters()}, **inputs}
    tensors = {**leaves, **outputs, **weights, **{f"grad.{name}": leaf.grad for name, leaf in leaves.items()}}
    if packed:
        tensors["lengths"] = lengths
    save(tensors, path, {key: str(value) for key, value in settings.items()})


def run(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.weights.safetensors"))):
        name = path[: -len(".weights.safetensors")]
        weights = load(path)
        inputs, settings = read(f"{name}.inputs.safetensors")
        module = new_module(settings, inputs["x"].dtype)
        module.load_state_dict(weights)
        with torch.no_grad():
            save(forward(module, **inputs), f"{name}.outputs.safetensors")


class LanguageModel(nn.Module):
    """Embedding, LSTM and a linear layer over the vocabulary, of the sizes that the weights have."""

    def __init__(self, weights):
        super().__init__()
        self.embedding = nn.Embedding(*weights["embedding.weight"].shape)
        rows, width = weights["rnn.weight_ih_l0"].shape
        num_layers = sum(name.startswith("rnn.weight_hh_l") for name in weights)
        self.rnn = nn.LSTM(width, rows // 4, num_layers)
        self.linear = nn.Linear(*reversed(weights["linear.weight"].shape))

    def forward(self, ids):
        return self.linear(self.rnn(self.embedding(ids))[0])


def score(weights_path, tokens_path, output_path):
    weights, tokens = load(weights_path), load(tokens_path)
    model = LanguageModel(weights).to(weights["linear.weight"].dtype)
    model.load_state_dict(weights)
    with torch.no_grad():
        nats = functional.cross_entropy(model(tokens["ids"]).flatten(0, 1), tokens["targets"].flatten(), reduction="sum")
    save({"nats": nats.double()}, output_path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    making = verbs.add_parser("make")
    making.add_argument("folder")
    making.add_argument("--dtype", choices=["float32", "float64"], default="float64")
    making.add_argument("--seed", type=int, default=1)
    making.add_argument("--sizes", default="5,4,2,3,2")
    making.add_argument("cases", nargs="*", metavar="CASE")
    verbs.add_parser("run").add_argument("folder")
    scoring = verbs.add_parser("score")
    for name in ("weights", "tokens", "output"):
        scoring.add_argument(name)
    given = parser.parse_args()
    if given.verb == "make":
        for name in given.cases or CASES:
            make(os.path.join(given.folder, f"{name}.safetensors"), CASES[name], getattr(torch, given.dtype), given.seed, [int(n) for n in given.sizes.split(",")])
    elif given.verb == "run":
        run(given.folder)
    else:
        score(given.weights, given.tokens, given.output)


if __name__ == "__main__":
    main()
