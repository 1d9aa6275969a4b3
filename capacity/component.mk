# The repository root's Makefile passes on what a user sets, as IMAGELABELLER_RATE and so on.
.PHONY: capacity
capacity: export PYTHONPATH := src:../local_aws/src
capacity: .venv/installed ## Compute what limits the application: called by `make capacity` in the repository root
	@$(BIN)/python -m capacity

.PHONY: validation
validation: export PYTHONPATH := src:../local_aws/src
validation: .venv/installed ## Run the scenarios: called by `make capacity-validation` in the repository root
	@$(BIN)/python -m capacity.validation
