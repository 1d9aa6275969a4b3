.PHONY: system-tests
system-tests: .venv/installed ## Run the system tests in REGION=…, at the commit that SYSTEM_TESTS_REVISION names
	@$(BIN)/python -m deploy.suite
