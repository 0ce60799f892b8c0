"""Instruments: forms that compute in the reader's browser, and show a first result without any script.

A notebook names one, such as `:::{div} build-run`; the words within are for JupyterLab, which shows them.
Here the form takes their place, with the results of a first run that `frontier` worked out, and a script of
its own that `frontier` gives its constants. tests/test_instruments.py holds the scripts against the package.
"""

import json
import math
import re
from pathlib import Path

import numpy as np
from docutils import nodes
from figures import LICENSE
from scipy.constants import hour

from frontier import audit, ceilings, landauer, registry, runs, scaling, transformer
from frontier.registry import number
from frontier.show import compact_number, in_time, scientific

KWH = 1e3 * hour
FIELDS = {  # of a run, in the order in which an address names them: label, range, words after the number
    "params": ("Parameters", 1e6, 1e16, "parameters"),
    "tokens": ("Tokens", 1e8, 1e18, "tokens"),
    "chip": ("Chip", None, None, ""),
    "chips": ("Number of chips", 1, 1e10, "chips"),
    "mfu": ("Used of their peak", 0.01, 1, "of the peak"),
    "bits": ("Bits erased in an operation", 0.1, 1e3, "bits"),
    "price": ("Price of a kilowatt-hour", 0.001, 10, "dollars"),
}
ASSUMED = {"bits": 32.0, "price": 0.08}
FIRST = ceilings.DISCLOSED
LOSS_BAND = (0.025, 0.975)
LATENCY = "which-binds-first#a-law-the-article-leaves-out"
NEAR = "which-binds-first#the-first-five-one-by-one"
COST = "which-binds-first#what-a-run-costs-and-who-could-pay-for-more"
SILICON = "which-binds-first#how-much-better-silicon-can-get"
# The rungs, in the order of `growth_left`: the group that starts here and its class, the limit on its own and
# within a sentence, the place that argues it.
LADDER = (
    (("What people make", "people"), "Text worth reading", "the text worth reading", NEAR),
    (None, "Power of one campus", "the power of one campus", NEAR),
    (None, "100 billion dollars", "100 billion dollars", COST),
    (None, "Chips that can be made", "the chips that can be made", NEAR),
    (None, "Latency of networks", "the latency of networks", LATENCY),
    (("Silicon", "silicon"), "The best silicon", "the best silicon", SILICON),
    (("Laws of nature", "nature"), "Landauer’s floor", "Landauer’s floor", "landauer#the-law"),
    (None, "The Bekenstein bound", "the Bekenstein bound", "bekenstein#the-law"),
)
DECADES = (-6, 24)  # of growth, which the ladder of a run shows
JOULES = (-22, -4)  # decades of the ladder of a device
WATTS = {"a phone": 4, "a laptop": 25, "a desktop": 120}  # what such a device draws at work: assumed


def chips():
    """Return peak in 16 bits and power of the chips of which both are known."""
    rows = [row for row in registry.entries("chips") if row.flop_per_second and row.power]
    return {row.name: (row.flop_per_second.value, row.power.value) for row in rows}


