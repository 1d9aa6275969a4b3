STACK := OpenDevOpsDeployRoles

# The role of one repository for one environment, in the environment's region.
ROLE_FOR ?=
ROLE_PARAMETERS ?=

.PHONY: check-role role
check: check-role
check-role: .venv/installed
	$(BIN)/cfn-lint role.yml

role: .venv/installed ## Deploy a role: ROLE_FOR=OpenDevOpsS3 ENVIRONMENT=… REGION=… ROLE_PARAMETERS=…
	@test -n "$(ROLE_FOR)" || { echo "Name the stack that it deploys: make role ROLE_FOR=OpenDevOpsS3 …"; exit 2; }
	@test -n "$(REGION)" || { echo "Name the region: make role … REGION=…"; exit 2; }
	$(BIN)/sam deploy --template-file role.yml --region $(REGION) \
		--stack-name $(STACK)-$(patsubst OpenDevOps%,%,$(ROLE_FOR)) \
		--capabilities CAPABILITY_IAM --no-confirm-changeset --no-fail-on-empty-changeset --on-failure DELETE \
		--parameter-overrides Deploys=$(ROLE_FOR) $(ROLE_PARAMETERS) \
		--tags application=ImageLabeller environment=$(ENVIRONMENT)
