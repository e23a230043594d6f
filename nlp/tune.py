"""Tune the encoder's layers for the codebook, with heads for themes and facets on top."""

import logging
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from corpus.model import Attribution, Kind, Level, Stance
from nlp.codebook import load_codebook
from nlp.embed import DIMENSION, MAX_TOKENS, MiniLmEncoder, Vectors
from nlp.low_rank import LowRank
from nlp.training_rows import TrainingRow
from nlp.tuned import FacetHead, TokenHead, Tuned

if TYPE_CHECKING:
    import torch
    from torch import nn

_BATCH = 32
_ENCODER_RATE = 1e-4
_HEAD_RATE = 1e-3
_WARM_UP = 0.06
_DROPOUT = 0.1
_WIDTH = 64
_HIDDEN = 256
_TOP_SHARE = 0.5
# Batches are cut from sorted runs of this many, so that little of them is padding.
_RUN = 40
VALUES: dict[str, tuple[str, ...]] = {
    "stance": tuple(Stance),
    "level": tuple(Level),
    "attribution": tuple(Attribution),
}
# A digest restates a review as a briefing does; no training row is one.
KINDS = tuple(kind.value for kind in Kind if kind is not Kind.DIGEST)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What attempts at tuning differ in; the defaults are what ships."""

    epochs: int = 5
    """Rounds over the rows."""
    first_layer: int = 0
    """Of the encoder's layers, counted from 0, the first that moves."""
    facet_share: float = 0.4
    """What a pair's stance, level and attribution weigh in the loss beside its theme."""


SHIPPED = Recipe()


@dataclass(frozen=True, eq=False)
class _Batch:
    tokens: Any
    """The tokenizer's tensors: ``input_ids`` and ``attention_mask``, shape (rows, tokens)."""
    themes: "torch.Tensor"
    """Zeros and ones, shape (rows, themes)."""
    kinds: "torch.Tensor"
    pair_rows: "torch.Tensor"
    pair_themes: "torch.Tensor"
    facets: dict[str, "torch.Tensor"]
    """Facet → the right value's place, shape (pairs,)."""


def tune(
    rows: Sequence[TrainingRow],
    encoder: MiniLmEncoder,
    *,
    seed: int,
    order: int,
    recipe: Recipe = SHIPPED,
) -> Tuned:
    """Tune a copy of the encoder on coded passages; the encoder itself stays as it is.

    All layers but the embeddings move, unless the recipe leaves lower ones as they are. A
    theme's score comes from the tokens that its query attends to and from the mean of all;
    the sum over themes and over top themes of binary cross-entropy is minimised together
    with the cross-entropy of the facets. The layers' changes are whole:
    :func:`nlp.tune_mean.mean_of` cuts them to low rank.

    The arithmetic is bfloat16 where it matters for speed; the same rows and seeds give
    the same weights on the same machine with as many threads.

    Args:
        rows: coded passages.
        encoder: what is copied.
        seed: of the start, so of the heads' first weights and what is dropped out.
        order: seeds the order of the rows.
        recipe: rounds, layers and weights.
    """
    import torch  # noqa: PLC0415 - costs over a second

    torch.manual_seed(seed)
    shuffler = random.Random(order)  # noqa: S311 - orders rows, guards nothing
    network = _network(encoder, recipe)
    trained = [each for each in network.parameters() if each.requires_grad]
    heads = [each for name, each in network.named_parameters() if not name.startswith("encoder.")]
    own = {id(each) for each in heads}
    optimiser = torch.optim.AdamW(
        [
            {"params": [each for each in trained if id(each) not in own], "lr": _ENCODER_RATE},
            {"params": heads, "lr": _HEAD_RATE},
        ],
        weight_decay=0.01,
        fused=True,
    )
    steps = math.ceil(len(rows) / _BATCH) * recipe.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min(1.0, (step + 1) / (_WARM_UP * steps)) * max(0.0, 1 - step / steps),
    )
    started = time.monotonic()
    network.train()
    for epoch in range(recipe.epochs):
        total = 0.0
        for batch in _batches(rows, encoder, shuffler):
            loss = _loss(network, batch, facet_share=recipe.facet_share)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        logger.info(
            "tuned %d of %d rounds: loss %.3f, %.0f s",
            epoch + 1,
            recipe.epochs,
            total * _BATCH / len(rows),
            time.monotonic() - started,
        )
    return _tuned(network, encoder, {"rows": len(rows), "seed": seed, "epochs": recipe.epochs})


