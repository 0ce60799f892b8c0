"""What we find on every claim of the article, computed from laws and registry, and all in one drawing."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from frontier import (
    bekenstein,
    codes,
    landauer,
    ledger,
    network,
    nofreelunch,
    quantum,
    registry,
    runs,
    scaling,
    selfplay,
    shannon,
    transformer,
)
from frontier.bekenstein import Box, doublings, orders
from frontier.ceilings import headroom, levers
from frontier.registry import number
from frontier.runs import flop, ladder, score
from frontier.show.style import COLORS
from frontier.show.words import compact_number, in_time, scientific

LAW = scaling.BESIROGLU_2024
SIGNS = {"true": "✓", "true if": "◐", "imprecise": "≈", "false": "✗", "untestable": "?"}
SHADES = dict(zip(SIGNS, ("green", "orange", "purple", "vermillion", None), strict=True))


def excess(name: str) -> float:
    """Return how many times the least compute for its loss a run spent."""
    return float(runs.excess(name, LAW))


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
        1: "Gains do shrink, but along a smooth line without such a point: each tenfold of compute buys "
        f"{kept:.0%} of what the one before bought, at every size alike.",
        2: "Some have, at every scale. But to be there is to have spent a budget well, not to be at an end: "
        f"GPT-3 spent {excess('GPT-3'):.1f} times the least for its loss, Chinchilla "
        f"{excess('Chinchilla'):.1f}, Llama 3.1 405B {excess('Llama 3.1 405B'):.1f}.",
        26: "Shannon's entropy of text is a floor under the loss. But none of the five says why the curve "
        "lies where it does above: with Landauer's and Bekenstein's bounds ten times as tight a FLOP would "
        "buy the same loss.",
    }


def language_models() -> dict[int, str]:
    """Return the findings on GPT."""
    before, after = (score("MMLU", model) for model in ("GPT-3", "GPT-4"))
    used = number("Llama 3.1 405B", "mfu")
    hours = float(transformer.chip_hours(flop("GPT-3"), number("H100 SXM5", "flop_per_second"), used))
    price = number("DeepSeek-V3", "training_cost") / number("DeepSeek-V3", "gpu_hours")
    most = registry.find("GPT-2").fact("training_flop").range.high
    lean = flop("GPT-3") / flop("LLaMA 13B")
    return {
        3: f"In 2020 it was. On MMLU it has {before}, GPT-4 {after}.",
        4: "The first two, yes: readers told its news from people's in "
        f"{score('News articles', 'GPT-3'):.0f}% of cases, hardly better than chance, and it answers "
        f"{score('TriviaQA', 'GPT-3', setting='few-shot')}% of TriviaQA's questions. Simple "
        "programs too, its makers report; but of HumanEval's it solved "
        f"{score('HumanEval', 'GPT-3'):.0f}%, where its version tuned on code solved some.",
        5: f"By estimates, about {number('GPT-3', 'training_cost') / 1e6:.1f} million dollars and "
        f"{number('GPT-3', 'energy') / 3.6e9:,.0f} MWh.",
        6: f"In 2020, of which it speaks, few had {number('GPT-3', 'n_chips'):,.0f} such chips. Since then "
        f"the same arithmetic has come to rent for some {hours * price / 1e6:.1f} "
        f"million dollars: {round(hours, -3):,.0f} hours of one H100.",
        7: f"About {flop('GPT-3') / flop('GPT-2'):.0f} times the compute, by the estimate for GPT-2; "
        f"{flop('GPT-3') / most:.0f} times at the least.",
        8: f"Read off the loss: {LAW.gain(flop('GPT-3')):.3f} nats for the next tenfold after GPT-3, "
        f"{LAW.gain(flop('GPT-4')):.3f} after what GPT-4 may have used. On single tasks returns can rise.",
        9: f"Models did come near it, GPT-3 to {excess('GPT-3'):.1f} times the least compute. But returns "
        "diminish from the first FLOP, so they do not indicate that; LLaMA 13B beats GPT-3 on most "
        f"benchmarks with 1/{lean:.0f} of the compute.",
    }


def proteins_and_pictures() -> dict[int, str]:
    """Return the findings on AlphaFold and DALL-E."""
    second, first = flop("AlphaFold 2"), flop("AlphaFold 1")
    chips, days = (number("AlphaFold 2", which) for which in ("n_chips", "training_days"))
    esm = registry.entries("models", family="ESM-2")
    _sizes, contacts = ladder([model.name for model in esm], "Contacts")
    pictures = (scaling.HENIGHAN_2020_TEXT_TO_IMAGE, scaling.HENIGHAN_2020_IMAGES)
    exponents = [*(float(law.exponent) for law in pictures), scaling.FINZI_2026_IMAGES.frontier_exponent]
    halvings = [2 ** (1 / exponent) for exponent in exponents]
    return {
        10: "In the blind test of 2020, CASP14, it led by far; in the median it scored "
        f"{score('CASP14 all domains', 'AlphaFold 2', metric='median GDT_TS')} of 100.",
        11: "If it means what genes encode: sequences of amino acids, with related ones from databases. "
        "Known shapes serve as templates.",
        12: f"{chips:.0f} chips for {days:.0f} days: far beyond what a laboratory spends on one model, "
        f"though 1/{flop('GPT-3') / second:.0f} of GPT-3's compute.",
        13: f"A new architecture, besides perhaps {second / first:.0f} times the compute of the first "
        "version.",
        14: "ESM-2, another model of proteins, speaks for it: of a hundred contacts a tenfold of parameters "
        f"got {contacts[0]:.0f} more right at first, {contacts[-1]:.0f} at last. But AlphaFold has no "
        f"published scaling law; version 3, with about {flop('AlphaFold 3') / second:.0f} times the compute, "
        "widened its scope.",
        15: "Text and image go in as tokens of one sequence.",
        16: f"By an estimate 1/{flop('GPT-3') / flop('DALL-E'):.0f} of GPT-3's, on "
        f"{number('DALL-E', 'n_chips'):,.0f} chips.",
        17: f"{number('DALL-E', 'n_images') / 1e6:.0f} million pictures with their captions.",
        18: f"With one method, halving what can still be lost took {min(halvings):.0f} to "
        f"{max(halvings):.0f} times the compute, by the way of counting. But that is a power law, the "
        "same at every size. DALL-E 2 had a new method and perhaps "
        f"{flop('DALL-E 2') / flop('DALL-E'):.0f} times the compute.",
    }


def bert_and_alphazero() -> dict[int, str]:
    """Return the findings on BERT and AlphaZero."""
    glue = {
        model: score("GLUE", model, metric="mean of nine") for model in ("GPT-1", "BERT-Base", "BERT-Large")
    }
    gone = 1 - (100 - glue["BERT-Large"]) / (100 - glue["BERT-Base"])
    base, large = (number(f"BERT-{size}", "n_params") for size in ("Base", "Large"))
    won, lost = (
        score("Chess against Stockfish", "AlphaZero (chess)", metric=metric) for metric in ("won", "lost")
    )
    n_chips, days = (number("AlphaZero (chess)", which) for which in ("n_chips", "training_days"))
    games = {game: number(f"AlphaZero ({game})", "n_games") / 1e6 for game in ("chess", "Go")}
    go = number("Algorithms for Go", "factor")
    counted = [x / flop("GPT-3") for x in selfplay.alphazero("Go").operations]
    return {
        19: "The first two, yes; an encoder alone does not translate.",
        20: f"On GLUE {glue['BERT-Base']} and {glue['BERT-Large']}; GPT-1 had {glue['GPT-1']}.",
        21: f"With {large / base:.1f} times the parameters the mean of GLUE comes {gone:.0%} nearer to 100. "
        "Still, the larger one wins every column.",
        22: f"At chess it won {won}% of its games against Stockfish, lost {lost}%, drew the rest; at Go it "
        f"won {score('Go against AlphaGo Zero', 'AlphaZero (Go)'):.0f}% against AlphaGo Zero of three days.",
        23: f"{games['chess']:.0f} million of chess, {games['Go']:.0f} million of Go.",
        24: f"{n_chips:,.0f} chips were, for chess {n_chips * days:,.0f} chip-days. By our count "
        f"of the games, chess took 1/{flop('GPT-3') / flop('AlphaZero (chess)'):.0f} of GPT-3's compute, "
        "thirteen days of Go {:.1f} times it ({:.1f} to {:.1f}).".format(*counted),
        25: f"For larger boards it holds. KataGo, with a better method, took about {go:.0f} times less "
        "compute than comparable programs. Returns stayed level in Hex, Connect Four and Pentago; in Oware "
        "and Checkers larger networks failed to improve.",
    }


def diminishing_returns() -> dict[int, str]:
    """Return the findings on the law of diminishing returns."""
    plain = {"setting": "zero-shot", "metric": "accuracy"}
    sizes = registry.entries("models", family="GPT-3").values("n_params")

    def returns(task: str) -> tuple[float, float]:
        """Return points per tenfold of parameters at the first and at the last step."""
        points = registry.evaluations(task, **plain).values("value")
        first, *_, last = scaling.return_per_decade(sizes, points)
        return first, last

    words, trivia = returns("LAMBADA"), returns("TriviaQA")
    tokens = number("GPT-3", "n_tokens")
    gpt4 = registry.find("GPT-4").training_flop.range
    stalls = LAW.B * tokens**-LAW.beta
    return {
        27: f"With one input fixed: at {compact_number(tokens)} tokens the loss stalls {stalls:.2f} nats "
        "above the irreducible loss, however large the model. With both growing there is no such point.",
        28: "From a sister of GPT-2's size to GPT-3, LAMBADA rose from "
        f"{score('LAMBADA', 'GPT-3 XL', **plain)} to {score('LAMBADA', 'GPT-3', **plain)} points, TriviaQA "
        f"from {score('TriviaQA', 'GPT-3 XL', **plain)} to {score('TriviaQA', 'GPT-3', **plain)}.",
        29: "Per parameter they did. Per tenfold of parameters it depends on the task: among the sizes of "
        f"GPT-3 LAMBADA's return falls from {words[0]:.0f} to {words[1]:.0f} points, TriviaQA's goes from "
        f"{trivia[0]:.0f} to {trivia[1]:.0f}.",
        30: f"By the estimate for GPT-4, {gpt4.value / flop('GPT-3'):.0f} times the compute "
        f"({gpt4.low / flop('GPT-3'):.0f} to {gpt4.high / flop('GPT-3'):.0f}). Data and energy were not "
        "disclosed.",
        31: "For points of a score that climbs with the logarithm of the data, it does. For the loss the "
        f"need is a power law: {2 ** (1 / LAW.beta):.1f} times the data halve what the lack of data costs.",
        32: "In proportion to the data it does not. But in step with the loss on familiar text it nearly "
        "does, where it was measured: the loss on other kinds of text is higher, and falls with it.",
    }


def erasing() -> dict[int, str]:
    """Return the findings on Landauer's principle."""
    jun, hong = (registry.find(name).heat.range for name in ("Jun 2014", "Hong 2016"))
    chess = selfplay.alphazero("chess")
    least, most = (scientific(chess.overhead(bits).value) for bits in (32, 1))
    silicon = float(landauer.overhead(1 / number("CMOS processors", "flop_per_joule"), 1, 300))
    bit = float(landauer.erasure_energy(1, 300))
    best, worst, kindest = headroom()["factor"]
    return {
        33: f"And it says to what it is tied: erasing a bit costs at least {scientific(bit, 3)} J at 300 K. "
        "Computing in steps that can be undone has no such price.",
        34: f"And measured, for a bit: {jun.value:.2f} kT with a single particle, {hong.value:.2f} "
        f"({hong.low:.2f} to {hong.high:.2f}) with nanomagnets, against ln 2 = {np.log(2):.2f}.",
        35: f"If it forgets: an AND erases {landauer.erased_bits([0, 0, 0, 1]):.2f} bits. One that can be "
        f"undone has no minimum: a Toffoli gate erases {landauer.erased_bits(landauer.TOFFOLI):.0f}.",
        36: f"If energy as such is meant: {chess.energy.value / 3.6e9:.1f} MWh for chess in the chips alone. "
        f"It was {least} to {most} times the bound, if each operation erases 32 bits or one.",
        37: f"As long as they erase. Silicon itself may stop {scientific(silicon)} times above the bound, if "
        "each operation erases one bit.",
        38: "The two ways are the right ones, but what binds is engineering: from the best chip of the "
        f"registry to what silicon may reach it is {best:.0f} times ({worst:.0f} to {kindest:,.0f}).",
    }


