"""What we find on every claim of the article, computed from laws and registry, and all in one drawing."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from frontier import bekenstein, codes, landauer, ledger, nofreelunch, quantum, registry, scaling, shannon
from frontier.figures import landauer as heat
from frontier.figures import navigating
from frontier.figures.bekenstein import Box, doublings, orders
from frontier.figures.which_binds_first import headroom, number
from frontier.plotting import COLORS
from frontier.text import scientific

LAW = scaling.BESIROGLU_2024
SIGNS = {"true": "✓", "true if": "◐", "imprecise": "≈", "false": "✗", "untestable": "?"}
SHADES = dict(zip(SIGNS, ("green", "orange", "purple", "vermillion", None), strict=True))


def flop(name: str) -> float:
    """Return the published or estimated compute of a model's training."""
    return number(registry.model(name), "training_flop")


def score(model: str, task: str, **which: str) -> float:
    """Return one published score."""
    return registry.evaluations(task, model=model, **which)[0].value


def excess(name: str) -> float:
    """Return how many times the least compute for its loss a run spent."""
    model = registry.model(name)
    return float(scaling.excess_compute(number(model, "n_params"), number(model, "n_tokens"), LAW))


def findings() -> dict[int, str]:
    """Return what we find on each claim, by the claim's number."""
    found: dict[int, str] = {}
    for section in (
        *(introduction, language_models, proteins_and_pictures, bert_and_alphazero, diminishing_returns),
        *(erasing, storing, sending, no_free_lunch, conclusion),
    ):
        found |= section()
    return dict(sorted(found.items()))


def introduction() -> dict[int, str]:
    """Return the findings on the introduction and on the sentence that opens the laws."""
    kept = LAW.gain(1e25) / LAW.gain(1e24)
    return {
        1: "Gains shrink, but along a smooth line without such a point: each tenfold of compute buys "
        f"{kept:.0%} of what the one before bought, at every size alike.",
        2: "To be on the frontier is to have spent a budget well, not to be at an end: GPT-3 spent "
        f"{excess('GPT-3'):.1f} times the least for its loss, Chinchilla {excess('Chinchilla'):.1f}, "
        f"Llama 3.1 405B {excess('Llama 3.1 405B'):.1f}.",
        23: "Landauer's and Bekenstein's are laws of physics, and they bound other things; diminishing "
        "returns is a regularity of fits, No Free Lunch a theorem about averages.",
    }


def language_models() -> dict[int, str]:
    """Return the findings on GPT."""
    before, after = (score(model, "MMLU") for model in ("GPT-3", "GPT-4"))
    gpt3 = registry.model("GPT-3")
    used = 0.4 * number(registry.chip("H100 SXM5"), "flop_per_second")
    hours = flop("GPT-3") / used / 3600
    most = registry.model("GPT-2").training_flop
    assert most is not None
    assert most.high is not None
    left = LAW.loss(number(gpt3, "n_params"), number(gpt3, "n_tokens")) - LAW.E
    lean = flop("GPT-3") / scaling.training_flop(13e9, 1e12)
    return {
        3: f"In 2020. On MMLU it has {before}, GPT-4 {after}.",
        4: f"About {number(gpt3, 'training_cost') / 1e6:.1f} million dollars and "
        f"{number(gpt3, 'energy') / 3.6e9:,.0f} MWh.",
        5: f"In 2020. Today it is about {round(hours, -3):,.0f} hours of one H100, at 40% of its peak.",
        6: f"About {flop('GPT-3') / flop('GPT-2'):.0f} times the compute, by the estimate for GPT-2; "
        f"{flop('GPT-3') / most.high:.0f} times at the least.",
        7: f"Read off the loss: {LAW.gain(flop('GPT-3')):.3f} nats for the next tenfold after GPT-3, "
        f"{LAW.gain(flop('GPT-4')):.3f} after GPT-4.",
        8: f"Returns diminish from the first FLOP, so they mark no end. Some {left:.2f} nats were left, and "
        f"LLaMA 13B beats GPT-3 on most benchmarks with 1/{lean:.0f} of the compute.",
    }


def proteins_and_pictures() -> dict[int, str]:
    """Return the findings on AlphaFold and DALL-E."""
    second, first = flop("AlphaFold 2"), flop("AlphaFold 1")
    painter, painter2 = registry.model("DALL-E"), registry.model("DALL-E 2")
    smaller = number(painter2, "n_params") / number(painter, "n_params")
    return {
        9: "It reads amino acids, related sequences and templates.",
        10: f"Much for a laboratory, but 1/{flop('GPT-3') / second:.0f} of GPT-3's compute.",
        11: f"A new architecture, and perhaps {second / first:.0f} times the compute of the first version.",
        12: "No scaling law of AlphaFold is published. Version 3 took about "
        f"{flop('AlphaFold 3') / second:.0f} times the compute and widened its scope.",
        13: "Text and image tokens in one sequence.",
        14: f"{number(painter, 'n_images') / 1e6:.0f} million pictures with their captions.",
        15: f"DALL-E 2 makes better pictures with a decoder of {smaller:.2f} times the parameters; measured "
        "returns follow power laws.",
    }


