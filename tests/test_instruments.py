"""The forms that compute on a page, in a browser: scripts against the package, and how they are used."""

import re
from functools import partial
from http.server import SimpleHTTPRequestHandler

import instruments
import numpy as np
import pytest
from accessible import assert_accessible
from conftest import DESKTOP, PHONE, serving
from playwright.sync_api import expect
from scipy.constants import hour

from frontier import ceilings, landauer, runs, scaling, transformer
from frontier.audit import TrainingRun, growth_left
from frontier.registry import number

RUN, MACHINE = "book/which-binds-first.html", "book/landauer.html"


def said(page):
    """Return every text of a run, by name."""
    texts = page.locator("#run [data-says]").evaluate_all(
        "all => all.map(e => [e.dataset.says, e.textContent])"
    )
    rungs = page.locator("#run li").evaluate_all("all => all.map(e => [e.innerText, e.className])")
    return {name: text.replace("\u00a0", " ") for name, text in texts} | {
        "rungs": [(text.replace("\u00a0", " "), kind) for text, kind in rungs]
    }


def write(page, name, text):
    """Type into a field of the run and leave it."""
    field = page.locator(f"#run-{name}")
    if not field.is_visible():
        page.locator("#run [name=more]").click()
    field.fill(text)
    field.press("Tab")
    return field


# The script against the package


def random_runs(count):
    """Return runs from all over the fields, and beyond what could be."""
    rng = np.random.default_rng(7)
    found = []
    for _ in range(count):
        run = {
            name: float(10 ** rng.uniform(np.log10(low), np.log10(high)))
            for name, (_, low, high, _) in instruments.FIELDS.items()
            if low
        }
        found.append(run | {"chip": str(rng.choice(list(instruments.chips())))})
    return found


def by_the_package(run):
    """Return what the package says of a run, from its functions and not from the extension that uses them."""
    law, cloud, n, d = scaling.BESIROGLU_2024, scaling.besiroglu_2024_draws(), run["params"], run["tokens"]
    flop, watts = scaling.training_flop(n, d), number(run["chip"], "power")
    seconds = transformer.chip_hours(flop, runs.peak(run["chip"]), run["mfu"]) / run["chips"] * hour
    rated = runs.chip_energy(watts, run["chips"], seconds)
    energy = rated * ceilings.site_overhead()
    held = TrainingRun(n, d, chip=run["chip"], bits_per_flop=run["bits"])
    return {
        "flop": flop,
        "seconds": seconds,
        "rated": rated,
        "energy": energy,
        "power": energy / seconds,
        "dollars": energy / 3.6e6 * run["price"],
        "loss": [law.loss(n, d), *np.quantile(cloud.loss(n, d), [0.025, 0.975])],
        "excess": scaling.excess_compute(n, d, law),
        "overhead": landauer.overhead(energy / flop, run["bits"], 300),
        "left": list(growth_left(held, mfu=run["mfu"]).values()),
    }


def test_the_script_says_what_the_package_says(visit):
    every = random_runs(2000)
    told = visit(RUN).locator("#run").evaluate("(form, every) => every.map(form.results)", every)
    expected = [by_the_package(run) for run in every]
    for name in expected[0]:
        found, right = ([np.asarray(run[name], float) for run in runs] for runs in (told, expected))
        np.testing.assert_allclose(found, right, rtol=1e-9, err_msg=name)


