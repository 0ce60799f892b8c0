"""What a transformer costs, counted from its shape: parameters, FLOP for each token, memory for its cache.

`Transformer` is the shape of a decoder; `Transformer.from_config` reads it from the ``config.json`` that
comes with a model, `published` gives a model of the book. `utilization` compares the FLOP of a run with what
its chips could have done, `chip_hours` and `chips` turn that around.

Six times parameters times tokens, the usual estimate, leaves attention out and counts a table that is only
read. Which FLOP belong to a model is a convention, and papers have several:

========  =============================================  ============================================
name      matrices that count                            attention that counts
========  =============================================  ============================================
6N        all parameters that a token uses               none
Kaplan    all but the two tables of the vocabulary       half of the square of the context
PaLM      all parameters that a token uses               the whole square, whatever the window
causal    what multiplies a token: the output table,     each token's products with itself and those
          but not the input table, which is only read    before it, as far as the window reaches
full      the same                                       the whole square, as far as the window reaches
========  =============================================  ============================================

Kaplan et al., arXiv:2001.08361 (2020), Table 1; Chowdhery et al., arXiv:2204.02311 (2022), appendix B. With
experts, the parameters that a token uses are those of the experts that it is sent to. Queries that share keys
(grouped-query attention) save cache and the making of keys, but no product of a query with a key.
Activations and the softmax count in none of the five, norms and biases only where all parameters do.

>>> published("Llama 3.1 8B").n_params
8030261248
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import hour

from frontier._checks import (
    Float,
    above_zero,
    all_positive,
    between,
    overflowing,
    plain,
    positive,
    same_shape,
    single,
    whole,
)

CONVENTIONS = ("6N", "Kaplan", "PaLM", "causal", "full")

# How the keys of a family's config.json are named here. One in brackets may be missing or null, as in older
# models; one with a question mark may be null but not missing, since its family's default is not null.
_SHAPE = {
    "n_layers": "num_hidden_layers",
    "width": "hidden_size",
    "n_heads": "num_attention_heads",
    "feedforward": "intermediate_size",
    "vocabulary": "vocab_size",
    "tied": "[tie_word_embeddings]",
}
_GROUPED = _SHAPE | {"n_kv_heads": "num_key_value_heads", "head_width": "[head_dim]"}
_BIASES = {"qkv_bias": "[attention_bias]", "output_bias": "[attention_bias]"}
_EXPERTS = {"n_active_experts": "num_experts_per_tok", "expert_width": "moe_intermediate_size"}
_QWEN3 = _GROUPED | _BIASES | {"head_width": "head_dim"}
_DEEPSEEK = {
    **(_SHAPE | _EXPERTS | _BIASES),
    "head_width": "qk_nope_head_dim",
    "rope_width": "qk_rope_head_dim",
    "value_width": "v_head_dim",
    "query_rank": "[q_lora_rank]",
    "cache_rank": "kv_lora_rank",
    "n_experts": "n_routed_experts",
    "n_shared_experts": "[n_shared_experts]",
    "n_dense_layers": "first_k_dense_replace",
}
_KEYS: dict[str, dict[str, str]] = {
    "gpt2": {
        "n_layers": "n_layer",
        "width": "n_embd",
        "n_heads": "n_head",
        "feedforward": "[n_inner]",
        "vocabulary": "vocab_size",
        "n_positions": "n_positions",
        "tied": "[tie_word_embeddings]",
    },
    "llama": _GROUPED | _BIASES | {"n_kv_heads": "[num_key_value_heads]", "feedforward_bias": "[mlp_bias]"},
    "mistral": _GROUPED | {"window": "sliding_window?"},
    "mixtral": _GROUPED
    | {"n_experts": "num_local_experts", "n_active_experts": "num_experts_per_tok"}
    | {"window": "[sliding_window]"},
    "qwen2": _GROUPED,
    "qwen3": _QWEN3,
    "qwen3_moe": _QWEN3 | _EXPERTS | {"n_experts": "num_experts"},
    "deepseek_v2": _DEEPSEEK,
    "deepseek_v3": _DEEPSEEK,
}
# What a family has without saying so.
_BIASED = dict.fromkeys(("norm_bias", "qkv_bias", "output_bias", "feedforward_bias"), True)
_ALWAYS: dict[str, dict[str, Any]] = {
    "gpt2": {"tied": True, "gated": False, **_BIASED},
    "qwen2": {"qkv_bias": True},
    "qwen3": {"head_norms": True},
    "qwen3_moe": {"head_norms": True},
    "deepseek_v3": {"router_bias": True},
}
# Keys that may give a model another shape than `Transformer` can have, and the values that do not.
_ONLY: dict[str, tuple[Any, ...]] = {
    "decoder_sparse_step": (1, None),
    "mlp_only_layers": ([], None),
    "moe_layer_freq": (1, None),
    "add_cross_attention": (False, None),
}


@dataclass(frozen=True)
class Transformer:
    """The shape of a decoder: all that decides how many parameters it has and what a token costs.

    Parameters
    ----------
    n_layers, width, n_heads, feedforward, vocabulary : int
        Layers, width of the stream between them, heads of attention, inner width of the feed-forward part,
        tokens of the vocabulary; at least 1.
    n_kv_heads : int, optional
        Heads that have keys and values, at least 1; all of them unless fewer are shared.
    head_width : int, optional
        Numbers in a query and in a key, at least 1; width / heads unless given.
    gated, tied : bool
        Whether the feed-forward part has a third matrix, a gate; whether the input table is the output table.
    n_experts, n_active_experts, n_shared_experts : int
        Experts that a token may be sent to, how many it is sent to, and those that every token passes;
        0 or more.
    expert_width : int, optional
        Inner width of an expert, at least 1; that of the feed-forward part unless given.
    n_dense_layers : int
        First layers that have no experts, 0 or more.
    window : int, optional
        Tokens that attention reaches back in every layer, the token itself included; at least 1.
    cache_rank, query_rank, rope_width, value_width : int, optional
        For latent attention (DeepSeek-AI, arXiv:2405.04434): widths of what stands for keys and values in the
        cache, and for queries; numbers that tell positions, beside `head_width`; and in a value. At least 1.
    n_positions : int
        Positions that have a learned vector, 0 or more.
    qkv_bias, output_bias, feedforward_bias, norm_bias, router_bias, head_norms : bool
        Whether these have biases; whether queries and keys are normed.

    Examples
    --------
    PaLM has 540.35 billion parameters (Chowdhery et al. 2022, Table 1), with one norm in each layer where two
    are counted here:

    >>> palm = Transformer(118, 18_432, 48, 73_728, 256_000, n_kv_heads=1, head_width=256, tied=True)
    >>> f"{palm.n_params / 1e9:.2f} billion"
    '540.36 billion'
    """

    n_layers: int
    width: int
    n_heads: int
    feedforward: int
    vocabulary: int
    n_kv_heads: int | None = None
    head_width: int | None = None
    gated: bool = True
    tied: bool = False
    n_experts: int = 0
    n_active_experts: int = 0
    n_shared_experts: int = 0
    expert_width: int | None = None
    n_dense_layers: int = 0
    window: int | None = None
    cache_rank: int | None = None
    query_rank: int | None = None
    rope_width: int | None = None
    value_width: int | None = None
    n_positions: int = 0
    qkv_bias: bool = False
    output_bias: bool = False
    feedforward_bias: bool = False
    norm_bias: bool = False
    router_bias: bool = False
    head_norms: bool = False

    def __post_init__(self) -> None:
        """Check the fields, one by one and against one another."""
        for field in fields(self):
            value = getattr(self, field.name)
            if field.type == "bool":
                if not isinstance(value, bool):
                    raise TypeError(f"{field.name} must be True or False, got {value!r}")
            elif value is not None or field.default is not None:
                least = 0 if field.default == 0 else 1
                object.__setattr__(self, field.name, int(single(field.name, whole(field.name, value, least))))
        if self.head_width is None and self.width % self.n_heads:
            raise ValueError(f"n_heads must divide the width {self.width}, got {self.n_heads}")
        if self.n_heads % self._kv_heads:
            raise ValueError(f"n_kv_heads must divide the {self.n_heads} heads, got {self.n_kv_heads}")
        if not min(1, self.n_experts) <= self.n_active_experts <= self.n_experts:
            raise ValueError(
                f"n_active_experts must be some of the {self.n_experts} experts, got {self.n_active_experts}"
            )
        if self.n_dense_layers > self.n_layers:
            raise ValueError(
                f"n_dense_layers must be at most the {self.n_layers} layers, got {self.n_dense_layers}"
            )
        if self.cache_rank is None:
            for name in ("query_rank", "rope_width", "value_width"):
                if getattr(self, name) is not None:
                    raise ValueError(f"{name} must come with cache_rank, got {getattr(self, name)} alone")
            return
        for name in ("head_width", "rope_width", "value_width"):
            if getattr(self, name) is None:
                raise ValueError(f"{name} must be given with cache_rank, got None")
        if self.qkv_bias or self._kv_heads != self.n_heads:
            raise ValueError(
                "qkv_bias and n_kv_heads must be left out with cache_rank, got "
                f"{self.qkv_bias} and {self.n_kv_heads}"
            )

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Transformer:
        """Read the shape from the ``config.json`` of a model, as ``json.load`` gives it.

        Knows the types ``gpt2``, ``llama``, ``mistral``, ``mixtral``, ``qwen2`` (Qwen 2 and 2.5), ``qwen3``,
        ``qwen3_moe``, ``deepseek_v2`` and ``deepseek_v3``; any other, and a missing key, is refused by name.
        The modules of DeepSeek-V3 that predict a second token are not counted, nor do its makers count them.

        Examples
        --------
        >>> config = {"model_type": "gpt2", "n_layer": 12, "n_embd": 768, "n_head": 12, "n_positions": 1024}
        >>> Transformer.from_config(config | {"vocab_size": 50_257}).n_params
        124439808
        """
        if not isinstance(config, Mapping):
            raise TypeError(f"config must be a mapping such as json.load gives, got {config!r}")
        kind = config.get("model_type")
        if kind not in _KEYS:
            raise ValueError(f"model_type must be one of {', '.join(sorted(_KEYS))}, got {kind!r}")
        given: dict[str, Any] = dict(_ALWAYS.get(kind, {}))
        for name, marked in _KEYS[kind].items():
            key = marked.strip("[]?")
            if config.get(key) is not None:
                given[name] = config[key]
            elif marked == key or (marked[-1] == "?" and key not in config):
                raise ValueError(
                    f"config must have {key!r} for the model_type {kind!r}, got {config.get(key)!r}"
                )
        for key, allowed in _ONLY.items():
            if config.get(key) not in allowed:
                raise ValueError(f"{key} must be {allowed[0]}, got {config[key]!r}")
        if kind.startswith("qwen") and config.get("use_sliding_window"):
            if config.get("max_window_layers") != 0:
                raise ValueError(f"max_window_layers must be 0, got {config.get('max_window_layers')!r}")
            given["window"] = config.get("sliding_window")
        if kind == "gpt2":
            given.setdefault("feedforward", 4 * given["width"])
        return cls(**given)

    @property
    def n_params(self) -> int:
        """All parameters."""
        return self._count(self.n_experts)

    @property
    def n_active_params(self) -> int:
        """Parameters that a token uses: of the experts, those that it is sent to."""
        return self._count(self.n_active_experts)

    def forward_flop(self, context: ArrayLike, convention: str = "causal") -> Float:
        """FLOP for a token in one forward pass, on average over the tokens of a context.

        Parameters
        ----------
        context : array_like
            Tokens of the text that is read at once, whole and at least 1. For a token that is written after
            ``context - 1`` others, ask for ``"full"``.
        convention : str
            One of `CONVENTIONS`, see the head of this page.

        Examples
        --------
        At 32,768 tokens attention adds to Llama 2 7B, over twice its parameters,

        >>> llama = published("Llama 2 7B")
        >>> attention = llama.forward_flop(32_768) - llama.forward_flop(1)
        >>> f"{attention / llama.forward_flop(1, '6N'):.0%}"
        '64%'
        """
        if convention not in CONVENTIONS:
            raise ValueError(f"convention must be one of {', '.join(CONVENTIONS)}, got {convention!r}")
        tokens = whole("context", context, 1).astype(float)
        reached = np.minimum(tokens, self._reach)
        used, inside = self.n_active_params, self._matrices(self.n_active_experts)
        multiplying = inside + self.width * self.vocabulary
        n, keys = {
            "6N": (used, 0 * tokens),
            "Kaplan": (inside, tokens / 2),
            "PaLM": (used, tokens),
            # the first token sees itself, each later one one more, up to the reach
            "causal": (multiplying, reached * (2 * tokens - reached + 1) / 2 / tokens),
            "full": (multiplying, reached),
        }[convention]
        return plain(2.0 * n + 2.0 * self.n_layers * self.n_heads * self._pair * keys)

    def training_flop(self, n_tokens: ArrayLike, context: ArrayLike, convention: str = "causal") -> Float:
        """FLOP to train on `n_tokens` tokens in texts of `context` tokens: three forward passes.

        The backward pass takes twice the forward one. What is computed twice to save memory counts once.

        Parameters
        ----------
        n_tokens, context : array_like
            Tokens read in training, above 0, and of a text, at least 1. They broadcast.
        convention : str
            One of `CONVENTIONS`.

        Examples
        --------
        Zhao et al. (2025, Table 2) print 250 GFLOP a token for DeepSeek-V3, at 4,096 tokens:

        >>> f"{published('DeepSeek-V3').training_flop(1, 4096) / 1e9:.0f}"
        '250'
        """
        count, length = positive("n_tokens", n_tokens), np.asarray(self.forward_flop(context, convention))
        same_shape(n_tokens=count, context=length)
        with overflowing():
            return plain(3 * count * length)

    def cache_bytes(self, n_tokens: ArrayLike, bits: ArrayLike = 16) -> Float:
        """Bytes of the keys and values that are kept of `n_tokens` tokens.

        A window keeps no more tokens than it reaches; latent attention keeps one vector in place of both.

        Parameters
        ----------
        n_tokens : array_like
            Tokens of the text, whole and at least 1.
        bits : array_like
            Bits of one number, above 0.

        Examples
        --------
        Zhao et al. (2025, Table 1) print 70.272 kB a token for DeepSeek-V3 and 516.096 for Llama 3.1 405B:

        >>> [published(name).cache_bytes(1) / 1e3 for name in ("DeepSeek-V3", "Llama 3.1 405B")]
        [70.272, 516.096]
        """
        count, each = whole("n_tokens", n_tokens, 1).astype(float), positive("bits", bits)
        same_shape(n_tokens=count, bits=each)
        with overflowing():
            return plain(self.n_layers * self._cached * np.minimum(count, self._reach) * each / 8)

    @property
    def _kv_heads(self) -> int:
        return self.n_heads if self.n_kv_heads is None else self.n_kv_heads

    @property
    def _head(self) -> int:
        return self.head_width or self.width // self.n_heads

    @property
    def _value(self) -> int:
        return self.value_width or self._head

    @property
    def _pair(self) -> int:
        """Multiply-adds of one head for a query and a key: their product, and the value that it weighs."""
        return self._head + (self.rope_width or 0) + self._value

    @property
    def _cached(self) -> int:
        """Numbers that a layer keeps of a token."""
        if self.cache_rank:
            return self.cache_rank + (self.rope_width or 0)
        return self._kv_heads * (self._head + self._value)

    @property
    def _reach(self) -> float:
        return np.inf if self.window is None else self.window

    @property
    def _attention(self) -> int:
        """Entries of the matrices of attention in one layer."""
        output = self.n_heads * self._value * self.width
        query = self.n_heads * (self._head + (self.rope_width or 0))
        if not self.cache_rank:
            return self.width * (query + self._cached) + output
        made = self.width * query
        if self.query_rank:
            made = self.width * self.query_rank + self.query_rank * query
        unfolded = self.cache_rank * self.n_heads * (self._head + self._value)
        return made + self.width * self._cached + unfolded + output

    def _layers(self, dense: int, expert: int, each: int, n_experts: int) -> int:
        """Add up the feed-forward parts: of a dense layer, of an expert, and what stands beside experts."""
        with_experts = self.n_layers - self.n_dense_layers if self.n_experts else 0
        experts = expert * (n_experts + self.n_shared_experts) + each
        return (self.n_layers - with_experts) * dense + with_experts * experts

    def _matrices(self, n_experts: int) -> int:
        """Entries of the matrices in all layers, of as many experts."""
        each = (3 if self.gated else 2) * self.width
        inner = self.expert_width or self.feedforward
        router = self.width * self.n_experts
        fed = self._layers(each * self.feedforward, each * inner, router, n_experts)
        return self.n_layers * self._attention + fed

    def _count(self, n_experts: int) -> int:
        """Count all parameters, of as many experts."""
        tables = (self.vocabulary * (1 if self.tied else 2) + self.n_positions) * self.width
        norms = (2 * self.n_layers + 1) * self.width * (2 if self.norm_bias else 1)
        vectors = 2 * self._head * self.head_norms + self.width * self.output_bias
        vectors += self.qkv_bias * (self.n_heads * self._head + self._cached)
        vectors += (self.query_rank or 0) + (self.cache_rank or 0)  # latent attention norms both
        sides = 2 if self.gated else 1
        dense = self.feedforward_bias * (sides * self.feedforward + self.width)
        expert = self.feedforward_bias * (sides * (self.expert_width or self.feedforward) + self.width)
        fed = self._layers(dense, expert, self.router_bias * self.n_experts, n_experts)
        return tables + norms + self.n_layers * vectors + fed + self._matrices(n_experts)


@cache
def configs() -> dict[str, Any]:
    """Return what the ``config.json`` of each published model says of its shape, with the source.

    Examples
    --------
    >>> configs()["GPT-3"]["source"], configs()["GPT-3"]["config"]["n_layer"]
    ('brown2020', 96)
    """
    with (files("frontier") / "data" / "configs.json").open(encoding="utf-8") as file:
        found: dict[str, Any] = json.load(file)
    return found


def published(name: str) -> Transformer:
    """Return the shape of a published model.

    Examples
    --------
    Mistral AI gives 46.7 billion parameters, of which a token uses 12.9 billion:

    >>> mixtral = published("Mixtral 8x7B")
    >>> f"{mixtral.n_params / 1e9:.1f} {mixtral.n_active_params / 1e9:.1f}"
    '46.7 12.9'
    """
    if name not in configs():
        raise ValueError(f"name must be one of {', '.join(configs())}, got {name!r}")
    return Transformer.from_config(configs()[name]["config"])


def utilization(flop: ArrayLike, peak: ArrayLike, chip_hours: ArrayLike) -> Float:
    """Share of the peak of its chips that a run used: FLOP / (peak x time of all chips).

    With the FLOP of the model this is its MFU, one for each convention. More than all is refused: then a
    number is wrong, often the hours of one chip beside the tokens of all.

    Parameters
    ----------
    flop : array_like
        FLOP of the run, above 0.
    peak : array_like
        FLOP per second of one chip on dense matrices, at the precision used, above 0; see
        `frontier.runs.peak`.
    chip_hours : array_like
        Hours of all chips together, above 0.

    Examples
    --------
    PaLM read 238,300 tokens a second on 6,144 chips of 2.75e14 FLOP/s: 46.2% with attention, 45.7% without
    (Chowdhery et al. 2022, section 4.1):

    >>> palm = Transformer(118, 18_432, 48, 73_728, 256_000, n_kv_heads=1, head_width=256, tied=True)
    >>> an_hour = [palm.training_flop(238_300 * 3600, 2048, convention) for convention in ("PaLM", "6N")]
    >>> utilization(an_hour, 2.75e14, 6144).round(3).tolist()
    [0.462, 0.457]
    """
    given = all_positive(flop=flop, peak=peak, chip_hours=chip_hours)
    with overflowing():
        share = given["flop"] / given["peak"] / (given["chip_hours"] * hour)
    if np.any(share > 1):
        worst = np.unravel_index(int(np.argmax(share)), share.shape)
        value = np.broadcast_to(given["chip_hours"], share.shape)[worst]
        least = value * share[worst]
        raise ValueError(f"chip_hours must be at least {least:.3g}, the time at the peak, got {value:.6g}")
    return above_zero(share)


def chip_hours(flop: ArrayLike, peak: ArrayLike, mfu: ArrayLike) -> Float:
    """Hours of all chips together that a run needs: FLOP / (peak x share of it that is used).

    Parameters
    ----------
    flop, peak : array_like
        FLOP of the run, and FLOP per second of one chip; above 0.
    mfu : array_like
        Share of the peak that is used, above 0 and at most 1.

    Examples
    --------
    Llama 3.1 405B (3.8e25 FLOP) at the 41% of 989e12 FLOP/s that its makers measured; they report 30.84
    million hours, with all stops and restarts:

    >>> f"{chip_hours(3.8e25, 989e12, 0.41) / 1e6:.0f} million"
    '26 million'
    """
    given = all_positive(flop=flop, peak=peak, mfu=mfu)
    between("mfu", mfu, 0, 1)
    with overflowing():
        return above_zero(given["flop"] / given["peak"] / given["mfu"] / hour)


def chips(flop: ArrayLike, peak: ArrayLike, mfu: ArrayLike, hours: ArrayLike) -> Float:
    """Chips that do a run in `hours` hours, if each keeps up its share of the peak; round up.

    Parameters
    ----------
    flop, peak, mfu : array_like
        FLOP of the run, FLOP per second of a chip and the share of it, as in `chip_hours`.
    hours : array_like
        Hours that the run may take, above 0.

    Examples
    --------
    Seven billion parameters and two trillion tokens in five days, at 38.4% of the peak of an H100:

    >>> f"{chips(6 * 7e9 * 2e12, 989.4e12, 0.384, 5 * 24):.0f}"
    '512'
    """
    given = all_positive(flop=flop, peak=peak, mfu=mfu, hours=hours)
    with overflowing():
        return above_zero(chip_hours(flop, peak, mfu) / given["hours"])
