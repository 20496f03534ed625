# Every target sets up what it needs in .venv and leaves nothing outside this folder.
#   make demo    opens the application on the example region, made and run the first time (DEMO_PORT=8750)
#   make test    runs every test
#   make check   the gate: format, lint, types (Python and TypeScript), arrows between packages
#   make bundle  everything a server without a network needs, in dist/bundle

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
DEMO ?= demo
DEMO_PORT ?= 8750

.PHONY: demo test check bundle lock reference front clean

demo: front
	@test -f $(DEMO)/yunzhou/region.toml || $(BIN)/junheng example $(DEMO)/yunzhou
	@ls $(DEMO)/yunzhou/runs/year-*/run.json > /dev/null 2>&1 || $(BIN)/junheng run $(DEMO)/yunzhou
	@$(BIN)/junheng serve $(DEMO)/yunzhou --demo --port $(DEMO_PORT)

test: front
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

bundle: front
	$(BIN)/python deploy/bundle.py dist/bundle
	@echo "deploy/try_bundle.sh dist/bundle installs it without a network and sees it work（离线安装试验）"

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/junheng rules lint
	$(BIN)/python frontend/build.py --check

# The lock names versions and hashes only, never where to fetch them.
lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra develop --quiet pyproject.toml -o requirements.lock

reference: $(READY)
	$(BIN)/python docs/reference/generate.py
	$(BIN)/python docs/reference/openapi.py

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Junheng needs Python 3.11 or newer: make PYTHON=python3.11 …（需要 Python 3.11 以上）"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "Cannot make .venv: install the venv module first, on Debian: apt-get install python3-venv（缺少 venv 模块）"; exit 1; }
	@echo "Installing into .venv …（正在安装依赖）"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock || \
		{ echo "Cannot install requirements.lock: a Python package index must be within reach（无法连接 Python 软件源）"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# fonts and the moving parts of pages; does nothing where they are up to date
front: $(READY)
	@$(BIN)/python frontend/build.py

clean:
	rm -rf .venv demo dist frontend/node_modules src/junheng/report/fonts src/junheng/web/static/dist
