# ImageLabeller: the component repositories side by side, and what lets them run together.
# `make` lists the targets.

# The demo says how long it took, all of it.
STARTED := $(if $(filter demo,$(MAKECMDGOALS)),$(shell date +%s.%N))

# A path with one of these breaks make's rules, a virtual environment, or the first line of its programs.
AWKWARD := ! " \# $$ % & ' ( ) * : ; < = > ? [ \ ] ^ ` { | }
awkward = $(strip $(if $(filter-out 1,$(words x$(1)x)),blank) \
	$(foreach character,$(AWKWARD),$(findstring $(character),$(1))))
# No virtual environment can be at a path that is not UTF-8. Where there is no iconv (127), it is not looked for.
in_the_way := $(strip $(call awkward,$(CURDIR)) \
	$(shell pwd -P | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1 || test $$? -eq 127 || echo bytes that are not UTF-8))
ifneq ($(in_the_way),)
$(error ImageLabeller cannot work in "$(CURDIR)", because of: $(in_the_way). \
	Move it to a path of letters, digits and / . _ - + @ , ~)
endif

# The variables of each target. Others are refused, so that a misspelt one is not ignored.
TAKES_demo := KEEP MODEL PARAMETERS PORT SIZE
TAKES_up := $(TAKES_demo)
TAKES_status := JSON
TAKES_logs := FOLLOW JSON LINES NAME
TAKES_label := FILE JSON URL
TAKES_changes := CLOUD COMPONENT ENVIRONMENT PARAMETERS REGION SIZE
TAKES_deploy := $(TAKES_changes) ALLOW_REPLACEMENT
TAKES_drift := $(TAKES_changes)
TAKES_preflight := CLOUD ENVIRONMENT PARAMETERS REGION SIZE
TAKES_destroy := CLOUD CONFIRM ENVIRONMENT PARAMETERS REGION
TAKES_requeue := CLOUD ENVIRONMENT FROM IMAGE_ID REASON REGION TO
TAKES_deliver := MODEL
TAKES_capacity := ACCOUNT ASSUME BURST ENVIRONMENT JSON OUTAGE PARAMETERS PLOT RATE SIZE
TAKES_test-faults := FAULT_MINUTES FAULT_SEED
TAKES_benchmark := BEFORE MINUTES MODEL ONLY PUBLISH ROUNDS
TAKES_taskcat := COMPONENT MODEL REGION
taken := $(sort $(foreach goal,$(MAKECMDGOALS),$(TAKES_$(goal))) PYTHON)
given := $(strip $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name))))
ifneq ($(filter-out $(taken) SHELL,$(given)),)
$(error make $(MAKECMDGOALS) has no variable $(filter-out $(taken) SHELL,$(given)). It has $(taken))
endif

# Each value is exported exactly as typed, with a prefix. Neither make nor the shell expands it, so that code in it is not
# run. A variable that a shell has anyway (NAME, PORT)
# changes nothing, and one with the prefix is a setting that lasts.
MAKEOVERRIDES :=
$(foreach name,$(given),$(eval override IMAGELABELLER_$(name) := $$(value $(name))))
$(foreach name,$(given),$(eval export IMAGELABELLER_$(name))$(eval unexport $(name)))
export IMAGELABELLER_GIVEN := $(given)

# Other variables that are passed on: about the user and the browser, about downloading packages, and, to deploy to AWS,
# about how that is reached. No proxy stands between this machine and itself, and all text is UTF-8.
INHERITED := PATH HOME USER LOGNAME TMPDIR TZ TERM COLORTERM COLUMNS NO_COLOR CHROMIUM LD_LIBRARY_PATH XDG_CACHE_HOME \
	XDG_CONFIG_HOME MAKEFLAGS MAKELEVEL IMAGELABELLER_% \
	HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy NETRC \
	SSL_CERT_FILE SSL_CERT_DIR NIX_SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE \
	PIP_CONFIG_FILE PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST PIP_FIND_LINKS PIP_NO_INDEX PIP_PROXY PIP_CERT \
	PIP_CLIENT_CERT PIP_CACHE_DIR PIP_DEFAULT_TIMEOUT PIP_TIMEOUT PIP_RETRIES PIP_KEYRING_PROVIDER \
	UV_CONFIG_FILE UV_INDEX% UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL UV_INSECURE_HOST UV_FIND_LINKS UV_NO_INDEX UV_OFFLINE \
	UV_CACHE_DIR UV_HTTP_% UV_NATIVE_TLS UV_SYSTEM_CERTS UV_KEYRING_PROVIDER UV_LINK_MODE UV_CONCURRENT_% \
	NODE_EXTRA_CA_CERTS $(foreach name,registry cafile userconfig cache,npm_config_$(name)) \
	NPM_CONFIG_REGISTRY NPM_CONFIG_CAFILE NPM_CONFIG_USERCONFIG NPM_CONFIG_CACHE