def storing() -> dict[int, str]:
    """Return the findings on the Bekenstein bound."""
    kilogram = float(bekenstein.rest_energy(1.0))
    stick = "WD_BLACK SN8100 2TB"
    box = Box(number(stick, "mass"), number(stick, "radius"))
    atoms = box.atoms(number("Silicon", "molar_mass"))
    weights = 16 * number("DALL-E", "n_params")
    steps = bekenstein.margolus_levitin_rate(energy=kilogram)
    bits = bekenstein.max_bits(0.1, energy=kilogram)
    return {
        39: "If what is meant is held at one time. Of the pace, theory bounds only steps between states "
        f"that can be told apart, {scientific(float(steps))} a second for a kilogram; energy alone limits no "
        "clock.",
        40: f"Its weights, {weights / 8e9:.0f} gigabytes in 16 bits each, did not fit into the "
        f"{number('V100 SXM2', 'memory') / 1e9:.0f} of a chip that trained it.",
        41: f"{scientific(float(bits))} bits for a kilogram in a sphere of ten centimetres' radius.",
        42: "The limits are real. But DALL-E's weights on a stick of flash are "
        f"{orders(weights, box.bound):.0f} powers of ten, or {doublings(weights, box.bound):.0f} doublings, "
        "below what the bound allows the stick.",
        43: "Any material ends, at the latest at one bit an atom, "
        f"{doublings(atoms, box.bound):.0f} doublings before this bound. But that is "
        f"{doublings(number(stick, 'capacity'), atoms):.0f} doublings away from a stick of flash, "
        "and a second stick doubles what there is.",
    }


