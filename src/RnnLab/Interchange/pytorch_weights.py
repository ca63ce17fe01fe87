"""PyTorch state dicts to and from safetensors files, with nothing but torch.

    python3 pytorch_weights.py model.pt model.safetensors     a state dict saved by torch.save, as safetensors
    python3 pytorch_weights.py model.safetensors model.pt     the way back

or, from Python:

    from pytorch_weights import load, save
    save(model.state_dict(), "model.safetensors")
    model.load_state_dict(load("model.safetensors"))

A file is the header's length in eight bytes (little-endian), the header as JSON, padded with blanks to a multiple of eight, then the
tensors' bytes without gaps. Where the package safetensors is installed, safetensors.torch.load_file and save_file read and write the same files.
"""
import ctypes
import json
import os
import pickle
import sys

import torch

# Element types by their names in a header.
DTYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
    "I64": torch.int64, "I32": torch.int32, "U8": torch.uint8, "BOOL": torch.bool,
}
CODES = {dtype: code for code, dtype in DTYPES.items()}
METADATA = "__metadata__"


def save(state_dict, path, metadata=None):
    """Writes tensors by name: under a temporary name, then renamed, so that the file is whole or not there."""
    _require_little_endian()
    tensors = {}
    for name, tensor in state_dict.items():
        if not isinstance(tensor, torch.Tensor) or tensor.dtype not in CODES:
            what = tensor.dtype if isinstance(tensor, torch.Tensor) else type(tensor).__name__
            raise ValueError(f"{name}: {what} cannot be written")
        tensors[name] = tensor.detach().cpu().contiguous()
    # Larger elements first: each tensor is then aligned to its element.
    order = sorted(tensors, key=lambda name: (-tensors[name].element_size(), name))
    header, position = {METADATA: dict(metadata or {"format": "pt"})}, 0
    for name in order:
        tensor = tensors[name]
        end = position + tensor.numel() * tensor.element_size()
        header[name] = {"dtype": CODES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [position, end]}
        position = end
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    temporary = f"{path}.tmp"
    with open(temporary, "wb") as file:
        file.write(len(text).to_bytes(8, "little"))
        file.write(text)
        for name in order:
            tensor = tensors[name]
            if tensor.numel() > 0:
                file.write(ctypes.string_at(tensor.data_ptr(), tensor.numel() * tensor.element_size()))
    os.replace(temporary, path)


def load(path):
    """The tensors of a file by name, on the CPU."""
    return read(path)[0]


def read(path):
    """The tensors of a file by name, and its metadata."""
    _require_little_endian()
    tensors = {}
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        start, size = 8 + length, os.path.getsize(path)
        if start > size:
            raise ValueError(f"{path}: this is no safetensors file, or it is cut off")
        try:
            header = json.loads(file.read(length))
            metadata = header.pop(METADATA, {})
            slots = [(name, DTYPES[slot["dtype"]], slot["shape"], slot["data_offsets"]) for name, slot in header.items()]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path}: the header cannot be read: {error!r}") from error
        for name, dtype, shape, (begin, end) in slots:
            if not 0 <= begin <= end <= size - start:
                raise ValueError(f"{path}: the file is cut off: {name} ends beyond it")
            file.seek(start + begin)
            data = bytearray(file.read(end - begin))
            # frombuffer takes no empty buffer.
            flat = torch.frombuffer(data, dtype=dtype) if data else torch.empty(0, dtype=dtype)
            tensors[name] = flat.reshape(shape)
    return tensors, metadata


def _require_little_endian():
    if sys.byteorder != "little":
        raise ValueError("the format is little-endian, and this machine is not")


def _state_dict(path):
    try:
        # Weights only: a pickle may otherwise run what it likes.
        state_dict = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise ValueError(f"{path}: this is no state dict that torch.save wrote; save model.state_dict()") from error
    if not isinstance(state_dict, dict):
        raise ValueError(f"{path}: this is a {type(state_dict).__name__}; save model.state_dict()")
    return state_dict


def _main(arguments):
    endings = [os.path.splitext(path)[1] == ".safetensors" for path in arguments]
    if endings == [False, True]:
        save(_state_dict(arguments[0]), arguments[1])
    elif endings == [True, False]:
        torch.save(load(arguments[0]), arguments[1])
    else:
        sys.exit("pytorch_weights: expected FROM TO, one of which ends with .safetensors")


if __name__ == "__main__":
    try:
        _main(sys.argv[1:])
    except (OSError, ValueError) as error:
        sys.exit(f"pytorch_weights: {error}")
