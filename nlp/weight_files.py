"""Trained weights as two small files: safetensors for numbers, JSON for names; never a pickle."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import ModelError
from corpus.ids import digest

Tensors = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, kw_only=True)
class WeightFiles:
    """The two files' names, and the format that their reader knows."""

    what: str
    """What they hold, as an error names it."""
    weights: str
    names: str
    format: int

    def save(self, folder: Path, tensors: Tensors, names: Mapping[str, Any]) -> None:
        """Write both into a folder, which is made; the same content gives the same bytes."""
        from safetensors.numpy import save_file  # noqa: PLC0415 - most commands load no weights

        folder.mkdir(parents=True, exist_ok=True)
        # save_file writes memory as it lies, and scikit-learn's may lie column by column.
        save_file({k: np.ascontiguousarray(v) for k, v in tensors.items()}, folder / self.weights)
        (folder / self.weights).chmod(0o644)  # safetensors makes it readable by its owner alone
        text = json.dumps({"format": self.format, **names}, ensure_ascii=False)
        (folder / self.names).write_text(text + "\n", encoding="utf-8")

    def read(self, folder: Path) -> tuple[Tensors, dict[str, Any], str]:
        """Read both back, with a version: a hash of the two.

        Raises:
            ModelError: a file is missing, damaged or of another format.
        """
        from safetensors import SafetensorError  # noqa: PLC0415
        from safetensors.numpy import load  # noqa: PLC0415

        try:
            raw = (folder / self.weights).read_bytes()
            text = (folder / self.names).read_text(encoding="utf-8")
            tensors, names = load(raw), json.loads(text)
        except (OSError, SafetensorError, json.JSONDecodeError) as error:
            raise ModelError(f"{self.what} cannot be read: {error}. Run: make train") from error
        if names.get("format") != self.format:
            raise ModelError(f"{self.what} is of another format. Run: make train")
        return tensors, names, digest(self.format, raw.hex(), text)[:16]