def presets():
    """Return known runs, and one that is none: a name, the run, and where it is not as published."""

    def known(name, chip, n_chips, mfu):
        model = registry.find(name)
        size = (model.n_active_params or model.n_params).value
        run = {"params": size, "tokens": model.n_tokens.value, "chip": chip, "chips": n_chips, "mfu": mfu}
        return run | ASSUMED

    def used(name, chip, hours):
        model = registry.find(name)
        flop = scaling.training_flop((model.n_active_params or model.n_params).value, model.n_tokens.value)
        return round(float(transformer.utilization(flop, runs.peak(chip), hours)), 3)

    bert = number("BERT-Large", "n_chips")
    hours = bert * number("BERT-Large", "training_days") * 24
    gopher, deepseek = registry.find("Gopher"), registry.find("DeepSeek-V3")
    far = 1e4 * registry.largest_run().training_flop.value
    ratio = number("Compute-optimal training", "tokens_per_param")
    size = float(f"{math.sqrt(far / 6 / ratio):.1e}")
    mfu = number(FIRST, "mfu")
    return {
        "BERT-Large": (
            known("BERT-Large", "TPU v2", bert, used("BERT-Large", "TPU v2", hours)),
            "Which TPUs they were is not told; the second generation is our guess.",
        ),
        "GPT-3": (known("GPT-3", "V100 SXM2", number("GPT-3", "n_chips"), number("GPT-3", "mfu")), ""),
        "Chinchilla": (
            known("Chinchilla", gopher.chip, gopher.n_chips.value, gopher.mfu.value),
            "How many chips it had is not told; these are Gopher’s.",
        ),
        FIRST: (known(FIRST, "H100 SXM5", number(FIRST, "n_chips"), mfu), ""),
        "DeepSeek-V3": (
            known(
                "DeepSeek-V3",
                "H100 SXM5",
                deepseek.n_chips.value,
                used("DeepSeek-V3", "H800 SXM", deepseek.gpu_hours.value),
            ),
            f"Of {compact_number(deepseek.n_params.value, 3)} parameters those that a token passes through. "
            "The chips were H800s, whose power we do not know; the H100 has the same peak.",
        ),
        "Ten thousand times the largest": (
            {"params": size, "tokens": ratio * size, "chip": "B200", "chips": 1e8, "mfu": mfu} | ASSUMED,
            f"Ten thousand times the compute of {registry.largest_run().name}, the largest run known.",
        ),
    }


def results(run):
    """Return all that is said of a run, by the functions of the package."""
    law, cloud = scaling.BESIROGLU_2024, scaling.besiroglu_2024_draws()
    peak, watts = chips()[run["chip"]]
    size, tokens = run["params"], run["tokens"]
    flop = float(scaling.training_flop(size, tokens))
    seconds = float(transformer.chip_hours(flop, peak, run["mfu"]) / run["chips"] * hour)
    rated = float(runs.chip_energy(watts, run["chips"], seconds))
    energy = rated * ceilings.site_overhead()
    low, high = np.quantile(cloud.loss(size, tokens), LOSS_BAND)
    held = audit.TrainingRun(size, tokens, chip=run["chip"], bits_per_flop=run["bits"])
    return {
        "flop": flop,
        "seconds": seconds,
        "rated": rated,
        "energy": energy,
        "power": energy / seconds,
        "dollars": energy / KWH * run["price"],
        "loss": [float(law.loss(size, tokens)), float(low), float(high)],
        "excess": float(scaling.excess_compute(size, tokens, law)),
        "overhead": float(landauer.overhead(energy / flop, run["bits"], 300)),
        "left": [list(times) for times in audit.growth_left(held, mfu=run["mfu"]).values()],
    }


def constants():
    """Return what the script needs in the place of the package."""
    law, cloud = scaling.BESIROGLU_2024, scaling.besiroglu_2024_draws()
    names = ("E", "A", "B", "alpha", "beta")
    # A run of one parameter, one token and one FLOP: what is left is what of each limit belongs to no run.
    one = audit.growth_left(
        audit.TrainingRun(1.0, 1.0, chip="H100 SXM5", bits_per_flop=1.0, training_flop=1.0), mfu=1.0
    )
    peak, watts = chips()["H100 SXM5"]
    per_joule = peak / (watts * ceilings.site_overhead())
    left = [[float(x) for x in times] for times in one.values()]
    left[0] = [x / 6 for x in left[0]]
    left[1] = [x / per_joule for x in left[1]]
    return {
        "law": {name: float(getattr(law, name)) for name in names},
        "draws": [getattr(cloud, name).tolist() for name in names],
        "band": LOSS_BAND,
        "chips": chips(),
        "overhead": ceilings.site_overhead(),
        "ktln2": float(landauer.erasure_energy(1, 300)),
        "left": left,
        "ladder": [row[2] for row in LADDER],
        "decades": DECADES,
        "fields": {name: [low, high] for name, (_, low, high, _) in FIELDS.items() if low},
        "presets": [{"name": name, "run": run, "note": note} for name, (run, note) in presets().items()],
    }


# Words, as the script writes them