def _network(encoder: MiniLmEncoder, recipe: Recipe) -> "nn.ModuleDict":
    from copy import deepcopy  # noqa: PLC0415

    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    codebook = load_codebook()
    themes, tops = len(codebook.themes), len(_tops())
    model = cast("Any", deepcopy(encoder.sentence_transformer[0].model))
    # The fused attention is slow going backwards on a CPU: plain products take half the time.
    model.set_attn_implementation("eager")
    for part in (model.embeddings, *model.encoder.layer[: recipe.first_layer]):
        part.requires_grad_(False)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = _DROPOUT
    for layer in model.encoder.layer:
        layer.attention.self.dropout.p = 0.0
    network = nn.ModuleDict(
        {
            "encoder": model,
            "pooled": nn.Linear(DIMENSION, themes),
            "top": nn.Linear(DIMENSION, tops),
            "queries": nn.Embedding(themes, DIMENSION),
            "attended": nn.Embedding(themes, DIMENSION),
            "themes": nn.Embedding(themes, _WIDTH),
            "kinds": nn.Embedding(len(KINDS), _WIDTH),
            "hidden": nn.Linear(2 * DIMENSION + 2 * _WIDTH, _HIDDEN),
            **{facet: nn.Linear(_HIDDEN, len(values)) for facet, values in VALUES.items()},
        }
    )
    heads = cast("dict[str, Any]", network)
    with torch.no_grad():
        heads["queries"].weight.mul_(0.02)
        heads["attended"].weight.zero_()
        # Most passages carry few themes: start from there.
        heads["pooled"].bias.fill_(-3.0)
        heads["top"].bias.fill_(-2.5)
    return network


def _loss(network: "nn.ModuleDict", batch: _Batch, *, facet_share: float) -> "torch.Tensor":
    import torch  # noqa: PLC0415
    from torch.nn import functional  # noqa: PLC0415

    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = network["encoder"](**batch.tokens).last_hidden_state
    states = states.float()
    part = cast("dict[str, Any]", network)
    mask = batch.tokens["attention_mask"]
    mean = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    look = torch.einsum("btd,kd->bkt", states, part["queries"].weight)
    look = look.masked_fill(mask[:, None, :] == 0, -1e4).softmax(-1)
    seen = torch.einsum("bkt,btd->bkd", look, states)
    dropped = functional.dropout(mean, _DROPOUT)
    logits = (functional.dropout(seen, _DROPOUT) * part["attended"].weight).sum(-1)
    logits = logits + network["pooled"](dropped)
    tops = (batch.themes @ _top_matrix() > 0).float()
    rows = len(batch.themes)
    loss = functional.binary_cross_entropy_with_logits(logits, batch.themes, reduction="sum")
    loss = loss + _TOP_SHARE * functional.binary_cross_entropy_with_logits(
        network["top"](dropped), tops, reduction="sum"
    )
    if len(batch.pair_rows):
        at, theme = batch.pair_rows, batch.pair_themes
        inputs = torch.cat(
            [
                seen[at, theme],
                mean[at],
                network["themes"](theme),
                network["kinds"](batch.kinds[at]),
            ],
            dim=-1,
        )
        hidden = functional.gelu(network["hidden"](inputs), approximate="tanh")
        hidden = functional.dropout(hidden, _DROPOUT)
        for facet, right in batch.facets.items():
            loss = loss + facet_share * functional.cross_entropy(
                network[facet](hidden), right, reduction="sum"
            )
    return loss / rows