def sending() -> dict[int, str]:
    """Return the findings on Shannon's theory."""
    part = 2 * number("GPT-3", "n_params") / 64  # bytes of a chip, at 64 chips to a copy as in the chapter
    took = {
        link: 1e3 * float(network.ring_allreduce_time(part, 1024, number(link, "bit_rate") / 8))
        for link in ("Llama 3 network", "NVLink 4")
    }
    noise = float(shannon.ebn0_limit(0))
    return {
        44: "A proven theorem. However wide the band, the energy of a bit is at least "
        f"{noise:.2f} times that of the noise in one hertz ({10 * np.log10(noise):.2f} dB).",
        45: f"{number('Llama 3.1 405B', 'n_chips'):,.0f} chips for Llama 3.1 405B; by an estimate at least "
        f"{number('GPT-6 Astra', 'n_chips'):,.0f} for GPT-6 Astra.",
        46: "There is: the capacity. Below it errors become as rare as one likes, with long codes; in a "
        "block of finite length they are never zero.",
        47: "What counts is the bandwidth one buys, not Shannon's limit: with 64 chips to a copy, adding up "
        f"GPT-3's gradients takes {took['Llama 3 network']:.0f} ms over a network of 2024, "
        f"{took['NVLink 4']:.0f} ms over links like those in a server.",
        48: "Compression does remove redundancy. But codes add it, so as to lose nothing: "
        f"{1 / codes.hamming().rate:.2f} times the bits in Hamming's.",
    }


