STACK :=

HOUSE := ..
export PYTHONPATH := src
TEMPLATES := $(wildcard $(HOUSE)/*/template.yml) $(HOUSE)/deploy_roles/role.yml
CONFIGURATIONS := $(TEMPLATES) $(wildcard $(HOUSE)/*/openapi.yml $(HOUSE)/*/bitbucket-pipelines.yml $(HOUSE)/*/Dockerfile)
PROGRAMS := $(wildcard $(HOUSE)/*/src $(HOUSE)/docs/source/_ext $(HOUSE)/*/benchmarks $(HOUSE)/*/suite)

.PHONY: rules secrets bandit checkov lock-scanners
check: rules secrets bandit checkov

rules: .venv/installed
	$(BIN)/cfn-lint $(TEMPLATES)

secrets: .venv/installed
	$(BIN)/python -m secret_gate $(HOUSE) secrets.yml

bandit: .venv/installed
	$(BIN)/bandit --quiet --configfile bandit.yml --recursive $(PROGRAMS)

# Offline: it asks its vendor for nothing.
checkov: build/checkov/installed
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
