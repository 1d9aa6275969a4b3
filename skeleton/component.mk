export PYTHONPATH := src:../local_aws/src

.PHONY: rendered render
check: rendered

rendered: .venv/installed
	@$(BIN)/python -m skeleton --check

render: .venv/installed ## Render the skeleton into the components
	@$(BIN)/python -m skeleton
