# Every target sets itself up. `make` alone lists them. Settings: docs/clinic.md; the program reads .env, make does not.
.DEFAULT_GOAL := help
SHELL := /bin/sh

PY := .venv/bin/python
RUN := $(PY) -W ignore -m spineline
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export PYTHONHASHSEED := 0

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 20

.venv/run.stamp: requirements.lock spineline/engine/no_tensorflow.py
	@sh scripts/install.sh requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@sh scripts/install.sh requirements-dev.lock
	@touch $@

.venv-stock/stamp: requirements-stock.lock .venv/run.stamp # stock Rasa beside ours, for a test that compares them
	@sh scripts/stock_beside.sh
	@touch $@

run: train ## serve the chat on http://127.0.0.1:5005 (HOST, PORT change it)
	@$(RUN) serve

chat: train ## chat in the terminal
	@$(RUN) chat

train: .venv/run.stamp ## train, when what is taught has changed
	@$(RUN) train

lint: .venv/dev.stamp ## format, lint, types, imports: seconds
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-logo --no-cache

check: lint ## the same, and house, unit and safety tests: minutes, no model needed
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests/house tests/unit tests/safety

check-clinic: .venv/run.stamp ## is everything that a clinic edits whole? content/ and clinics/, in seconds
	@$(RUN) check

test: .venv/dev.stamp train ## all tests
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/web
	@$(PY) -m pytest -n 2 --dist loadfile tests/web # processes of their own: a browser's event loop disturbs other tests

evaluate: .venv/dev.stamp train ## how well messages are understood: benchmarks/results/
	@$(PY) -W ignore benchmarks/nlu.py
	@$(PY) -W ignore benchmarks/answers.py
	@$(PY) -W ignore benchmarks/safety.py

review: .venv/run.stamp ## write every text and rule on one page for the clinician: review.html
	@$(RUN) review

register-telegram: .venv/run.stamp ## tell Telegram where this server is (docs/channels.md)
	@$(RUN) register-telegram

check-telegram: .venv/run.stamp ## does Telegram bring messages here?
	@$(RUN) check-telegram

prove-properties: .venv/dev.stamp ## properties of the way of danger, a thousand examples each, about 5 minutes: benchmarks/results/
	@$(PY) -W ignore -m tests.properties

prove-edge: .venv/dev.stamp ## whatever comes over the network is answered or refused, about 10 minutes: benchmarks/results/
	@$(PY) -W ignore -m tests.edge

prove-engines: .venv/dev.stamp ## the website's chat in Firefox and WebKit, about 10 minutes: benchmarks/results/
	@$(PY) -W ignore -m tests.web

prove-kills: .venv/dev.stamp ## kill -9 under load, 200 times, about 10 minutes: benchmarks/results/
	@$(PY) -W ignore -m tests.kills

prove-net: .venv/dev.stamp ## what the net finds of writers that it has not seen, about 15 minutes: benchmarks/results/
	@$(PY) -W ignore benchmarks/net.py

prove-faults: .venv/dev.stamp train ## disk, files, memory, clock, network fail below a server, about an hour, as root: benchmarks/results/
	@$(PY) -W ignore -m tests.below

bench: .venv/dev.stamp .venv-stock/stamp train ## speed beside Rasa's starter bot, of turns and channels, about 25 minutes: benchmarks/results/
	@$(PY) -W ignore benchmarks/load.py
	@$(PY) -W ignore benchmarks/turns.py
	@$(PY) -W ignore benchmarks/channels.py

audit: .venv/dev.stamp ## known weaknesses of the pinned packages, where the service that knows them can be reached
	@sh scripts/audit.sh

stock-rasa: .venv/run.stamp ## install all that stock Rasa can use (TensorFlow and more): 1.2 GB that Spineline does without
	@sh scripts/install.sh requirements-stock.lock

RESOLVE := .venv/bin/uv pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --no-emit-find-links \
  --no-annotate --custom-compile-command "make lock"
lock: .venv/dev.stamp ## resolve requirements*.in anew
	$(RESOLVE) --override requirements.overrides requirements-dev.in -o requirements-dev.lock
	$(RESOLVE) --override requirements.overrides -c requirements-dev.lock requirements.in -o requirements.lock
	$(RESOLVE) --override requirements-stock.overrides -c requirements-dev.lock requirements-stock.in -o requirements-stock.lock

.PHONY: help run chat train lint check check-clinic test evaluate prove-properties prove-edge prove-engines prove-kills prove-net prove-faults audit bench review register-telegram check-telegram stock-rasa lock