def _batches(
    rows: Sequence[TrainingRow], encoder: MiniLmEncoder, shuffler: random.Random
) -> Iterator[_Batch]:
    order = list(range(len(rows)))
    shuffler.shuffle(order)
    batches = []
    for start in range(0, len(order), _BATCH * _RUN):
        run = sorted(order[start : start + _BATCH * _RUN], key=lambda row: len(rows[row].text))
        batches += [run[at : at + _BATCH] for at in range(0, len(run), _BATCH)]
    shuffler.shuffle(batches)
    for batch in batches:
        yield _batch([rows[row] for row in batch], encoder)


def _batch(rows: Sequence[TrainingRow], encoder: MiniLmEncoder) -> _Batch:
    import torch  # noqa: PLC0415

    places = {theme.theme_id: place for place, theme in enumerate(load_codebook().themes)}
    themes = torch.zeros(len(rows), len(places))
    pairs = [(number, code) for number, row in enumerate(rows) for code in row.codes]
    for number, code in pairs:
        themes[number, places[code.theme]] = 1.0
    tokens = encoder.sentence_transformer.tokenizer(
        [row.text for row in rows],
        padding=True,
        truncation=True,
        max_length=MAX_TOKENS,
        return_tensors="pt",
    )
    return _Batch(
        tokens=tokens,
        themes=themes,
        kinds=torch.tensor([KINDS.index(row.kind) for row in rows]),
        pair_rows=torch.tensor([number for number, _ in pairs], dtype=torch.long),
        pair_themes=torch.tensor([places[code.theme] for _, code in pairs], dtype=torch.long),
        facets={
            facet: torch.tensor(
                [values.index(getattr(code, facet)) for _, code in pairs], dtype=torch.long
            )
            for facet, values in VALUES.items()
        },
    )


def _tops() -> list[str]:
    return sorted({theme.top_theme for theme in load_codebook().themes})


def _top_matrix() -> "torch.Tensor":
    import torch  # noqa: PLC0415

    tops = _tops()
    matrix = torch.zeros(len(load_codebook().themes), len(tops))
    for place, theme in enumerate(load_codebook().themes):
        matrix[place, tops.index(theme.top_theme)] = 1.0
    return matrix


def _tuned(network: "nn.ModuleDict", encoder: MiniLmEncoder, trained_on: dict[str, Any]) -> Tuned:
    before = dict(cast("Any", encoder.sentence_transformer[0].model).named_parameters())
    changes: dict[str, LowRank | Vectors] = {
        name: _numbers(after) - _numbers(before[name])
        for name, after in network["encoder"].named_parameters()
        if after.requires_grad
    }
    return Tuned(
        themes=tuple(theme.theme_id for theme in load_codebook().themes),
        kinds=KINDS,
        values=VALUES,
        changes=changes,
        token_head=TokenHead(
            queries=_numbers(network["queries"].weight),
            attended=_numbers(network["attended"].weight),
            pooled=_numbers(network["pooled"].weight),
            bias=_numbers(network["pooled"].bias),
        ),
        facet_head=FacetHead(
            themes=_numbers(network["themes"].weight),
            kinds=_numbers(network["kinds"].weight),
            hidden=_numbers(network["hidden"].weight),
            hidden_bias=_numbers(network["hidden"].bias),
            outputs={
                facet: (_numbers(network[facet].weight), _numbers(network[facet].bias))
                for facet in VALUES
            },
        ),
        trained_on={**trained_on, "encoder": encoder.model_sha256},
        version="unsaved",
    )


def _numbers(tensor: Any) -> Vectors:  # noqa: ANN401 - torch's module items are untyped
    numbers: Vectors = tensor.detach().numpy().astype(np.float32)
    return numbers