ifeq ($(value IMAGELABELLER_CLOUD),aws)
INHERITED += AWS_%
else
export AWS_CONFIG_FILE := /dev/null
export AWS_SHARED_CREDENTIALS_FILE := /dev/null
export AWS_EC2_METADATA_DISABLED := true
endif
unexport $(filter-out $(INHERITED),$(foreach name,$(.VARIABLES),$(if $(filter environment,$(origin $(name))),$(name))))
comma := ,
unproxied := $(or $(value no_proxy),$(value NO_PROXY))
export NO_PROXY := $(if $(filter *,$(unproxied)),*,127.0.0.1,localhost$(addprefix $(comma),$(unproxied)))
export no_proxy := $(NO_PROXY)
export LC_ALL := C.UTF-8
export PYTHONUTF8 := 1

# What cannot be written to is not used: a home that is missing or somebody else's, a TMPDIR that is gone.
unusable := $(shell cache="$${XDG_CACHE_HOME:-$$HOME/.cache}"; \
	{ test -d "$$HOME" && mkdir -p "$$cache" && test -w "$$cache"; } 2>/dev/null || echo cache; \
	test -w "$${TMPDIR:-/tmp}" || echo temporary)
ifneq ($(filter cache,$(unusable)),)
export HOME := $(CURDIR)/.uv/home
export XDG_CACHE_HOME := $(CURDIR)/.uv/cache
endif
ifneq ($(filter temporary,$(unusable)),)
unexport TMPDIR
endif

