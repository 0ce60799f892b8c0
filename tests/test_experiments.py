"""The experiment: its plan, its text, and (where PyTorch is installed) its training."""

import hashlib
import importlib
import os
import zipfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from experiments import corpus, design
from experiments.design import Job, Shape
from frontier import decoder

# The plan


def test_every_budget_is_spent_by_seven_shapes_around_the_middle():
    for budget in design.BUDGETS:
        sizes = [shape.n_params for shape in design.shapes_for(budget)]
        assert sizes == sorted(set(sizes))
        assert len(sizes) == design.PER_BUDGET
        assert sizes[1] < design.best_size(budget) < sizes[-2]


def test_the_jobs_of_the_grid_make_every_run_once_and_read_no_text_twice():
    jobs = design.grid((0.26, -0.355))
    ends = [(job.shape, budget) for job in jobs for budget in job.budgets]
    assert len(ends) == len(set(ends)) == len(design.BUDGETS) * design.PER_BUDGET
    assert len({job.name for job in [*jobs, *design.search(), *design.repeats((0.26, -0.355))]}) == (
        len(jobs) + len(design.search()) + design.PER_BUDGET
    )
    assert max(job.steps[-1] for job in jobs) * design.WINDOWS * decoder.CONTEXT < 128e6
    assert [job.work for job in jobs] == sorted((job.work for job in jobs), reverse=True)


def test_steps_spend_the_budget():
    job = Job("grid", Shape(32, 1), 0.01, (1e11, 1e12))
    for steps, budget in zip(job.steps, job.budgets, strict=True):
        assert steps * job.flop_per_step == pytest.approx(budget, rel=1e-3)


def test_the_best_rate_of_known_parabolas_is_found():
    sizes, rates = np.array([1e3, 1e4, 1e5]), np.array([[1, 2, 4, 8], [0.5, 1, 2, 4], [0.25, 0.5, 1, 2]])
    best = 30 * sizes**-0.3
    losses = 2 + (np.log(rates) - np.log(best)[:, None]) ** 2
    a, b = design.fitted_rate(sizes, rates, losses)
    assert (a, b) == (pytest.approx(30, rel=1e-6), pytest.approx(-0.3, abs=1e-9))


# The text


@pytest.fixture
def made_corpus(tmp_path, monkeypatch):
    """A small corpus in place of the real one: the same functions, other files."""
    rng = np.random.default_rng(0)
    words = ["def", "return", "self", "x", "y", "=", "(", ")", "\n    ", "for", "in", "import", "\n"]
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    with zipfile.ZipFile(wheels / "made-1-py3-none-any.whl", "w") as wheel:
        for number in range(300):
            head = "# Licence.\n#\n\n" if number % 2 else ""
            wheel.writestr(f"made/{number}.py", head + " ".join(rng.choice(words, 800)))
        wheel.writestr("made/same.py", "# Another head.\n" + "print(1)\n" * 100)
        wheel.writestr("made/same_again.py", "print(1)\n" * 100)
        wheel.writestr("made/short.py", "x = 1\n")
        wheel.writestr("made/umlaut.py", "ä = 1\n" * 200)
        wheel.writestr("made/notes.txt", "no Python\n" * 200)
    monkeypatch.setattr(corpus, "WORK", tmp_path)
    monkeypatch.setattr(corpus, "fetch", lambda _wheels: None)
    return tmp_path


def build_with_true_checksums(monkeypatch, folder):
    texts = {}
    for wheel in (folder / "wheels").glob("*.whl"):
        texts |= {hashlib.sha256(text).hexdigest(): text for text in corpus.sources(wheel)}
    sums = {}
    for part in ("train", "held_out"):
        chosen = [name for name in sorted(texts) if corpus.held_out(name) == (part == "held_out")]
        sums[part] = hashlib.sha256(b"".join(texts[name] + b"\0" for name in chosen)).hexdigest()
    monkeypatch.setattr(corpus, "SHA256", sums)
    corpus.build()
    return texts


