"""Train one model through all its budgets, so that a kill at any moment loses less than a minute.

The trunk runs at a constant rate. It is saved every so often, and each finished end point is a file of its
own: a repeated call goes on from there and makes nothing twice.
"""

import copy
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from experiments import corpus
from experiments.design import WINDOWS, Job
from experiments.model import Decoder, mean_loss
from frontier._adam import BETAS
from frontier.decoder import CLIP, CONTEXT, COOLDOWN, VOCABULARY, WARMUP

LOOK, FINAL = 2_048, 16_384  # windows of held-out text: at each look, at an end point
LOOKS_PER_TENFOLD = 10  # of the tokens read
FIRST_LOOK = 20  # steps
SAVE_EVERY = 200  # steps of a trunk


class Trainer:
    """A model, its optimizer, and how far it has come: everything that a checkpoint holds."""

    def __init__(self, job: Job, device: str) -> None:
        self.job, self.device = job, device
        self.model = Decoder(job.shape, job.seed).to(device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=job.rate, betas=BETAS, fused=True)
        self.step, self.seconds = 0, 0.0
        self.curve: list[tuple[int, float]] = []  # steps taken, held-out loss
        self.text = torch.from_numpy(np.asarray(corpus.load("train"))).to(device)
        self.order = np.random.default_rng(job.seed).permutation(corpus.n_windows(self.text))
        if len(self.order) < job.steps[-1] * WINDOWS:
            raise ValueError(
                f"{job.name} would read the text more than once: it has {len(self.order)} windows"
            )

    def state(self) -> dict[str, Any]:
        """Return a copy of what changes."""
        parts = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
        return copy.deepcopy({**parts, "step": self.step, "seconds": self.seconds, "curve": self.curve})

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to an earlier state."""
        state = copy.deepcopy(state)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.seconds, self.curve = state["step"], state["seconds"], state["curve"]

    def batch(self) -> Tensor:
        """Return the windows of the present step; no step of a run sees those of another."""
        numbers = self.order[self.step * WINDOWS : (self.step + 1) * WINDOWS]
        places = torch.from_numpy(numbers[:, None] * CONTEXT + np.arange(CONTEXT + 1))
        return self.text[places.to(self.device)].long()

    def advance(self, rate: float) -> None:
        """Take one step of Adam."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad()
        mean_loss(self.model, self.batch()).backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self.optimizer.step()
        self.step += 1

    def loss(self, n_windows: int) -> float:
        """Return the mean held-out loss in nats per byte, over windows spread evenly over the text."""
        text = corpus.load("held_out")
        numbers = np.linspace(0, corpus.n_windows(text) - 1, n_windows).astype(int)
        chosen = torch.from_numpy(corpus.windows(text, numbers)).to(self.device).long()
        with torch.no_grad():
            losses = [float(mean_loss(self.model, part)) * len(part) for part in chosen.split(256)]
        return sum(losses) / len(chosen)


def cooled(fraction: float) -> float:
    """Factor of the rate when this fraction of a cool-down is over (Hägele et al. 2024): 1 - sqrt."""
    return 1 - math.sqrt(fraction)


def train(job: Job, results: Path, device: str) -> list[str]:
    """Bring a job to its end and return the names of its finished runs.

    Each run leaves a file ``NAME.json`` in `results` with its row and its curve; ``NAME.pt`` holds the trunk.
    """
    torch.set_num_threads(1)  # the runs share the cores, not the parts of a run
    names = [f"{job.name}-{budget:.3g}" for budget in job.budgets]
    if all((results / f"{name}.json").is_file() for name in names):
        return names
    trainer, trunk = Trainer(job, device), results / f"{job.name}.pt"
    if trunk.is_file():
        trainer.restore(torch.load(trunk, weights_only=True))
    warmup = max(1, round(WARMUP * job.steps[0]))
    for name, budget, steps in zip(names, job.budgets, job.steps, strict=True):
        start = steps - round(COOLDOWN * steps)
        for rate in (job.rate * min(1.0, (step + 1) / warmup) for step in range(trainer.step, start)):
            timed(trainer, rate)
            if look_now(trainer.step):
                look(trainer)
            if trainer.step % SAVE_EVERY == 0:
                save(trunk, trainer)
                trunk.with_suffix(".step").write_text(str(trainer.step))  # for the progress bar
        if (results / f"{name}.json").is_file():
            continue
        save(trunk, trainer)
        state = trainer.state()
        for step in range(start, steps):
            timed(trainer, job.rate * cooled((step - start) / (steps - start)))
            if look_now(trainer.step) and trainer.step < steps:
                look(trainer)
        finish(results / f"{name}.json", name, budget, trainer)
        trainer.restore(state)
    for path in (trunk, trunk.with_suffix(".step")):
        path.unlink(missing_ok=True)
    return names


def timed(trainer: Trainer, rate: float) -> None:
    """Take a step and add up the time."""
    start = time.perf_counter()
    trainer.advance(rate)
    trainer.seconds += time.perf_counter() - start


def look_now(step: int) -> bool:
    """Whether this step is one of those, evenly spread over the logarithm, at which the loss is measured."""
    if step < FIRST_LOOK:
        return False
    scale = LOOKS_PER_TENFOLD
    return math.floor(scale * math.log10(step)) > math.floor(scale * math.log10(step - 1))


def look(trainer: Trainer) -> None:
    """Measure the held-out loss and keep it as a point of the curve."""
    trainer.curve.append((trainer.step, round(trainer.loss(LOOK), 4)))


def save(path: Path, trainer: Trainer) -> None:
    """Write the checkpoint so that there is a whole one at any moment."""
    torch.save(trainer.state(), path.with_suffix(".tmp"))
    path.with_suffix(".tmp").replace(path)


def finish(path: Path, name: str, budget: float, trainer: Trainer) -> None:
    """Write the row and the curve of a finished run."""
    job, shape = trainer.job, trainer.job.shape
    row = {
        "run": name,
        "purpose": job.purpose,
        "budget": budget,
        "n_params": shape.n_params,
        "n_tokens": trainer.step * WINDOWS * CONTEXT,
        "flop": trainer.step * job.flop_per_step,
        "loss": round(trainer.loss(FINAL), 5),
        "width": shape.width,
        "depth": shape.depth,
        "vocabulary": VOCABULARY,
        "context": CONTEXT,
        "batch_tokens": WINDOWS * CONTEXT,
        "steps": trainer.step,
        "learning_rate": job.rate,
        "seed": job.seed,
        "device": device_name(trainer.device),
        "seconds": round(trainer.seconds, 1),
    }
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"row": row, "curve": trainer.curve}))
    part.replace(path)


def device_name(device: str) -> str:
    """Say in words what a run was made on."""
    return torch.cuda.get_device_name() if device == "cuda" else "CPU, one thread"


def done(job: Job, results: Path) -> float:
    """Return the share of a job that is finished, from its files: for the progress bar."""
    ends = zip(job.budgets, job.steps, strict=True)
    reached = [steps for budget, steps in ends if (results / f"{job.name}-{budget:.3g}.json").is_file()]
    trunk = results / f"{job.name}.step"
    if trunk.is_file():
        reached.append(int(trunk.read_text() or 0))
    return max(reached, default=0) / job.steps[-1]


def all_runs(results: Path) -> Iterator[dict[str, Any]]:
    """Read every finished run."""
    for path in sorted(results.glob("*.json")):
        yield json.loads(path.read_text())
