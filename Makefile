# Everything runs from a clean clone: each target sets up what it needs, inside the project.
SHELL := /bin/bash
PYTHON ?= python3
UV := $(shell command -v uv || echo .uv/bin/uv)
SAMPLE := sample
# Of its own: the tests run by the same folder, so that what dbt made of it once is made for them.
SAMPLE_CONFIG := pipelines/simulate/config
SAMPLE_AS_OF := 2026-10-01T06:00:00Z
export UV_PYTHON_DOWNLOADS := never
# Half of what a short command costs is the compiling of what it imports: once is enough.
export UV_COMPILE_BYTECODE := 1
# Which tests, in pytest's words: what one waits for before a push. CI takes them all.
TESTS := not spark and not slow
# Dagster's home is its own, and what lies in it stays here: see deploy/dagster.yaml.
DAGSTER_HOME := $(CURDIR)/.dagster
export DAGSTER_DISABLE_TELEMETRY := yes

.PHONY: help run test spark cluster lint lint-all model types dev docs superset pictures clean

help:  ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/run.stamp  ## Set up, then run the whole line on the bundled sample company
	.venv/bin/throughline simulate --out $(SAMPLE)
	.venv/bin/throughline run --exports $(SAMPLE)/exports --config $(SAMPLE_CONFIG) --as-of $(SAMPLE_AS_OF)

test: $(if $(TESTS),.venv/dev.stamp,.venv/spark.stamp)  ## Set up, then run the tests
	.venv/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "$(TESTS)"

spark: .venv/spark.stamp  ## Build the same dbt project on Spark and compare every mart with DuckDB's
	.venv/bin/pytest -m spark

cluster: .venv/spark.stamp  ## Run the sample on a Spark cluster of this machine, and compare every mart with DuckDB's
	.venv/bin/python -m benchmarks.cluster

lint: .venv/dev.stamp  ## ruff, sqlfluff of what changed, yamllint, the contracts and what is written from them
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/yamllint --strict .
	.venv/bin/throughline contract check
	.venv/bin/throughline contract docs --check
	.venv/bin/python tools/coverage.py --check
	.venv/bin/python tools/lint_sql.py

lint-all: lint  ## lint, with all SQL and not only what changed since all of it last passed
	.venv/bin/python tools/lint_sql.py --all

model: .venv/dev.stamp  ## Lint, test and build one model on the warehouse of `make run`: make model M=fct_touches
	@.venv/bin/python tools/check_model.py "$(M)"

types: .venv/dev.stamp  ## mypy
	.venv/bin/mypy

dev: .venv/run.stamp  ## The asset graph in the browser
	mkdir -p $(DAGSTER_HOME)
	ln -sf $(CURDIR)/deploy/dagster.yaml $(DAGSTER_HOME)/dagster.yaml
	DAGSTER_HOME=$(DAGSTER_HOME) .venv/bin/dagster dev $(DAGSTER_OPTIONS)

docs: .venv/run.stamp  ## The project's documentation beside the site of `make run`: dbt's, and column lineage
	$(UV) sync --locked --inexact --quiet --extra docs
	.venv/bin/throughline docs $(if $(wildcard $(SAMPLE)),--config $(SAMPLE_CONFIG))

superset: .venv/superset.stamp  ## Superset in an environment of its own, as its pins and ours do not fit together

pictures: .venv/dev.stamp  ## Draw the README's pictures from the site of `make run`
	.venv/bin/python tools/draw_pictures.py

clean:  ## Remove what runs leave behind; the environment stays
	rm -rf target logs warehouse sample spark-warehouse .dagster .tmp_dagster_home_*

.uv/bin/uv:
	$(PYTHON) tools/bring_uv.py

.venv/run.stamp: uv.lock pyproject.toml | $(UV)
	$(UV) sync --locked --inexact --quiet
	@touch $@

.venv/dev.stamp: uv.lock pyproject.toml | $(UV)
	$(UV) sync --locked --inexact --quiet --extra dev
	@touch $@ .venv/run.stamp

# Its commands compile what they import of it, and keep that.
.venv/superset.stamp: dashboards/superset/requirements.txt .venv/run.stamp
	$(UV) venv --quiet --clear --python .venv/bin/python .venv/superset
	UV_COMPILE_BYTECODE=0 VIRTUAL_ENV=$(CURDIR)/.venv/superset $(UV) pip sync --quiet $<
	@touch $@

.venv/spark.stamp: uv.lock pyproject.toml | $(UV)
	$(UV) sync --locked --inexact --quiet --extra dev --extra spark
	@touch $@ .venv/run.stamp .venv/dev.stamp
