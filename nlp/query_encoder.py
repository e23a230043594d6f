"""The encoder for queries: the same weights under ONNX Runtime, ready in a fraction of a second.

Torch takes seconds to import, ONNX Runtime a tenth of one. The file is exported from the
shipped weights where an index is built, checked against them, and lies beside the index;
it is never shipped.
"""

import hashlib
import logging
import os
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import ModelError
from nlp.embed import (
    DIMENSION,
    MAX_TOKENS,
    MODEL_SHA256,
    Encoder,
    Vectors,
    model_folder,
    shared_encoder,
)
from nlp.token_vectors import export_token_vectors, load_token_vectors

if TYPE_CHECKING:
    import torch

MOST_DIFFERENCE = 1e-4
"""What any number of a vector may differ in from the one that torch computes."""
_BATCH = 16
"""Texts at a time: they are padded to the longest."""
_PROBES = (
    "consent",
    "Nobody rang the previous school.",
    "did fear of data protection appear before GDPR?",
    "The nursery and the clinic each held a part of it, and neither knew what the other had. " * 20,
)
"""Texts of many lengths, the last longer than the encoder reads."""


class OnnxEncoder:
    """all-MiniLM-L6-v2 under ONNX Runtime, one thread a query; see :class:`nlp.embed.Encoder`."""

    model_sha256 = MODEL_SHA256

    def __init__(self, path: Path) -> None:
        """Load an exported file and the packaged tokenizer.

        Raises:
            ModelError: the file is not what its name says, or cannot be run.
        """
        # Imported here: most commands encode nothing.
        import onnxruntime  # noqa: PLC0415
        from tokenizers import Tokenizer  # noqa: PLC0415

        _check_name(path)
        options = onnxruntime.SessionOptions()
        # Under load a second thread makes a query slower, and waiting ones burn the processor.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's own errors share no public base
            raise ModelError(_broken(path)) from error
        self._tokenizer: Any = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()

        self._tokens = load_token_vectors(path.parent)

    def export_tokens(self, folder: Path) -> None:
        """Write what :meth:`encode_roughly` needs beside the exported encoder.

        Raises:
            OSError: the folder cannot be written.
        """
        export_token_vectors(folder, self._session)

    def encode_roughly(self, texts: Sequence[str]) -> Vectors:
        """Encode texts a hundred times as fast, good enough to tell sentences apart.

        As :meth:`encode` where the vectors of the tokens are lacking.
        """
        if self._tokens is None:
            return self.encode(texts)
        read = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return self._tokens.mean_of([one.ids[: sum(one.attention_mask)] for one in read])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; see :class:`nlp.embed.Encoder`."""
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(by_length), _BATCH):
            chosen = by_length[start : start + _BATCH]
            read = self._tokenizer.encode_batch([texts[at] for at in chosen])
            given = {
                "input_ids": np.array([one.ids for one in read], dtype=np.int64),
                "attention_mask": np.array([one.attention_mask for one in read], dtype=np.int64),
            }
            vectors[chosen] = self._session.run(["vectors"], given)[0]
        return vectors


def query_encoder(folder: Path) -> Encoder:
    """Load the encoder for queries: the exported one where a folder holds it, else torch's.

    Raises:
        ModelError: neither can be loaded.
    """
    path = exported_file(folder)
    if path is not None:
        try:
            return OnnxEncoder(path)
        except (ModelError, ImportError):
            # The weights themselves still answer, a few seconds later; doctor names the file.
            return shared_encoder()
    return shared_encoder()


def exported_file(folder: Path) -> Path | None:
    """The exported encoder in a folder, by its name; ``None`` where there is none."""
    return max(folder.glob(f"encoder-{MODEL_SHA256[:12]}-*.onnx"), default=None)


def check_exported(folder: Path) -> str:
    """Compare the exported encoder with its name; says what was found.

    Raises:
        ModelError: it is damaged.
    """
    path = exported_file(folder)
    if path is None:
        return "not exported yet, so that a first search takes some seconds longer"
    _check_name(path)
    return f"{path.name} is as it was exported"


def export_query_encoder(folder: Path, encoder: Encoder) -> Path:
    """Export the shipped weights into a folder, unless it holds them; takes some seconds.

    Args:
        folder: where the index lies.
        encoder: torch's, to compare with.

    Raises:
        ModelError: what was exported computes other vectors, or cannot be written.
    """
    held = exported_file(folder)
    if held is not None:
        return held
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix="exporting-") as name:
            made = Path(name) / "encoder.onnx"
            _export(made)
            with made.open("rb") as file:
                own_sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            named = made.rename(made.with_name(_file_name(own_sha256)))
            exported = OnnxEncoder(named)
            _compare(exported, encoder)
            exported.export_tokens(folder)
            with named.open("rb") as file:
                os.fsync(file.fileno())
            return named.replace(folder / named.name)
    except OSError as error:
        raise ModelError(
            f"The encoder for queries could not be written beside the index: {error.strerror}."
        ) from error


def _file_name(own_sha256: str) -> str:
    return f"encoder-{MODEL_SHA256[:12]}-{own_sha256[:16]}.onnx"


def _check_name(path: Path) -> None:
    try:
        with path.open("rb") as file:
            own_sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(_broken(path)) from error
    if path.name != _file_name(own_sha256):
        raise ModelError(_broken(path))


def _compare(exported: Encoder, encoder: Encoder) -> None:
    difference = float(np.abs(exported.encode(_PROBES) - encoder.encode(_PROBES)).max())
    if difference > MOST_DIFFERENCE:
        raise ModelError(
            f"The exported encoder differs from its weights by {difference:.1e}; at most "
            f"{MOST_DIFFERENCE:.0e} may be. Searches use the weights themselves."
        )


def _export(path: Path) -> None:
    import torch  # noqa: PLC0415 - costs over a second
    from transformers import AutoModel  # noqa: PLC0415 - as above

    model = AutoModel.from_pretrained(
        str(model_folder()), local_files_only=True, attn_implementation="eager"
    )
    # Two tensors: given one twice, the exporter takes the two inputs for one.
    ids, mask = (torch.ones((2, 9), dtype=torch.int64) for _ in range(2))
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=512)
    shape = {0: batch, 1: length}
    logger = logging.getLogger("torch.onnx._internal.exporter._registration")
    with warnings.catch_warnings():
        # The exporter speaks of its own old names and of packages that are not used.
        warnings.simplefilter("ignore")
        logger.setLevel(logging.ERROR)
        program = torch.onnx.export(
            _pooled(model).eval(),
            (ids, mask),
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            dynamic_shapes={"input_ids": shape, "attention_mask": shape},
            opset_version=18,
            dynamo=True,
            verbose=False,
        )
    if program is None:
        raise ModelError("The encoder for queries could not be exported.")
    program.save(str(path), external_data=False)


def _pooled(model: "torch.nn.Module") -> "torch.nn.Module":
    """The model with what sentence-transformers does after it: the mean, at unit length."""
    import torch  # noqa: PLC0415 - costs over a second

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            states = self.model(input_ids=input_ids, attention_mask=attention_mask)[0]
            weights = attention_mask.unsqueeze(-1).to(states.dtype)
            mean = (states * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1)

    return Pooled()


def _broken(path: Path) -> str:
    return f"The encoder for queries {path.name} is damaged. Delete it and run: throughline analyse"