def bert_and_alphazero() -> dict[int, str]:
    """Return the findings on BERT and AlphaZero."""
    glue = {
        model: score(model, "GLUE", metric="mean of nine") for model in ("GPT-1", "BERT-Base", "BERT-Large")
    }
    gone = 1 - (100 - glue["BERT-Large"]) / (100 - glue["BERT-Base"])
    won = score("AlphaZero (chess)", "Chess against Stockfish", metric="won")
    chip_days = 5000 * number(registry.model("AlphaZero (chess)"), "training_days")
    games = {game: number(registry.model(f"AlphaZero ({game})"), "n_games") / 1e6 for game in ("chess", "Go")}
    go = number(registry.limit("Algorithms for Go"), "factor")
    return {
        16: "The first two, yes; an encoder alone does not translate.",
        17: f"GLUE {glue['BERT-Base']} and {glue['BERT-Large']}; GPT-1 had {glue['GPT-1']}.",
        18: f"The larger one makes {gone:.0%} fewer errors at about three times the size. It also wins every "
        "task.",
        19: f"It won {won}% of 1,000 games against Stockfish and lost under 1%.",
        20: f"{games['chess']:.0f} million of chess, {games['Go']:.0f} million of Go.",
        21: f"The machine was: {chip_days:,.0f} chip-days for chess. The compute was "
        f"1/{flop('GPT-3') / flop('AlphaZero'):.0f} of GPT-3's.",
        22: f"KataGo learned Go with about {go:.0f} times less than those before.",
    }


def diminishing_returns() -> dict[int, str]:
    """Return the findings on the law of diminishing returns."""
    decades = np.diff(np.log10(registry.models("GPT-3").values("n_params")))

    def returns(task: str) -> tuple[float, float]:
        """Return points per tenfold of parameters at the first and at the last step."""
        rows = registry.evaluations(task, setting="zero-shot", metric="accuracy")
        first, *_, last = np.diff(rows.values("value")) / decades
        return first, last

    words, trivia = returns("LAMBADA"), returns("TriviaQA")
    stalls = LAW.B * 300e9**-LAW.beta
    return {
        24: f"With one input fixed: at 300 billion tokens the loss stalls {stalls:.2f} nats above E. With "
        "both growing there is no such point.",
        25: f"It depends on the task: LAMBADA's return falls from {words[0]:.0f} to {words[1]:.0f} points "
        f"per tenfold, TriviaQA's goes from {trivia[0]:.0f} to {trivia[1]:.0f}.",
        26: f"For the loss it is a power law: {2 ** (1 / LAW.beta):.1f} times the data halve what is left. "
        "For points of a score that climbs with the logarithm of the data, it is exponential.",
        27: "Where it was measured, loss on other text fell almost in step.",
    }


def erasing() -> dict[int, str]:
    """Return the findings on Landauer's principle."""
    jun, hong = (number(registry.finding(name), "heat") for name in ("Jun 2014", "Hong 2016"))
    chess = heat.self_play("chess")
    least, most = (scientific(chess.overhead(bits).value) for bits in (32, 1))
    silicon = float(landauer.overhead(1 / number(registry.finding("Ho 2023"), "efficiency"), 1, 300))
    return {
        28: f"Only erasing has a price, {landauer.erasure_energy(1, 300):.2e} J a bit at 300 K. Computing in "
        "steps that can be undone has none.",
        29: f"Measured: {jun:.2f} kT with a single particle, {hong:.2f} with nanomagnets, against ln 2 = "
        f"{np.log(2):.2f}.",
        30: f"Not one that forgets nothing: a Toffoli gate erases "
        f"{landauer.erased_bits(landauer.TOFFOLI):.0f} bits, an AND "
        f"{landauer.erased_bits([0, 0, 0, 1]):.2f}.",
        31: f"The energy is real, {chess.energy.value / 3.6e9:.1f} MWh for chess, but {least} to {most} "
        "times the bound.",
        32: f"If they erase. Silicon itself may stop {scientific(silicon)} times above the bound.",
        33: "Energy binds as engineering: the best chip of the registry is "
        f"{headroom()['factor'][0]:.0f} times from what silicon may reach.",
    }


def storing() -> dict[int, str]:
    """Return the findings on the Bekenstein bound."""
    kilogram = float(bekenstein.rest_energy(1.0))
    stick = registry.medium("WD_BLACK SN8100 2TB")
    box = Box(number(stick, "mass"), number(stick, "radius"))
    weights = 16 * number(registry.model("DALL-E"), "n_params")
    return {
        34: f"Storing, yes. Processing has another bound: "
        f"{scientific(float(bekenstein.margolus_levitin_rate(kilogram)))} steps a second for a kilogram.",
        35: f"{scientific(float(bekenstein.max_bits(0.1, kilogram)))} bits for a kilogram within ten "
        "centimetres.",
        36: f"A stick of flash with DALL-E's weights on it is {orders(weights, box.bound):.0f} powers of ten "
        f"away, {doublings(weights, box.bound):.0f} doublings.",
        37: f"One bit an atom comes {doublings(box.atoms, box.bound):.0f} doublings earlier, and even that "
        f"is {doublings(number(stick, 'capacity'), box.atoms):.0f} doublings off.",
    }