def test_the_text_is_every_fit_file_once_in_one_of_two_parts(made_corpus, monkeypatch):
    texts = build_with_true_checksums(monkeypatch, made_corpus)
    assert len(texts) == 301
    parts = {part: corpus.load(part).tobytes() for part in ("train", "held_out")}
    assert b"Licence" not in parts["train"] + parts["held_out"]
    assert sum(part.count(b"\0") for part in parts.values()) == 301
    held_out = {name for name in texts if texts[name] in parts["held_out"]}
    assert 0 < len(held_out) < 15
    assert all(texts[name] not in parts["train"] for name in held_out)


def test_text_of_another_checksum_is_refused_and_not_left_behind(made_corpus):
    with pytest.raises(ValueError, match="train must have the checksum 49d9"):
        corpus.build()
    assert not (made_corpus / "train.bin").exists()


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (b"# a\n#\n\nx = 1\n# b\n", b"x = 1\n# b\n"),
        (b"x = 1\n", b"x = 1\n"),
        (b"  # a\r\n\r\n'''doc'''", b"'''doc'''"),
        (b"# only\n", b""),
    ],
)
def test_the_comments_at_the_head_go(text, rest):
    assert corpus.without_head(text) == rest


def test_windows_cover_the_text_and_share_one_byte():
    text = np.arange(200, dtype=np.uint8)
    assert corpus.n_windows(text) == 3
    chosen = corpus.windows(text, np.arange(3))
    assert chosen.shape == (3, 65)
    assert chosen[0, -1] == chosen[1, 0] == 64


# The training


@pytest.fixture
def torch():
    if os.environ.get("FRONTIER_REQUIRE_TORCH"):
        return importlib.import_module("torch")
    return pytest.importorskip("torch", reason="PyTorch is not installed: make sweep-test installs it")


def matrices(weights):
    return [weights.embedding, *(matrix for layer in weights.layers for matrix in layer)]


@pytest.mark.parametrize("shape", [Shape(8, 1), Shape(24, 1), Shape(48, 2)])
def test_the_decoder_in_numpy_is_the_one_in_pytorch(torch, shape):
    from experiments.model import Decoder, mean_loss

    weights = decoder.random_weights(shape.width, shape.depth, 1, np.float64)
    model = Decoder(shape, seed=0).double()
    assert [tuple(p.shape) for p in model.parameters()] == [matrix.shape for matrix in matrices(weights)]
    with torch.no_grad():
        for parameter, matrix in zip(model.parameters(), matrices(weights), strict=True):
            parameter.copy_(torch.from_numpy(matrix))
    text = np.random.default_rng(2).integers(0, 128, (3, 65))
    value = mean_loss(model, torch.from_numpy(text))
    value.backward()
    expected, gradient = decoder.loss_and_gradient(weights, text)
    assert value.item() == pytest.approx(expected, rel=1e-6)
    for parameter, slope in zip(model.parameters(), matrices(gradient), strict=True):
        np.testing.assert_allclose(parameter.grad.numpy(), slope, atol=1e-7)


@pytest.mark.parametrize("shape", [Shape(8, 1), Shape(64, 3), Shape(96, 4)])
def test_the_flop_are_those_that_pytorch_counts(torch, shape):
    from torch.utils.flop_counter import FlopCounterMode

    from experiments.model import Decoder, mean_loss

    model, text = Decoder(shape, seed=0), torch.randint(0, 128, (4, 65))
    with (
        FlopCounterMode(display=False) as counter,
        torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH),
    ):
        mean_loss(model, text).backward()
    counted = counter.get_total_flops() / (4 * decoder.CONTEXT)
    assert shape.flop_per_token == pytest.approx(counted, rel=1e-12)


SMALL = Job("grid", Shape(8, 1), 0.01, (3e8, 6e8), seed=0)


def without_time(results):
    from experiments.train import all_runs

    entries = list(all_runs(results))
    for entry in entries:
        entry["row"].pop("seconds")
    return entries


