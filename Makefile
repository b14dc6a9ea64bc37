# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# make demo and make test set up everything they need, in .venv-demo and .venv.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
export LC_ALL := C.UTF-8

# The requirement files name each other, so any of them may change what an environment holds.
requirements := $(wildcard tests/requirements/*.txt)

.PHONY: help
help: ## List the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 18

.PHONY: demo
demo: .venv-demo/.made ## The life of a numbers plan at the providers of a local sandbox
	@tests/demo/run .venv-demo

.PHONY: test
test: .venv/.made ## Run every check, side by side (one alone: .venv/bin/nox -s NAME, their list: .venv/bin/nox -l)
	@.venv/bin/python tests/tools/side_by_side.py

.PHONY: matrix
matrix: .venv/.made ## Sanity and unit tests with every supported ansible-core and Python, integration with the oldest and the newest
	@.venv/bin/nox --tags matrix

.PHONY: chaos
chaos: .venv/.made ## Attack the money rules with faults and kills, and print the table
	@.venv/bin/nox -s all_chaos

.PHONY: bench
bench: .venv/.made ## Measure the collection beside what users would do instead; takes about 20 minutes
	@.venv/bin/nox -s bench

.PHONY: docs
docs: .venv/.made ## Build the documentation site: docs/build/html/index.html
	@.venv/bin/nox -s site

.PHONY: release
release: .venv/.made ## Prepare a release: make release VERSION=X.Y.Z
	@.venv/bin/nox -s release -- $(VERSION)

.PHONY: clean
clean: ## Remove what make and nox have made
	rm -rf .venv .venv-demo .nox tests/output docs/build telco-numbers-*.tar.gz

.venv/.made: list := nox
.venv-demo/.made: list := demo
.venv/.made .venv-demo/.made: $(requirements)
	@echo "Setting up $(@D) ..."
	@python="$$(python3 tests/tools/pythons.py)" && "$$python" -m venv --clear $(@D)
	@$(@D)/bin/python -m pip --disable-pip-version-check install -qq -r tests/requirements/$(list).txt
	@touch $@