def sending() -> dict[int, str]:
    """Return the findings on Shannon's theory."""
    llama = registry.model("Llama 3.1 405B")
    gradients = 2 * number(registry.model("GPT-3"), "n_params")  # bytes, in 16 bits
    rates = number(llama, "network_bandwidth"), number(registry.link("19-core fibre"), "bit_rate") / 8
    slow, fast = (shannon.ring_allreduce_time(gradients, 1024, rate) for rate in rates)
    return {
        38: f"However wide the band, a bit takes {10 * np.log10(shannon.ebn0_limit(0)):.2f} dB at least, "
        "relative to the noise.",
        39: f"{number(llama, 'n_chips'):,.0f} chips for one model.",
        40: "Below capacity errors become as rare as one likes, with long codes; in a block of finite length "
        "they are never zero.",
        41: "And it is the bandwidth one buys that counts, not Shannon's limit: adding up GPT-3's gradients "
        f"takes {slow:.0f} s over a network of 2024, {1000 * fast:.1f} ms over the best fibre.",
        42: f"Codes add redundancy to lose nothing, {1 / codes.hamming().rate:.2f} times the bits in "
        "Hamming's; compression removes it.",
    }


def no_free_lunch() -> dict[int, str]:
    """Return the findings on the No Free Lunch theorem."""
    closed = nofreelunch.cup_fraction(3, 2)
    share = 64 * 4 * 24 / 4  # chips, days and hours of BERT's training against 4 chips for one hour
    glue = {model: score(model, "GLUE", metric="official score") for model in ("BERT-Large", "MT-DNN")}
    return {
        43: "On average over all problems, or over a set closed under rearrangement: of sets of binary "
        f"functions of three points, {closed}.",
        44: "It may not, but the theorem compares procedures over all problems and is silent about any two "
        "tasks.",
        45: f"Within language, adapting it takes at most 1/{share:,.0f} of its pre-training. Outside, the "
        "article has a point.",
        46: f"Trained on many tasks at once, MT-DNN scores {glue['MT-DNN']} on GLUE, BERT-Large "
        f"{glue['BERT-Large']}.",
        47: "True of the weights. One recipe learned chess, shogi and Go; one architecture serves text, "
        "images and proteins.",
    }


def conclusion() -> dict[int, str]:
    """Return the findings on the conclusion."""
    halving = number(registry.limit("Algorithms for language, preprint"), "halving_months")
    levers = {name: size for name, (size, *_) in navigating.levers().items()}
    room = headroom()["factor"][0]
    return {
        48: f"It moves: the compute for one loss halves every {halving:.0f} months, a factor of "
        f"{2 ** (12 / halving):.1f} a year.",
        49: f"Sparsity {levers['sparsity, energy']:.0f} times, Go {levers['algorithms, Go, KataGo']:.0f} "
        f"times, four bits for sixteen {levers['4 bits for 16, one chip']:.0f} times.",
        50: f"Past today's chips: silicon has some hundreds of times left, {room:.0f} from the best chip of "
        "the registry, and no design passes a law of nature.",
        51: "For the proven, general speed-up the arithmetic is sobering: it draws level after "
        f"{navigating.break_even_table()[0]['against 1,000']} against 1,000 processors.",
        52: f"It adds bounds: a search of a million items still takes {quantum.grover_queries(1e6):.0f} "
        "steps, and n qubits yield n bits.",
    }


def overview(ax: Axes) -> str:
    """Draw one square for each claim, section by section, with the sign of its verdict; in words, count."""
    sections: dict[str, list[str]] = {}
    for claim in ledger.claims():
        sections.setdefault(claim.section, []).append(claim.verdict)
    for y, verdicts in enumerate(sections.values()):
        for x, verdict in enumerate(sorted(verdicts, key=list(SIGNS).index)):
            _square(ax, x, y, verdict)
    for y, (verdict, count) in enumerate(ledger.counts().items()):
        _square(ax, 7.4, y + 1, verdict)
        ax.text(8.1, y + 1, f"{count} {verdict}", va="center", fontsize=9)
    ax.set_xlim(-0.6, 10.6)
    ax.set_ylim(len(sections) - 0.4, -0.6)
    ax.set_yticks(range(len(sections)), list(sections))
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    rows = (
        f"{section}: {', '.join(f'{verdicts.count(v)} {v}' for v in SIGNS if v in verdicts)}"
        for section, verdicts in sections.items()
    )
    return f"One square for each claim, by section of the article. {'; '.join(rows)}."


def _square(ax: Axes, x: float, y: float, verdict: str) -> None:
    name = SHADES[verdict]
    ax.plot(x, y, "s", markersize=15, color=COLORS[name] if name else "black", alpha=0.35 if name else 0.12)
    ax.text(x, y, SIGNS[verdict], ha="center", va="center_baseline", fontsize=10)
