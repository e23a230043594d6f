"""The encoder with the tuned changes added to its layers."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from nlp.embed import MAX_TOKENS, MiniLmEncoder, Vectors
from nlp.low_rank import LowRank
from nlp.tuned import Tuned, load_tuned

if TYPE_CHECKING:
    import torch

_BATCH = 32

Tokens = tuple[Vectors, npt.NDArray[np.int32]]
"""One text's states, shape (tokens, DIMENSION), and their offsets, shape (tokens, 2)."""


class TunedEncoder:
    """Turns texts into the states of their tokens.

    Single precision: in half precision a passage's scores would hang on which others
    share its batch.
    """

    def __init__(self, encoder: MiniLmEncoder, tuned: Tuned) -> None:
        """Copy the encoder and add the changes; the encoder itself stays as it is."""
        self._tokenizer = encoder.sentence_transformer.tokenizer
        self._model = add_changes(encoder, tuned)

    def encode(self, texts: Sequence[str]) -> list[Tokens]:
        """Encode texts; same order, one entry each."""
        # Longest first: texts of like length share a batch, and less of it is padding.
        order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
        found: dict[int, Tokens] = {}
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            results = self._forward([texts[index] for index in batch])
            found.update(zip(batch, results, strict=True))
        return [found[index] for index in range(len(texts))]

    def _forward(self, texts: list[str]) -> list[Tokens]:
        import torch  # noqa: PLC0415 - costs over a second

        encoded = self._tokenizer(
            texts,
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
            return_offsets_mapping=True,
        )
        offsets = encoded.pop("offset_mapping").numpy().astype(np.int32)
        lengths = encoded["attention_mask"].sum(dim=1).tolist()
        with torch.inference_mode():
            transformer = cast("Callable[..., Any]", self._model)
            states = transformer(**encoded).last_hidden_state.numpy()
        return [(states[row, :length], offsets[row, :length]) for row, length in enumerate(lengths)]


def add_changes(encoder: MiniLmEncoder, tuned: Tuned) -> "torch.nn.Module":
    """Copy an encoder's transformer and add what tuning changed."""
    from copy import deepcopy  # noqa: PLC0415 - with torch, which it copies

    import torch  # noqa: PLC0415 - costs over a second

    model = cast("torch.nn.Module", deepcopy(encoder.sentence_transformer[0].model)).eval()
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, change in tuned.changes.items():
            added = change.whole() if isinstance(change, LowRank) else change
            parameters[name].add_(torch.from_numpy(np.ascontiguousarray(added)))
    return model


@cache
def tuned_encoder(encoder: MiniLmEncoder) -> TunedEncoder:
    """Make the tuned encoder that ships, once for each encoder of a process."""
    return TunedEncoder(encoder, load_tuned())
