STACK :=

# Variables of the command line reach the fuzz as those of the environment do.
.PHONY: fuzz
fuzz: export PYTHONPATH := src
fuzz: .venv/installed ## Fuzz a deployed API: SUBMIT_IMAGE_API=… GET_IMAGE_LABEL_API=…
	@$(BIN)/python -m fuzz