# The first Python that is new enough, unless one is named: by its path, since pyenv's commands look for it each time.
override PYTHON := $(or $(value IMAGELABELLER_PYTHON),$(shell unset PYENV_VERSION; \
	for python in python3.13 python3.14 python3.12 python3 python; do \
	path="$$($$python -I -c 'import sys; print(sys.executable); sys.exit(sys.version_info < (3, 12))' 2>/dev/null)" || continue; \
	case "$$path" in (/*[!A-Za-z0-9/._+@,~-]*) ;; (/*) python="$$path";; esac; echo "$$python"; break; done))
ifneq ($(call awkward,$(PYTHON)),)
$(error PYTHON="$(PYTHON)" cannot be used, because of: $(call awkward,$(PYTHON)). Name one by another path)
endif
export PYTHON
# One uv serves every component, and every component still has an environment of its own.
export UV := $(CURDIR)/.uv/bin/uv
MAKEFLAGS += --no-print-directory

# EVERYTHING: the components that facts.yml lists.
include facts.mk

BIN := $(CURDIR)/local_aws/.venv/bin
LOCAL_AWS := PYTHONPATH=$(CURDIR)/local_aws/src:$(CURDIR)/client/src $(BIN)/python -m local_aws
# Where tests run make, it is as if a user did, and not a part of this one.
PYTEST := env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL $(BIN)/pytest

.DEFAULT_GOAL := help
.PHONY: help demo up down status logs label deploy changes drift preflight requeue destroy repos deliver taskcat \
	benchmark check test test-application browser-tests test-checkouts test-faults faults privileges mutations \
	conformance capacity capacity-validation package \
	skeleton ready lint lock clean

##@ Run it here
demo: local_aws/.venv/installed ## Start the embedded cloud, deploy everything and label three photographs
	@STARTED=$(STARTED) $(LOCAL_AWS) demo
up: local_aws/.venv/installed ## Start the embedded cloud and the model's endpoint
	@$(LOCAL_AWS) up
down: local_aws/.venv/installed ## Stop them
	@$(LOCAL_AWS) down
status: local_aws/.venv/installed ## Show what runs and what is deployed
	@$(LOCAL_AWS) status
logs: local_aws/.venv/installed ## Show the logs' last LINES=20: all, or NAME=part of a name; FOLLOW=yes goes on
	@$(LOCAL_AWS) logs
label: local_aws/.venv/installed ## Label pictures: URL=https://… or FILE=photo.jpg, several, or a folder
	@$(LOCAL_AWS) label

##@ Deploy it, here or (CLOUD=aws) on AWS; ENVIRONMENT=test|staging|production, REGION=…
preflight: local_aws/.venv/installed ## Check the account first: credentials, quotas, model, names, stacks in the way
	@$(LOCAL_AWS) preflight
changes: local_aws/.venv/installed ## Show what a deployment would change, and change nothing
	@$(LOCAL_AWS) changes
deploy: local_aws/.venv/installed ## Deploy everything, or COMPONENT=submit_image alone
	@$(LOCAL_AWS) deploy
drift: local_aws/.venv/installed ## Show what was changed behind CloudFormation's back
	@$(LOCAL_AWS) drift
requeue: local_aws/.venv/installed ## Let FAILED pictures wait again: IMAGE_ID=, REASON=, FROM=…Z TO=…Z
	@$(LOCAL_AWS) requeue
destroy: local_aws/.venv/installed ## Delete the stacks of ENVIRONMENT=test, last first
	@$(LOCAL_AWS) destroy

##@ Deliver it
repos: local_aws/.venv/installed ## Split the tree into repositories with their history, in build/repos
	@$(LOCAL_AWS) repos
deliver: local_aws/.venv/installed ## Run the repositories' own pipelines twice, through all environments
	@$(LOCAL_AWS) deliver

taskcat: local_aws/.venv/installed ## Create every stack in every region with taskcat (COMPONENT=, REGION=)
	@$(LOCAL_AWS) taskcat

##@ Work on it
check: ## Format, lint, types and templates of everything; changes nothing
	@$(MAKE) $(SIDE_BY_SIDE) $(addsuffix /check,$(EVERYTHING))
	$(BIN)/ruff format --check --quiet tests
	$(BIN)/ruff check --quiet tests
	@$(call begin_with_types,.)
	$(BIN)/mypy tests
test: ready ## Run every component's tests and the whole application's
	@DEPLOY_TESTS=once $(MAKE) $(SIDE_BY_SIDE) test-application $(addsuffix /test,$(EVERYTHING))
browser-tests: local_aws/.venv/installed ## Test the page in Chromium, also as the embedded cloud serves it where that runs
	@running="$$($(LOCAL_AWS) env 2>/dev/null)" || true; eval "$$running"; $(COMPONENT_MAKE) -C website browser-tests
test-checkouts: local_aws/.venv/installed ## Run the README's commands in fresh checkouts, and the demo where it is difficult
	$(PYTEST) tests/checkouts
test-faults: ready ## Prove that nothing is lost and no one gets in: faults, load, least privilege
	@$(MAKE) $(SIDE_BY_SIDE) faults privileges
mutations: ready ## Put faults that were found once back into a copy, and see that their tests fail
	@PYTHONPATH=local_aws/src:. $(BIN)/python -m tests.mutations
capacity: | $(UV) ## Compute bottlenecks, time and costs: RATE=100 (or 1000/day), BURST=, OUTAGE=1h, SIZE=, PLOT=file.svg
	@$(COMPONENT_MAKE) -C capacity capacity
capacity-validation: | $(UV) ## Compare the capacity model with the embedded cloud under small quotas (five minutes)
	@$(COMPONENT_MAKE) -C capacity validation
conformance: local_aws/.venv/installed ## Check templates, calls and pipelines against what AWS and Bitbucket publish
	@$(COMPONENT_MAKE) -C conformance conformance
benchmark: benchmark/.venv/installed ## Measure speed: ONLY=endpoint,pipeline,…, ROUNDS=5, MINUTES=8, BEFORE=commit
	@PYTHONPATH=benchmark/src benchmark/.venv/bin/python -m benchmark
package: ## Build what each component deploys
	@$(MAKE) $(SIDE_BY_SIDE) $(addsuffix /package,$(EVERYTHING))
skeleton: | $(UV) ## Render facts.yml and skeleton/files into the components, after a change to them
	@$(COMPONENT_MAKE) -C skeleton render
lint: ## Format, and fix what can be fixed automatically
	@$(MAKE) $(addsuffix /lint,$(EVERYTHING))
	$(BIN)/ruff format tests
	$(BIN)/ruff check --fix tests
lock: ## Pin every component's requirements again
	@$(MAKE) $(addsuffix /lock,$(EVERYTHING))
	$(UV) pip compile --quiet --no-deps --universal --python-version 3.12 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command 'make lock' tests/evaluation/foolbox.in --output-file tests/evaluation/foolbox.txt
clean: ## Stop the embedded cloud and remove everything that was built or installed
	@test ! -d .local || $(MAKE) down
	@$(MAKE) $(addsuffix /clean,$(EVERYTHING))
	rm -rf .uv .local build .mypy_cache .pytest_cache .ruff_cache
	find tests -name __pycache__ -prune -exec rm -rf {} +

help: ## List the targets
	@awk -F ':.*## ' '/^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-19s %s\n", $$1, $$2}' \
		$(MAKEFILE_LIST)

# What runs at once, unless make was called with --jobs: one more than there are processors, since tests also wait.
SIDE_BY_SIDE = $(if $(filter -j% --jobs% --jobserver%,$(MAKEFLAGS)),,--output-sync=target \
	--jobs=$(shell expr $$(getconf _NPROCESSORS_ONLN) + 1))

# The parts of `test` and `test-faults`, side by side. Each packages what it deploys, and two of them would build one
# environment or package at once, so that all of these are ready before.
ready:
	@$(MAKE) $(SIDE_BY_SIDE) $(addsuffix /.venv/installed,$(EVERYTHING))
	@$(MAKE) package
test-application:
	@echo "── tests of the whole application"
	@$(PYTEST) --ignore tests/checkouts --ignore tests/faults --ignore tests/privileges
faults:
	@echo "── tests/faults"
	@$(PYTEST) tests/faults
# The faults are measured against time, so that everything else gives way to them.
privileges:
	@echo "── tests/privileges"
	@nice -n 5 $(PYTEST) tests/privileges

# With --jobs, components go side by side, but the verbs of one (and of the root) one after another: two of them would
# build one environment at once.
goals := $(filter-out faults privileges,$(MAKECMDGOALS))
ifneq ($(words $(sort $(dir $(goals)))),$(words $(goals)))
.NOTPARALLEL:
endif

# make submit_image/test and so on: a component's own verb. With --jobs they go side by side, each one's output in one
# piece; make would take $(MAKE) for a part of itself, and let the output of several run into each other.
COMPONENT_MAKE := MAKEFLAGS= $(MAKE) --no-print-directory
$(foreach verb,check test lint lock clean package,$(addsuffix /$(verb),$(EVERYTHING))): | $(UV)
	@echo "── $@"
	@$(if $(filter check,$(@F)),$(call begin_with_types,$(@D)))
	@$(if $(filter $@,$(REPEATED)),PYTEST_ADDOPTS=--ignore=tests/deploy) $(COMPONENT_MAKE) -C $(@D) $(@F)
	@$(if $(filter check,$(@F)),touch $(@D)/.mypy_cache/checked)

# Most of what mypy finds out is about libraries that all components use. So a component that was never checked begins
# with what another one's mypy has found, if it has passed: mypy compares files by content, wherever they are.
begin_with_types = rm -rf $(1)/.mypy_cache/checked .uv/types-$(1); test -d $(1)/.mypy_cache || { \
	passed=$$(ls -t */.mypy_cache/checked 2>/dev/null | head -n 1); test -z "$$passed" || { \
	cp -R "$${passed%/checked}" .uv/types-$(1) && rm .uv/types-$(1)/checked && mv .uv/types-$(1) $(1)/.mypy_cache; } || \
	rm -rf .uv/types-$(1); }

# The tests of `deploy`, which every stack's repository has the same copy of, run once in `make test`: for the one that
# has the most of it. A component's own verb runs them all.
REPEATED := $(if $(filter once,$(DEPLOY_TESTS)),$(patsubst %/deploy,%,$(filter-out submit_image/%,$(wildcard */tests/deploy))))
REPEATED := $(patsubst %/tests,%/test,$(REPEATED))

.PHONY: $(addsuffix /.venv/installed,$(EVERYTHING))
$(addsuffix /.venv/installed,$(EVERYTHING)): | $(UV)
	@$(COMPONENT_MAKE) --silent -C $(@:/.venv/installed=) .venv/installed

# Python's own pip saves the two seconds that a virtual environment with one takes.
INSTALL_UV := install --quiet --upgrade --disable-pip-version-check --root-user-action ignore --no-user uv==0.13.9
$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.12 or newer is needed, and none was found." \
		"Install one, or set PYTHON=/path/to/python3.13"; exit 2; }
	@if $(PYTHON) -I -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("pip") is None)'; \
		then PIP_REQUIRE_VIRTUALENV=0 $(PYTHON) -I -m pip $(INSTALL_UV) --target .uv; \
		else $(PYTHON) -m venv .uv && .uv/bin/python -m pip $(INSTALL_UV); fi || { rm -rf .uv; \
		echo "uv could not be installed: see pip's message above. It needs a package index (PyPI or PIP_INDEX_URL)."; exit 2; }
