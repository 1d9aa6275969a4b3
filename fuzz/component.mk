# Variables on the command line are exported to the fuzz.
.PHONY: fuzz
fuzz: export PYTHONPATH := src
fuzz: .venv/installed ## Fuzz a deployed API: SUBMIT_IMAGE_API=… GET_IMAGE_LABEL_API=…
	@$(BIN)/python -m fuzz