def amount(value, digits=2):
    """Write a number in full, from a million with the words that people have, or with its power of ten."""
    if 1e-3 <= value < 1e6:
        return f"{float(f'{value:.{digits - 1}e}'):,.12g}"
    return compact_number(value, digits) if 1e6 <= value < 1e15 else scientific(value, digits)


def growth(times):
    """Write how many times a run could still grow, or by how much it is past."""
    return f"{amount(times)} times" if times >= 1 else f"passed, {amount(1 / times)} times"


def entry(name, value):
    """Write a setting as its field shows it."""
    if name == "mfu":
        return f"{float(f'{100 * value:.3g}'):g}%"
    return re.sub(r"\.?0+(?= ×)", "", amount(value, 6))


def listed(words):
    """Join words as a sentence does."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def verdict(left):
    """Say what binds first."""
    order = sorted(range(len(left)), key=lambda k: left[k][0])
    passed = [LADDER[k][2] for k in order if left[k][0] < 1]
    near = (k for k in order if left[k][0] >= 1)
    first, second = next(near), next(near)
    name = LADDER[first][2]
    times = growth(left[first][0])
    if passed:
        head = f"This run cannot be: it is past {listed(passed)}. Next would be {name}, at {times}."
    else:
        low, high = (amount(x) for x in left[first][1:])
        binds = "bind" if name.endswith(("dollars", "made")) else "binds"
        head = (
            f"{name[0].upper()}{name[1:]} {binds} first: this run could take {times} as much compute "
            f"({low} to {high}). Next is {LADDER[second][2]}, at {growth(left[second][0])}."
        )
    nature = min(left[-2:], key=lambda times: times[0])
    return f"{head} The first law of nature stands at {growth(nature[0])}."


def words(run, found, note):
    """Return the texts of a run, by the names that the page gives their places."""
    low, high = (f"{x:.3f}" for x in found["loss"][1:])
    said = {name: entry(name, run[name]) for name in ("chips", "mfu", "bits", "price")}
    megawatts, rated = amount(found["power"] / 1e6), amount(found["rated"] / (1e3 * KWH))
    return {
        "verdict": verdict(found["left"]),
        "setting": f"{amount(run['params'], 3)} parameters read {amount(run['tokens'], 3)} tokens, on "
        f"{said['chips']} {run['chip']} at {said['mfu']} of their peak in 16 bits. "
        f"Assumed: {said['bits']} bits erased in an operation, {said['price']} dollars for a "
        f"kilowatt-hour. {note}".strip(),
        "flop": f"{scientific(found['flop'], 3)} FLOP",
        "days": in_time(found["seconds"]),
        "energy": f"{amount(found['energy'] / (1e3 * KWH))} MWh",
        "energy-note": f"{megawatts} MW; the chips alone {rated} MWh",
        "dollars": f"{amount(found['dollars'])} dollars",
        "loss": f"{found['loss'][0]:.3f} nats",
        "loss-note": f"95% of the refits: {low} to {high}",
        "excess": f"{amount(found['excess'], 3)} times",
        "overhead": f"{amount(found['overhead'])} times",
    }


def place(value, ends=DECADES):
    """Return where a number stands on a logarithmic axis, in per cent of its length."""
    return 100 * min(max((math.log10(value) - ends[0]) / (ends[1] - ends[0]), 0), 1)


def rung(times):
    """Return how a rung is drawn: from the run to the limit a bar, around its end the range."""
    here, (mid, low, high) = place(1), map(place, times)
    return {
        "bar": f"left:{min(here, mid):.2f}%;width:{abs(mid - here):.2f}%",
        "band": f"left:{low:.2f}%;width:{high - low:.2f}%",
        "times": growth(times[0]),
        "range": f"{amount(times[1])} to {amount(times[2])}",
        "kind": "passed" if times[0] < 1 else "beyond" if mid == 100 else "",
    }


# Pages


def build_run(app, up, home):
    """Return *Build your run* as HTML; `up` leads to the root of the site, `home` finds a page."""
    run, note = presets()[FIRST]
    found = results(run)
    rungs, groups = [rung(times) for times in found["left"]], []
    for (group, name, _, page), drawn in zip(LADDER, rungs, strict=True):
        if group:
            groups.append((*group, []))
        groups[-1][-1].append({"name": name, "page": home(page), **drawn})
    fields = [
        {
            "name": name,
            "label": label,
            "unit": unit,
            "text": entry(name, run[name]),
            "least": low and math.log10(low),
            "most": high and math.log10(high),
            "at": low and f"{math.log10(run[name]):.2f}",
        }
        for name, (label, low, high, unit) in FIELDS.items()
        if low
    ]
    return app.builder.templates.render(
        "build-run.html",
        {
            "up": up,
            "home": home,
            "presets": list(presets()),
            "first": FIRST,
            "fields": fields,
            "chips": list(chips()),
            "chip": run["chip"],
            "groups": groups,
            "words": words(run, found, note),
            "here": place(1),
            "ticks": [(place(10.0**power), scientific(10.0**power)) for power in (6, 12, 18, 24)],
        },
    )


def your_machine(app, up, home):
    """Return *The machine in your hand* as HTML."""
    best, silicon = ceilings.best_chip(), number("CMOS processors", "flop_per_joule")
    joules = {
        "A bit forgotten: kT ln 2": float(landauer.erasure_energy(1, 300)),
        "The best silicon, 4 bits": 1 / silicon,
        f"{best}, 4 bits": number(best, "power") / number(best, "fp4_per_second"),
    }
    for chip in ("B200", "V100 SXM2"):
        peak, power = chips()[chip]
        joules[f"{chip}, 16 bits"] = power / peak
    rungs = [
        {"name": name, "joules": value, "text": f"{scientific(value)} J", "at": f"{place(value, JOULES):.2f}"}
        for name, value in joules.items()
    ]
    given = {"up": up, "home": home, "rungs": rungs, "watts": WATTS, "ends": JOULES}
    ticks = [(place(10.0**power, JOULES), scientific(10.0**power)) for power in (-20, -15, -10, -5)]
    return app.builder.templates.render("your-machine.html", given | {"ticks": ticks})


INSTRUMENTS = {"build-run": build_run, "your-machine": your_machine}


def put(app, doctree, docname):
    """Put the instruments where a page names them."""
    up = "../" * docname.count("/")
    for node in list(doctree.findall(nodes.container)):
        for name in set(node["classes"]) & set(INSTRUMENTS):

            def home(place):
                page, _, part = place.partition("#")
                same = docname == f"book/{page}"
                uri = "" if same else app.builder.get_relative_uri(docname, f"book/{page}")
                return f"{uri}#{part}" if part else uri or "#"

            text = INSTRUMENTS[name](app, up, home) if app.builder.format == "html" else ""
            node.replace_self(nodes.raw("", text, format="html"))


def write(app, exception):
    """Give the script its constants, and *Build your run* a page of its own."""
    start, title = "book/which-binds-first", "Build your run"
    if exception or app.builder.format != "html" or start not in app.env.found_docs:
        return
    name = "_static/instruments/build-run.js"
    script = Path(app.srcdir, "book", name).read_text(encoding="utf-8")
    packed = json.dumps(constants(), ensure_ascii=False, separators=(",", ":"))
    script, count = re.subn(r"(?<=const data = )null(?=;)", lambda _: packed, script)
    assert count == 1, f"{name} has no place for its constants"
    Path(app.outdir, name).write_text(script, encoding="utf-8")

    def home(place):
        page, _, part = place.partition("#")
        return f"../{app.builder.get_target_uri(f'book/{page}')}" + (f"#{part}" if part else "")

    page = {"figure": build_run(app, "../", home), "title": title, "home": home("which-binds-first")}
    page |= {"address": app.config.html_baseurl + app.builder.get_target_uri(start)}
    page |= {"chapter": app.env.titles[start].astext(), "book": app.config.html_title}
    page |= {"license": LICENSE, "language": app.config.language}
    target = Path(app.outdir, "embed", "build-your-run.html")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(app.builder.templates.render("embed.html", page), encoding="utf-8")


def setup(app):
    app.connect("doctree-resolved", put)
    app.connect("build-finished", write)  # before policy.py reads every page
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
