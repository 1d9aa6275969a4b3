PROJECT := ..
export PYTHONPATH := src
# As they are deployed, with what they include.
TEMPLATES := $(patsubst $(PROJECT)/%/template.yml,build/templates/%.yml,$(wildcard $(PROJECT)/*/template.yml)) \
	build/templates/role.yml
CONFIGURATIONS := $(TEMPLATES) $(wildcard $(PROJECT)/*/openapi.yml $(PROJECT)/*/bitbucket-pipelines.yml $(PROJECT)/*/Dockerfile)
PROGRAMS := $(wildcard $(PROJECT)/*/src $(PROJECT)/*/deploy $(PROJECT)/docs/source/_ext $(PROJECT)/*/benchmarks $(PROJECT)/*/suite)

.PHONY: FORCE rules secrets wording bandit checkov lock-scanners
check: rules secrets wording bandit checkov

# The scanner is itself under test.
test: build/checkov/installed $(TEMPLATES)

# Each time: make does not know which files a template includes.
INCLUDE = @mkdir -p $(@D) && PYTHONPATH=$(PROJECT)/deploy_roles $(BIN)/python -m deploy.document $< $@
build/templates/role.yml: $(PROJECT)/deploy_roles/role.yml FORCE | .venv/installed
	$(INCLUDE)
build/templates/%.yml: $(PROJECT)/%/template.yml FORCE | .venv/installed
	$(INCLUDE)
FORCE:

rules: .venv/installed $(TEMPLATES)
	$(BIN)/cfn-lint $(TEMPLATES)

secrets: .venv/installed
	$(BIN)/python -m secret_gate $(PROJECT) secrets.yml

wording: .venv/installed
	$(BIN)/python -m wording $(PROJECT) wording.yml

bandit: .venv/installed
	$(BIN)/bandit --quiet --configfile bandit.yml --recursive $(PROGRAMS)

# Offline: it asks its vendor for nothing.
checkov: build/checkov/installed $(TEMPLATES)
	LOG_LEVEL=ERROR build/checkov/bin/checkov --config-file checkov.yml --skip-download \
		--file $(CONFIGURATIONS)

build/checkov/installed: scanners/checkov.txt | $(UV)
	$(UV) venv --quiet --clear --python $(PYTHON) build/checkov
	$(UV) pip install --quiet --python build/checkov --require-hashes -r scanners/checkov.txt
	@touch $@

lock: lock-scanners
lock-scanners: $(UV)
	$(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-annotate \
		--custom-compile-command 'make lock' scanners/checkov.in --output-file scanners/checkov.txt
