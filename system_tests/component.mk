# The region is that of the environment, unless the command line names one.
SYSTEM_TEST_REGION = $(if $(filter file,$(origin REGION)),$(or $(AWS_REGION),$(AWS_DEFAULT_REGION),$(REGION)),$(REGION))

.PHONY: system-test check-suite

system-test: .venv/installed ## Test the system that is deployed in REGION=…
	AWS_REGION=$(SYSTEM_TEST_REGION) $(BIN)/pytest suite

check: check-suite

check-suite: .venv/installed
	$(BIN)/mypy src suite
