"""Forecasts of runs not seen: how often they hold, and what is refused."""

import warnings

import numpy as np
import pytest

from frontier import fitting, sweep
from frontier.forecasting import backtest, predict
from frontier.scaling import BESIROGLU_2024 as LAW


def runs(seed, n=40, noise=0.01):
    rng = np.random.default_rng(seed)
    n_params, n_tokens = 10 ** rng.uniform(7.5, 9.5, n), 10 ** rng.uniform(9, 11, n)
    return n_params, n_tokens, LAW.loss(n_params, n_tokens) * np.exp(noise * rng.standard_normal(n))


def test_intervals_hold_measured_losses_about_as_often_as_they_say():
    """600 runs to come, nominal 90%: the law's own band alone would hold about half."""
    inside, band = [], []
    for seed in range(30):
        data, new = runs(seed), runs(1000 + seed, n=20)
        draws = fitting.bootstrap(*data, n_resamples=200)
        said = predict(draws, *new[:2])
        inside += [(said.low < new[2]) & (new[2] < said.high)]
        low, high = np.quantile(draws.law.loss(new[0][:, None], new[1][:, None]), [0.05, 0.95], axis=-1)
        band += [(low < new[2]) & (new[2] < high)]
    assert np.mean(inside) == pytest.approx(0.9, abs=0.04)
    assert np.mean(band) < 0.7


def test_a_backtest_fits_what_lies_below_and_nothing_else():
    n_params, n_tokens, loss = runs(0, noise=1e-3)
    flop = 6 * n_params * n_tokens
    wrong = np.where(flop < 1e19, loss, 2 * loss)
    for given in (loss, wrong):
        test = backtest(n_params, n_tokens, given, below=1e19, n_resamples=50)
        seen = flop < 1e19
        assert test.found.law == fitting.fit(n_params[seen], n_tokens[seen], loss[seen]).law
        np.testing.assert_array_equal(test.loss, given[~seen])
    assert np.all(test.miss < -0.4)
    assert test.held == 0
    assert len(repr(test).splitlines()) == np.sum(~seen) + 1


def test_our_sweep_foretells_its_own_largest_budgets():
    ours = sweep.runs()
    test = backtest(ours.n_params, ours.n_tokens, ours.loss, below=2e12, flop=ours.budget, n_resamples=200)
    assert np.max(np.abs(test.miss)) < 0.03
    assert test.held > 0.8


def test_what_cannot_be_foretold_is_refused():
    data = runs(0)
    with pytest.raises(ValueError, match=r"below must leave runs to foretell, got 1e\+30"):
        backtest(*data, below=1e30)
    with pytest.raises(ValueError, match="runs must be at least 5"):
        backtest(*data, below=1e10)
    power = fitting.bootstrap_power(data[0], LAW.loss(data[0], 1e10), n_resamples=5)
    with pytest.raises(TypeError, match="must be of a ScalingLaw"):
        predict(power, 1e9, 1e10)


@pytest.mark.filterwarnings("ignore::UserWarning")  # few runs leave doubts, which are tested elsewhere
def test_constants_that_were_given_do_not_widen_the_interval():
    """Six runs leave one free of five constants and three of three."""
    data = runs(3, n=6)
    with pytest.raises(ValueError, match="more runs than their 5 constants, got 5"):
        predict(fitting.bootstrap(*(column[:5] for column in data), n_resamples=5), 1e9, 1e10)
    few = fitting.bootstrap(*data, E=LAW.E, tie=True, n_resamples=5)
    assert few.found.n_constants == 3
    assert np.isfinite(predict(few, 1e9, 1e10)).all()


def test_each_doubt_of_a_backtest_is_a_warning_once():
    n_params = np.logspace(7.5, 9.5, 40)
    loss = LAW.loss(n_params, 20 * n_params) * np.exp(np.random.default_rng(1).normal(0, 1e-3, 40))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        backtest(n_params, 20 * n_params, loss, below=1e19, n_resamples=20)
    said = [str(one.message) for one in caught]
    assert any("together" in words for words in said)
    assert len(said) == len(set(said))