def no_free_lunch() -> dict[int, str]:
    """Return the findings on the No Free Lunch theorem."""
    closed = nofreelunch.cup_fraction(3, 2)
    bert, adapted = registry.find("BERT-Large"), registry.find("BERT-Large, adapted to a task")
    pretraining = bert.n_chips.value * bert.training_days.value * 24 * 3600
    share = pretraining / (adapted.fact("count").value * adapted.fact("duration").value)
    glue = {model: score("GLUE", model, metric="official score") for model in ("BERT-Large", "MT-DNN")}
    return {
        49: "None wins each. Nor on average over all problems, or over a set of them closed under "
        "rearrangement. Few sets are: "
        f"of those of yes-or-no functions of three points, {closed}.",
        50: "On all others together it does no better than chance. About any two the theorem is silent.",
        51: "There the whole network must be trained further. "
        f"Within it, adapting BERT takes at most 1/{share:,.0f} of its pre-training.",
        52: "Tuning for a task does help: MT-DNN, trained on many and then tuned to each, scores "
        f"{glue['MT-DNN']} on GLUE, BERT-Large {glue['BERT-Large']}. But GPT-4, tuned for none, has beaten "
        "models tuned for one.",
        53: "Its training process must change, its architecture need not: one serves chess, images and "
        "proteins.",
    }


