# ImageLabeller: the component repositories side by side, and what lets them run together.
# `make` lists the targets.

COMPONENTS := sagemaker_endpoint s3_infra dynamodb_infra submit_image get_image_label invoke_labeller \
	system_tests cloudwatch_alarms
EVERYTHING := local_aws $(COMPONENTS) deploy_roles policy fuzz docs

PYTHON ?= $(shell for python in python3.13 python3.14 python3.12 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo $$python && break; done)

# One uv serves every component, and every component still has an environment of its own.
export UV := $(CURDIR)/.uv/bin/uv
export PYTHON
export PYTHONDONTWRITEBYTECODE := 1
MAKEFLAGS += --no-print-directory

BIN := $(CURDIR)/local_aws/.venv/bin
LOCAL_AWS := PYTHONPATH=local_aws/src $(BIN)/python -m local_aws

.DEFAULT_GOAL := help
.PHONY: help demo up down status logs label deploy changes drift destroy repos deliver taskcat \
	check test test-faults lint lock clean local_aws/.venv/installed

##@ Run it here
demo: local_aws/.venv/installed ## Start the embedded cloud, deploy everything and label three photographs
	@$(LOCAL_AWS) demo
up: local_aws/.venv/installed ## Start the embedded cloud and the model's endpoint
	@$(LOCAL_AWS) up
down: local_aws/.venv/installed ## Stop them
	@$(LOCAL_AWS) down
status: local_aws/.venv/installed ## Show what runs and what is deployed
	@$(LOCAL_AWS) status
logs: local_aws/.venv/installed ## Show the logs: all, or NAME=part of a name; FOLLOW=yes goes on
	@$(LOCAL_AWS) logs $(NAME) $(if $(FOLLOW),--follow)
label: local_aws/.venv/installed ## Label a picture: URL=https://… or FILE=photo.jpg
	@test -n "$(URL)$(FILE)" || { echo "Name a picture: make label URL=https://… or FILE=photo.jpg"; exit 2; }
	@$(LOCAL_AWS) label $(if $(URL),--url '$(URL)') $(if $(FILE),--file '$(FILE)')

##@ Deploy it, here or (CLOUD=aws) on AWS; ENVIRONMENT=test|staging|production, REGION=…
changes: local_aws/.venv/installed ## Show what a deployment would change, and change nothing
	@$(LOCAL_AWS) changes $(COMPONENT)
deploy: local_aws/.venv/installed ## Deploy everything, or COMPONENT=submit_image alone
	@$(LOCAL_AWS) deploy $(COMPONENT)
drift: local_aws/.venv/installed ## Show what was changed behind CloudFormation's back
	@$(LOCAL_AWS) drift $(COMPONENT)
destroy: local_aws/.venv/installed ## Delete the stacks of ENVIRONMENT=test, last first
	@$(LOCAL_AWS) destroy

##@ Deliver it
repos: local_aws/.venv/installed ## Split the tree into repositories with their history, in build/repos
	@$(LOCAL_AWS).delivery.repos
deliver: local_aws/.venv/installed ## Run the repositories' own pipelines: five environments, twice
	@$(LOCAL_AWS).delivery

taskcat: local_aws/.venv/installed ## Create every stack in five regions with taskcat (COMPONENT=, REGION=)
	@$(LOCAL_AWS).taskcat $(COMPONENT) $(if $(REGION),--region $(REGION))

##@ Work on it
check: ## Format, lint, types and templates of everything; changes nothing
	@$(MAKE) $(addsuffix /check,$(EVERYTHING))
	$(BIN)/ruff format --check --quiet tests
	$(BIN)/ruff check --quiet tests
	$(BIN)/mypy tests
test: ## Run every component's tests, then the whole application's
	@$(MAKE) $(addsuffix /test,$(EVERYTHING))
	MAKEFLAGS= $(BIN)/pytest --ignore tests/faults --ignore tests/privileges
test-faults: local_aws/.venv/installed ## Prove that nothing is lost and no one gets in: faults, load, least privilege
	MAKEFLAGS= $(BIN)/pytest tests/faults tests/privileges
lint: ## Format and mend what can be mended
	@$(MAKE) $(addsuffix /lint,$(EVERYTHING))
	$(BIN)/ruff format tests
	$(BIN)/ruff check --fix tests
lock: ## Pin every component's requirements anew
	@$(MAKE) $(addsuffix /lock,$(EVERYTHING))
clean: ## Stop the embedded cloud and remove everything that was built or installed
	@test ! -d .local || $(MAKE) down
	@$(MAKE) $(addsuffix /clean,$(EVERYTHING))
	rm -rf .uv .local build .mypy_cache .pytest_cache .ruff_cache

help: ## List the targets
	@awk -F ':.*## ' '/^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' \
		$(MAKEFILE_LIST)

# make submit_image/test and so on: a component's own verb. With --jobs they go side by side, each one's output in one
# piece; make would take $(MAKE) for a part of itself, and let the output of several run into each other.
COMPONENT_MAKE := MAKEFLAGS= $(MAKE) --no-print-directory
$(foreach verb,check test lint lock clean package,$(addsuffix /$(verb),$(EVERYTHING))): | $(UV)
	@echo "── $@"
	@$(COMPONENT_MAKE) -C $(@D) $(@F)

local_aws/.venv/installed: | $(UV)
	@$(MAKE) --silent -C local_aws .venv/installed

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.12 or newer is needed, and none was found." \
		"Install one, or set PYTHON=/path/to/python3.13"; exit 2; }
	@$(PYTHON) -m venv .uv
	@.uv/bin/pip install --quiet --disable-pip-version-check uv==0.13.9 || { rm -rf .uv; \
		echo "uv could not be installed: see pip's message above. It needs a package index (PyPI or PIP_INDEX_URL)."; exit 2; }
