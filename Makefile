# The commands a newcomer needs: `make demo` and `make test`. Each sets up everything from a fresh clone.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-all check clean

demo: .venv/installed
	$(BIN)/retargetbench demo --out demo

test: .venv/installed
	$(BIN)/pytest -n 2 --dist loadgroup -m "not slow and not network and not gpu" --durations=15 --durations-min=5

test-all: .venv/installed
	$(BIN)/pytest -n 2 --dist loadgroup

check: .venv/installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# torch first, through the constraints: pip then keeps that build for everything that needs torch.
.venv/installed: pyproject.toml constraints.txt .src/retargetbench/__init__.py
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt 'torch==2.13.*'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/python -m retargetbench.datasets.warp_kernels
	touch $@

# build/ stays: a training set in it takes hours to make again
clean:
	rm -rf .venv dist demo runs
