WHEEL := build/imagelabeller-1.0.0-py3-none-any.whl

package: $(WHEEL)

# uv's own build backend, which writes the same bytes whenever and wherever it is run.
$(WHEEL): pyproject.toml README.md licences/LICENSE $(shell find src -name '*.py' -o -name '*.json' -o -name py.typed) | .venv/installed
	@$(UV) build --quiet --wheel --python .venv --out-dir build .
