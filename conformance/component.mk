.PHONY: conformance check-suite

conformance: .venv/installed ## Check templates, calls and pipelines against what AWS and Bitbucket publish
	@$(BIN)/pytest suite

check: check-suite

check-suite: .venv/installed
	$(BIN)/mypy src suite
