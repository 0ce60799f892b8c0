"""Our own experiment: what the grid must be."""

import csv
from pathlib import Path

import numpy as np
import pytest

from experiments import predict
from experiments.design import SHAPES
from frontier import sweep

DATA = Path(sweep.__file__).parent / "data"


def rows(name):
    return list(csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines()))


def test_the_grid_is_an_isoflop_grid_with_every_best_size_inside():
    ours = sweep.runs()
    budgets = np.unique(ours.budget)
    assert len(budgets) >= 5
    assert np.all(np.diff(np.log10(budgets)) < 0.55)
    assert budgets[-1] / budgets[0] >= 3**4
    for budget in budgets:
        here = ours.budget == budget
        assert len(np.unique(ours.n_params[here])) == np.sum(here) >= 7
        assert 0 < np.argmin(ours.loss[here]) < np.sum(here) - 1
    assert np.ptp(np.log10(ours.n_params)) >= 2.5
    np.testing.assert_allclose(ours.flop, ours.budget, rtol=0.002)


def test_the_compute_of_each_run_is_that_of_its_shape_and_near_6nd():
    per_token = {shape.n_params: shape.flop_per_token for shape in SHAPES}
    for purpose in ("search", "grid", "repeat", "prediction"):
        ours = sweep.runs(purpose)
        counted = np.array([per_token[n] for n in ours.n_params]) * ours.n_tokens
        np.testing.assert_array_equal(ours.flop, counted)
        ratio = ours.flop / (6 * ours.n_params * ours.n_tokens)
        assert 1 < ratio.min() <= ratio.max() < 1.5


def test_no_run_is_there_twice_and_none_reads_its_text_twice():
    names = [row["run"] for row in rows("sweep_runs.csv")]
    assert len(names) == len(set(names))
    assert max(sweep.runs(p).n_tokens.max() for p in ("grid", "prediction")) < 128_806_243  # bytes of text


def test_noise_between_seeds_is_small_against_what_the_grid_shows():
    ours, again = sweep.runs(), sweep.runs("repeat")
    first = ours.loss[(ours.budget == again.budget[0]) & np.isin(ours.n_params, again.n_params)]
    assert len(first) == len(again) == 7
    assert set(again.seed) == {1.0}
    assert np.std(again.loss - first) < 0.1 * np.ptp(first)


@pytest.mark.parametrize("purpose", ["grid", "repeat", "prediction"])
def test_every_curve_falls_from_the_loss_of_ignorance_towards_the_loss_of_its_run(purpose):
    ours = sweep.runs(purpose)
    for name, flop, final in zip(ours.run, ours.flop, ours.loss, strict=True):
        spent, loss = sweep.curve(str(name))
        assert np.all(np.diff(spent) > 0)
        assert spent[-1] < flop
        assert 1.05 * np.log(128) > loss[0] > loss[-1] > final - 0.02


def test_a_curve_repeats_the_trunk_of_its_model():
    """End points of one model share all of the curve before the first of them cools down."""
    ours = sweep.runs()
    names = ours.run[ours.n_params == 106_496]
    first, last = (sweep.curve(str(name)) for name in (names[0], names[-1]))
    shared = first[0] < 0.8 * ours.flop[ours.run == names[0]]
    np.testing.assert_allclose(first[0][shared], last[0][: np.sum(shared)], rtol=0.001)
    np.testing.assert_array_equal(first[1][shared], last[1][: np.sum(shared)])


def test_the_files_are_small():
    assert sum(path.stat().st_size for path in DATA.glob("sweep_*.csv")) < 2e6
    assert (DATA / "sweep_text.npz").stat().st_size < 300_000


def test_the_text_is_python_and_both_parts_differ():
    train, held_out = sweep.text()
    assert train.max() < 128
    assert b"self" in train.tobytes()
    assert not {row.tobytes() for row in train} & {
        row.tobytes() for row in held_out if b"  " not in row.tobytes()
    }


def test_the_prediction_on_file_is_the_one_that_the_grid_gives():
    row = rows("sweep_prediction.csv")[0]
    assert predict.prediction() == pytest.approx(
        {name: float(value) for name, value in row.items()}, rel=2e-3
    )


def test_the_predicted_run_is_the_one_that_was_made():
    made = sweep.runs("prediction")
    row = rows("sweep_prediction.csv")[0]
    assert made.n_params.tolist() == [float(row["n_params"])]
    assert made.n_tokens[0] == pytest.approx(float(row["n_tokens"]), rel=1e-3)
    assert made.flop[0] == pytest.approx(3 * sweep.runs().budget.max(), rel=0.001)


def test_runs_of_several_purposes_come_together_and_can_be_picked():
    every = sweep.runs("grid", "search", "repeat", "prediction")
    assert len(every) == len(rows("sweep_runs.csv")) == 91
    assert np.all(np.diff(every.budget) >= 0)
    again = every[every.purpose == "repeat"]
    np.testing.assert_array_equal(again.loss, sweep.runs("repeat").loss)
    assert sweep.runs().run.tolist() == sweep.runs("grid").run.tolist()


def test_what_is_not_there_is_refused_by_name():
    with pytest.raises(ValueError, match=r"^purposes must be among grid, .*, got 'nothing'$"):
        sweep.runs("grid", "nothing")
    with pytest.raises(ValueError, match=r"^run must be the name of a run with a curve, got 'nothing'$"):
        sweep.curve("nothing")
    with pytest.raises(ValueError, match=r"^again must hold runs that are in ours too"):
        sweep.seed_noise(sweep.runs(), sweep.runs("prediction"))


def test_the_noise_between_seeds_is_half_the_variance_of_their_difference():
    ours, again = sweep.runs(), sweep.runs("repeat")
    first = ours[(ours.budget == again.budget[0]) & np.isin(ours.n_params, again.n_params)]
    square = np.mean((again.loss - first.loss) ** 2) / 2
    assert sweep.seed_noise(ours, again) == pytest.approx(np.sqrt(square)) == pytest.approx(0.0053, abs=5e-5)