def conclusion() -> dict[int, str]:
    """Return the findings on the conclusion."""
    gained = levers()
    calls = (number("Quantum speed-up, 2021", which) for which in ("quantum_time", "classical_time"))
    level = quantum.break_even(*calls, n_processors=1000).duration
    halving = number("Algorithms for language, preprint", "halving_months")
    yearly, slow, fast = gained["algorithms, language, a year (preprint)"]
    sparsity, go, bits = (
        gained[name].value
        for name in ("sparsity, energy", "algorithms, Go, KataGo", "4 bits for 16, one chip")
    )
    tested = "algorithms, language, a year (accounted for)"
    room, least, most = headroom()["factor"]
    return {
        54: "Returns diminish along it. But the line moves, by the better algorithms that the article names: "
        f"the compute for one loss halved every {halving:.0f} months, a factor of {yearly:.1f} a year "
        f"({slow:.1f} to {fast:.1f}), of which tests account for {gained[tested].value:.1f} "
        "on large runs.",
        55: f"It has paid: sparsity {sparsity:.0f} times in energy, KataGo's method {go:.0f} times in "
        f"compute, four bits for sixteen {bits:.0f} times in speed.",
        56: f"Past today's chips: silicon has hundreds of times left, {room:.0f} ({least:.0f} to "
        f"{most:,.0f}) from the best chip of the registry. No design passes a law of nature.",
        57: f"It may be. The general gain, of a search, draws level after {in_time(float(level))} against "
        "1,000 processors in the kindest case of 2021. Larger ones are known for special tasks, "
        "some proven; for training networks as we do, none is shown and none excluded.",
        58: "Quantum physics has rules of its own, but they add bounds: a search of a million items still "
        f"takes {quantum.grover_queries(1e6):.0f} steps, and n qubits, without entanglement shared before, "
        "yield at most n bits.",
    }


def verdicts() -> dict[str, list[str]]:
    """Return the verdicts on each section of the article, in its order."""
    sections: dict[str, list[str]] = {}
    for claim in ledger.claims():
        sections.setdefault(claim.section, []).append(claim.verdict)
    return sections


def overview(ax: Axes) -> str:
    """Draw one square for each claim, section by section, with the sign of its verdict; in words, count."""
    sections = verdicts()
    for y, found in enumerate(sections.values()):
        for x, verdict in enumerate(sorted(found, key=list(SIGNS).index)):
            _square(ax, x, y, verdict)
    for y, (verdict, count) in enumerate(ledger.counts().items()):
        _square(ax, 7.4, y + 1, verdict)
        ax.text(8.1, y + 1, f"{count} {verdict}", va="center")
    ax.set_xlim(-0.6, 10.6)
    ax.set_ylim(len(sections) - 0.4, -0.6)
    ax.set_yticks(range(len(sections)), list(sections))
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    rows = (
        f"{section}: {', '.join(f'{found.count(v)} {v}' for v in SIGNS if v in found)}"
        for section, found in sections.items()
    )
    return f"One square for each claim, by section of the article. {'; '.join(rows)}."


def _square(ax: Axes, x: float, y: float, verdict: str) -> None:
    name = SHADES[verdict]
    ax.plot(
        x,
        y,
        "s",
        markersize=15,
        color=COLORS[name] if name else "black",
        alpha=0.35 if name else 0.12,
        label=verdict,
    )
    ax.text(x, y, SIGNS[verdict], ha="center", va="center_baseline")


# --- The table ------------------------------------------------------------------------------------


def _slug(verdict: str) -> str:
    return verdict.replace(" ", "-")