@pytest.fixture
def small(torch, made_corpus, monkeypatch):
    """Training on the made text, with the functions of the real one."""
    from experiments import train

    build_with_true_checksums(monkeypatch, made_corpus)
    monkeypatch.setattr(train, "LOOK", 8)
    monkeypatch.setattr(train, "FINAL", 8)
    monkeypatch.setattr(train, "FIRST_LOOK", 2)
    monkeypatch.setattr(train, "SAVE_EVERY", 3)
    return train


@pytest.mark.parametrize("killed_after", [1, 7, 12, 13, 15, 20, 26])
def test_a_killed_run_goes_on_to_the_same_end_and_nothing_is_made_twice(
    small, made_corpus, monkeypatch, killed_after
):
    whole, torn = made_corpus / "whole", made_corpus / "torn"
    whole.mkdir()
    torn.mkdir()
    small.train(SMALL, whole, "cpu")
    steps = 0

    def dying(trainer, rate, real=small.timed):
        nonlocal steps
        steps += 1
        if steps == killed_after:
            raise KeyboardInterrupt
        real(trainer, rate)

    with monkeypatch.context() as patch:
        patch.setattr(small, "timed", dying)
        with pytest.raises(KeyboardInterrupt):
            small.train(SMALL, torn, "cpu")
    assert small.done(SMALL, torn) < 1
    small.train(SMALL, torn, "cpu")
    assert without_time(torn) == without_time(whole)
    assert len(without_time(torn)) == 2
    assert not list(torn.glob("*.pt"))
    assert small.done(SMALL, torn) == 1
    monkeypatch.setattr(small, "Trainer", None)  # a finished job does not even start
    assert small.train(SMALL, torn, "cpu") == [f"{SMALL.name}-3e+08", f"{SMALL.name}-6e+08"]


def test_end_points_of_one_model_are_runs_of_their_own_length(small, made_corpus):
    both, alone = made_corpus / "both", made_corpus / "alone"
    both.mkdir()
    alone.mkdir()
    small.train(SMALL, both, "cpu")
    small.train(Job("grid", SMALL.shape, SMALL.rate, SMALL.budgets[:1]), alone, "cpu")
    assert without_time(both)[0] == without_time(alone)[0]
    rows = [entry["row"] for entry in without_time(both)]
    assert [row["n_tokens"] for row in rows] == [steps * 512 for steps in SMALL.steps]


def test_a_job_that_would_read_its_text_twice_is_refused(small, made_corpus):
    with pytest.raises(ValueError, match="would read the text more than once"):
        small.train(Job("grid", SMALL.shape, 0.01, (1e12,)), made_corpus, "cpu")


def test_every_executor_gives_the_same_rows(small, made_corpus):
    from dask.distributed import Client, LocalCluster

    from experiments import sweep

    jobs = [SMALL, Job("grid", Shape(12, 1), 0.01, (3e8,))]
    found = {}
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster,
        Client(cluster) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        for name, executor in {"pool": pool, "dask": client.get_executor()}.items():
            results = made_corpus / name
            sweep.run(jobs, executor=executor, results=results)
            found[name] = without_time(results)
    assert found["pool"] == found["dask"]
    assert len(found["pool"]) == 3


def test_the_results_are_written_as_the_package_reads_them(small, made_corpus):
    import csv

    from experiments import sweep

    results, data = made_corpus / "runs", made_corpus / "data"
    data.mkdir()
    with ThreadPoolExecutor(1) as pool:
        sweep.run([SMALL], executor=pool, results=results)
    sweep.write(results, data)
    rows = list(csv.DictReader((data / "sweep_runs.csv").read_text(encoding="utf-8").splitlines()))
    theirs = (sweep.DATA / "sweep_runs.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert list(rows[0]) == theirs
    assert [row["run"] for row in rows] == [f"{SMALL.name}-3e+08", f"{SMALL.name}-6e+08"]
    assert (data / "sweep_curves.csv").read_text(encoding="utf-8").startswith("run,step,loss\n")