def test_each_preset_is_said_as_the_build_says_it(visit):
    """The words, too: the page without a script has those of the build."""
    page = visit(RUN)
    for name, (run, note) in instruments.presets().items():
        button = page.get_by_role("button", name=name, exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        assert page.locator("#run [aria-pressed=true]").count() == 1
        found, texts = instruments.results(run), said(page)
        assert texts | instruments.words(run, found, note) == texts
        for (text, kind), times in zip(texts["rungs"], found["left"], strict=True):
            drawn = instruments.rung(times)
            assert drawn["times"] in text
            assert f"({drawn['range']})" in text
            assert kind == drawn["kind"]
    assert said(page)["verdict"].startswith(
        "This run cannot be: it is past the power of one campus, the text"
    )


def test_without_a_script_the_first_run_is_there(visit):
    still, page = visit(RUN, java_script_enabled=False), visit(RUN)
    for part in ("#run [data-says]", "#run li"):
        assert still.locator(part).all_inner_texts() == page.locator(part).all_inner_texts()
    assert not [one for one in still.locator("#run :is(input, button, select)").all() if one.is_visible()]


def test_published_runs_come_out_as_published():
    """Days, megawatt-hours and chips' hours, from what the registry knows of the chips and their use."""
    every = {name: instruments.results(run) for name, (run, _) in instruments.presets().items()}
    assert every["GPT-3"]["seconds"] / 86_400 == pytest.approx(number("GPT-3", "training_days"), rel=0.02)
    assert every["BERT-Large"]["seconds"] / 86_400 == pytest.approx(4, rel=0.01)
    hours = every["DeepSeek-V3"]["seconds"] / hour * number("DeepSeek-V3", "n_chips")
    assert hours == pytest.approx(number("DeepSeek-V3", "gpu_hours"), rel=0.01)
    llama = every["Llama 3.1 405B"]
    assert llama["rated"] == pytest.approx(number("Llama 3.1 405B", "energy"), rel=0.2)
    assert llama["power"] == pytest.approx(27e6, rel=0.1)  # Sevilla et al. 2024
    assert every["Ten thousand times the largest"]["flop"] == pytest.approx(1e31, rel=0.05)


# What is typed and dragged

SEVEN = ("7e9", "7B", "7 billion", "7bn", "7,000,000,000", "7 000 000 000", "7 × 10⁹", "7x10^9")
GOOD = {"1.5T": 1.5e12, "70,000,000,000": 7e10, "0.5 trillion": 5e11, "405b": 4.05e11, "1e+7": 1e7}
GOOD |= dict.fromkeys(SEVEN, 7e9) | {"340 M": 3.4e8, "7.5 Billion parameters": 7.5e9}


@pytest.fixture
def numbers(visit):
    """Open a run; return its page, and a function that says what of it the address holds."""
    page = visit(RUN)
    return page, lambda name: page.evaluate(
        "k => location.hash.slice(5).split(',')[k]", list(instruments.FIELDS).index(name)
    )


def test_numbers_are_typed_as_people_write_them(numbers):
    page, held = numbers
    for text, value in GOOD.items():
        write(page, "params", "2e6")
        field = write(page, "params", text)
        assert field.get_attribute("aria-invalid") is None
        assert float(held("params")) == pytest.approx(value), text
        place = float(page.locator("[type=range][name=params]").input_value())
        assert place == pytest.approx(np.log10(value), abs=0.03)
    for name, text, value in (("mfu", "38%", 0.38), ("mfu", "0.38", 0.38), ("price", "$0.12", 0.12)):
        write(page, name, text)
        assert float(held(name)) == pytest.approx(value)


BAD = [
    ("params", "many", "must be a number such as 7e9, 7B or 7 billion; “many” is not read as one."),
    ("params", "", "must be a number"),
    ("params", "-7e9", "must be a number"),
    ("params", "7.000.000.000", "must be a number"),
    ("params", "1,5", "must be a number"),
    ("params", "7 zillion", "must be a number"),
    ("params", "12", "must lie between 1 million and 10¹⁶, not at 12."),
    ("tokens", "1e30", "must lie between 100 million and 10¹⁸, not at 1e30."),
    ("mfu", "140%", "must lie between 1% and 100%, not at 140%."),
    ("mfu", "0", "must lie between"),
    ("price", "free", "must be a number such as 0.08"),
]


def test_what_cannot_be_is_refused_in_words(visit):
    """Beside its field, and the last good results stay until it is put right."""
    page = visit(RUN)
    for count, (name, text, words) in enumerate(BAD, 1):
        before, address = said(page), page.url
        field = write(page, name, text)
        message = page.locator(f"#{field.get_attribute('aria-describedby')}")
        assert message.get_attribute("role") == "alert"
        assert message.is_visible()
        assert words in message.inner_text(), text
        assert message.inner_text().startswith(field.evaluate("e => e.labels[0].textContent"))
        assert field.get_attribute("aria-invalid") == "true"
        assert (said(page), page.url) == (before, address)
        write(page, name, {"mfu": f"{30 + count}%", "price": "0.1"}.get(name, f"{count}e11"))
        assert message.inner_text() == ""
        assert field.get_attribute("aria-invalid") is None
        assert said(page) != before


def test_sliders_say_their_setting_and_move_by_keyboard(visit):
    page = visit(RUN)
    page.locator("#run [name=more]").click()
    for slider in page.locator("#run [type=range]").all():
        name, before = slider.get_attribute("name"), said(page)
        slider.press("ArrowRight")
        value = page.locator(f"#run-{name}").input_value()
        assert slider.get_attribute("aria-valuetext").startswith(value)
        assert said(page) != before
        for key, end in (("Home", "min"), ("End", "max")):
            slider.press(key)
            assert float(slider.input_value()) == pytest.approx(float(slider.get_attribute(end)), abs=0.05)
            assert page.locator("#run .wrong:not(:empty)").count() == 0
        assert slider.bounding_box()["height"] >= 44
    page.locator("#run-chip").select_option("B200")
    assert "B200" in said(page)["setting"]
    assert "NaN" not in page.locator("#run").inner_text()


DRAG = """form => {
  const slider = form.querySelector("[type=range]"), times = [];
  for (let i = 0; i < 41; i++) {
    slider.value = 7 + i / 5;
    const start = performance.now();
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    form.getBoundingClientRect();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[20];
}"""


def test_a_run_answers_while_it_is_dragged(visit):
    assert visit(RUN).locator("#run").evaluate(DRAG) < 50


# The address


def test_the_address_holds_the_run(visit, server):
    page = visit(RUN)
    write(page, "params", "7e9")
    page.locator("#run [name=more]").click()
    page.locator("#run-chip").select_option("A100 SXM 80GB")
    moved, sent = said(page), page.url
    assert "#run=7000000000,15600000000000,A100_SXM_80GB,16384,0.41,32,0.08" in sent
    other = visit(sent.removeprefix(server))
    assert said(other) == moved
    assert other.locator("#run").evaluate("e => e.getBoundingClientRect().top < innerHeight")
    first = said(visit(RUN))
    for wrong in (
        "7e9",
        "7e9,1e12,H100_SXM5,1,1,1",
        "0,1e12,H100_SXM5,1,1,1,1",
        "7e9,1e12,Z80,1,1,1,1",
        "%ff",
    ):
        assert said(visit(f"{RUN}#run={wrong}")) == first


def test_the_link_to_a_run_is_copied(visit):
    page = visit(RUN, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="GPT-3").press("Enter")
    page.get_by_role("button", name="Link to this run").press("Enter")
    expect(page.locator("#run [role=status]")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert "#run=174600000000,300000000000,V100_SXM2,10000" in page.url


def test_a_run_works_in_a_frame_of_another_host(visit, server, browser, tmp_path):
    """The link is shown where the clipboard is not to be had."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            """Say nothing."""

    (tmp_path / "index.html").write_text(
        f"<!doctype html><title>Elsewhere</title><iframe src='{server}embed/build-your-run.html"
        "#run=7e9,2e12,B200,512,0.4,1,0.1' width=700 height=900></iframe>"
    )
    with serving(partial(Quiet, directory=tmp_path)) as host:
        context = browser.new_context(viewport=DESKTOP)
        page = context.new_page()
        page.goto(f"http://localhost:{host.server_port}/")
        frame = page.frame_locator("iframe")
        expect(frame.locator("[data-says=setting]")).to_contain_text(
            "7 billion parameters read 2 trillion tokens"
        )
        frame.get_by_role("button", name="BERT-Large").click()
        expect(frame.locator("[data-says=setting]")).to_contain_text("340 million parameters")
        frame.get_by_role("button", name="Link to this run").click()
        expect(frame.locator("[role=status]")).to_contain_text(
            f"{server}embed/build-your-run.html#run=340000000,"
        )
        context.close()


# The machine in your hand


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_device_finds_its_place_on_the_ladder(visit, viewport):
    page = visit(MACHINE, viewport=viewport)
    form = page.locator("#machine")
    assert not form.locator(".yours").is_visible()
    form.get_by_role("button", name="a phone").click()
    assert form.locator("#machine-watts").input_value() == "4"
    form.get_by_role("button", name="Measure this device").press("Enter")
    expect(form.locator(".yours")).to_be_visible()
    words = form.locator("output").inner_text()
    rate = re.match(r"([\d.,]+) (million|billion) operations a second\. At 4 watts", words)
    assert rate, words
    operations = float(rate[1].replace(",", "")) * {"million": 1e6, "billion": 1e9}[rate[2]]
    assert 1e7 < operations < 1e12
    places = form.locator(".dot").evaluate_all("all => all.map(e => e.getBoundingClientRect().left)")
    assert places == sorted(places), "from the least that physics asks to the reader's own"
    joules = 4 / operations
    mantissa, exponent = re.match(r"([\d.]+)\s×\s10⁻(.+) J", form.locator(".yours b").inner_text()).groups()
    power = int(exponent.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))
    assert float(mantissa) * 10**-power == pytest.approx(joules, rel=0.1)
    assert "the browser’s fault" in form.locator(".fault").inner_text()
    form.locator("#machine-watts").fill("8 W")
    form.locator("#machine-watts").press("Enter")
    expect(form.locator("output")).to_contain_text("At 8 watts")
    form.locator("#machine-watts").fill("none")
    form.locator("#machine-watts").press("Tab")
    expect(form.locator(".wrong")).to_contain_text("Watts must be a number from 0.01 to 100,000")
    expect(form.locator("output")).to_contain_text("At 8 watts")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_the_page_goes_on_answering_while_a_device_is_measured(visit):
    page = visit(MACHINE)
    longest = page.evaluate(
        """async () => {
          let last = performance.now(), longest = 0;
          document.querySelector("#machine [name=measure]").click();
          while (document.querySelector("#machine .yours").hidden) {
            await new Promise((resolve) => setTimeout(resolve, 4));
            longest = Math.max(longest, performance.now() - last);
            last = performance.now();
          }
          return longest;
        }"""
    )
    assert longest < 300


def test_the_ladder_of_a_device_is_that_of_the_package(visit):
    page = visit(MACHINE, java_script_enabled=False)
    shown = page.locator("#machine [data-joules]").evaluate_all("all => all.map(e => +e.dataset.joules)")
    best = ceilings.best_chip()
    assert shown[0] == landauer.erasure_energy(1, 300)
    assert shown[2] == number(best, "power") / number(best, "fp4_per_second")
    assert shown[3] == number("B200", "power") / number("B200", "flop_per_second")
    assert not page.locator("#machine button").first.is_visible()
    assert "Nothing is sent anywhere" in page.locator("#machine output").inner_text()


# How they look


@pytest.mark.parametrize("name", ["book/intro.html", RUN, "embed/build-your-run.html"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_letters_are_large_enough_and_nothing_is_wider_than_the_screen(visit, name, viewport):
    page = visit(name, viewport=viewport)
    page.locator("#run [name=more]").click()
    for preset in page.locator("#run [name=preset]").all():
        preset.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert page.locator("#run").evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    sizes = page.locator("#run :is(a, b, span, p, dd, dt, label, button)").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 12
    entries = page.locator("#run :is([type=text], select)").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(entries) >= 16


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_for_a_frame_is_accessible(visit, scheme):
    page = visit("embed/build-your-run.html", color_scheme=scheme, viewport=PHONE)
    page.locator("#run [name=more]").click()
    write(page, "params", "none")
    page.get_by_role("button", name="Ten thousand").focus()
    assert_accessible(page)


def test_on_paper_and_in_forced_colours_the_run_is_read(visit):
    page = visit(RUN)
    page.emulate_media(media="print")
    assert not [one for one in page.locator("#run :is(input, button, select)").all() if one.is_visible()]
    assert page.locator("#run [data-says=setting]").is_visible()
    page.emulate_media(media="screen", forced_colors="active")
    bar = "e => getComputedStyle(e).backgroundColor !== getComputedStyle(document.body).backgroundColor"
    assert page.locator("#run .bar").first.evaluate(bar)
