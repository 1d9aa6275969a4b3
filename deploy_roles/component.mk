# The role of one repository for one environment, in the environment's region. What is named reaches the program as
# text: make expands none of it, and no shell reads it.
ROLE_FOR :=
ROLE_PARAMETERS :=
override ROLE_FOR := $(value ROLE_FOR)
override ROLE_PARAMETERS := $(value ROLE_PARAMETERS)

.PHONY: check-role role
check: check-role
check-role: build/role.yml
	$(BIN)/cfn-lint build/role.yml

build/role.yml: role.yml $(wildcard policies/*.yml boundaries/*.yml) | .venv/installed
	@mkdir -p build
	@$(BIN)/python -m deploy.document $< $@

role: override export ROLE_FOR := $(ROLE_FOR)
role: override export ROLE_PARAMETERS := $(ROLE_PARAMETERS)
role: build/role.yml ## Deploy a role: ROLE_FOR=OpenDevOpsS3 ENVIRONMENT=… REGION=… ROLE_PARAMETERS=…
	@PYTHONPATH=src $(BIN)/python -m deploy_role