@dataclass(frozen=True)
class Ledger:
    """The claims with what was found; shows itself as a table that a reader can narrow to one verdict."""

    findings: Mapping[int, str]

    def __post_init__(self) -> None:
        """Check that every claim has its finding and nothing else has one."""
        numbers = {claim.number for claim in ledger.claims()}
        wrong = sorted(numbers ^ set(self.findings))
        if wrong:
            raise ValueError(
                f"findings must have one entry for each claim, got none or one too many: {wrong}"
            )
        for n, finding in self.findings.items():
            if not finding.strip():
                raise ValueError(f"findings must not be empty, got {finding!r} for claim {n}")

    def __repr__(self) -> str:
        """Write one claim a line, with verdict and finding."""
        return "\n".join(
            f"{claim.number}. {claim.quotation}: {claim.verdict}. {self.findings[claim.number]}"
            for claim in ledger.claims()
        )

    def _repr_html_(self) -> str:
        names = ("Number", "The article", "Verdict", "What we find")
        head = "".join(f'<th role="columnheader" scope="col">{name}</th>' for name in names)
        rows = "".join(self._row(claim) for claim in ledger.claims())
        table = (
            "<table role='table'><caption>Every claim, in the article's order</caption>"
            f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
            f'<tbody role="rowgroup">{rows}</tbody></table>'
        )
        return f'<div class="ledger">{_STYLE}{_filter()}{table}</div>'

    def _row(self, claim: ledger.Claim) -> str:
        sources = ", ".join(registry.source_link(key) for key in claim.sources)
        chapter = f'<a href="{claim.chapter}.html">{claim.section}</a>'
        found = html.escape(self.findings[claim.number])
        name = f"claim-{claim.number}"
        cells = [
            f'<a href="#{name}">{claim.number}</a>',
            f"“{html.escape(claim.quotation)}”",
            f'<span class="verdict verdict-{_slug(claim.verdict)}">{claim.verdict}</span>',
            f"{found} ({'; '.join(filter(None, (chapter, sources)))})",
        ]
        row = "".join(f'<td role="cell">{cell}</td>' for cell in cells)
        return f'<tr role="row" class="is-{_slug(claim.verdict)}" id="{name}">{row}</tr>'


# A row is hidden where the button of another verdict is pressed: no script, so it works everywhere. On a
# phone the cells of a row stand below one another; the roles above say that it is still a table.
_STYLE = (
    "<style>"
    + "".join(
        f".ledger:has([value={v}]:checked) tbody tr:not(.is-{v}){{display:none}}"
        for v in map(_slug, ledger.VERDICTS)
    )
    + ".ledger fieldset{border:0;display:flex;flex-wrap:wrap;gap:.4rem;font-family:var(--plain,sans-serif);"
    "margin:0 0 1rem;padding:0}.ledger legend{font-size:.875rem;margin:0 0 .25rem;padding:0}"
    ".ledger label{align-items:center;border:1px solid var(--pst-color-text-muted,#777);border-radius:6px;"
    "cursor:pointer;display:flex;font-size:.875rem;gap:.4em;min-height:2.75rem;padding:0 .55rem;"
    "position:relative}"
    ".ledger label span{font-variant-numeric:tabular-nums;opacity:.85}"
    ".ledger label:has(:checked){background:var(--pst-color-primary,#14507d);"
    "color:var(--pst-color-background,#fff)}"
    ".ledger label:has(:focus-visible){outline:2px solid;outline-offset:2px}"
    ".ledger label input{height:1px;margin:0;opacity:0;position:absolute;width:1px}"
    "@media (forced-colors:active){.ledger label:has(:checked){border-width:3px;font-weight:700}}"
    ".ledger tbody tr{scroll-margin-top:5rem}"
    "@media (max-width:40rem){.ledger :is(table,caption,tbody,tr,td){display:block}"
    ".ledger thead{display:none}"
    ".ledger tbody td{border:0;padding:.15rem 0}"
    ".ledger tbody tr{border-bottom:1px solid var(--pst-color-border,#ccc);padding:.6rem 0}"
    ".ledger tbody td:is(:first-child,:nth-child(2)){display:inline;padding-right:.4rem}}</style>"
)


def _filter() -> str:
    choices = {"all": sum(ledger.counts().values()), **ledger.counts()}
    buttons = "".join(
        f'<label><input type="radio" name="ledger" value="{_slug(verdict)}" autocomplete="off"'
        f"{' checked' if verdict == 'all' else ''}>{verdict} <span>{count}</span></label>"
        for verdict, count in choices.items()
    )
    return f"<fieldset><legend>Show the claims that are</legend>{buttons}</fieldset>"
