"""The packaged encoder's weights, mapped into memory: what is not read is not loaded."""

import json
import mmap
from pathlib import Path

import numpy as np

from corpus.errors import ModelError
from nlp.checked_files import checked_before, note_checked
from nlp.embed import MODEL_SHA256, Vectors, model_folder, verify_weights

_LENGTH_BYTES = 8
"""safetensors: the length of a JSON header, the header, then the tensors one by one."""


class PackagedWeights:
    """Tensors by name, as read-only views; shared by threads and, by page, by processes."""

    def __init__(self, path: Path) -> None:
        """Map a file of safetensors in single precision.

        Raises:
            ModelError: it cannot be read as one.
        """
        try:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            length = int.from_bytes(self._bytes[:_LENGTH_BYTES], "little")
            self._start = _LENGTH_BYTES + length
            self._header = json.loads(self._bytes[_LENGTH_BYTES : self._start])
        except (OSError, ValueError) as error:
            raise ModelError("The encoder's weights cannot be read. Run: make install") from error

    def get(self, name: str) -> Vectors:
        """Give a tensor, float32 and of its own shape.

        Raises:
            ModelError: there is none of that name in single precision.
        """
        try:
            told = self._header[name]
            (first, last), shape, form = told["data_offsets"], told["shape"], told["dtype"]
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"The encoder's weights hold no {name}. Run: make install") from error
        if form != "F32":
            raise ModelError(f"The encoder's weights hold {name} as {form}. Run: make install")
        tensor: Vectors = np.frombuffer(
            self._bytes, np.float32, (last - first) // 4, self._start + first
        )
        return tensor.reshape(shape)


def packaged_weights(stamps: Path | None = None) -> PackagedWeights:
    """Map the packaged weights after making sure that they are the measured ones.

    Args:
        stamps: a folder that notes which files were hashed; see :mod:`nlp.checked_files`.

    Raises:
        ModelError: they are missing, damaged, or not the measured ones.
    """
    path = model_folder() / "model.safetensors"
    if stamps is None:
        verify_weights(path)
    elif not checked_before(path, MODEL_SHA256, stamps):
        verify_weights(path)
        note_checked(path, MODEL_SHA256, stamps)
    return PackagedWeights(path)
