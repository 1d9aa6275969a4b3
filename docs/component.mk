# The command line alone chooses it, and the shell gets it as text.
PORT := 8000
override PORT := $(value PORT)
export PORT

# A warning (a dead link, a page outside the table of contents, a diagram that is missing) is an error.
STRICT := --fail-on-warning --nitpicky --quiet

.PHONY: build serve commands
check test: build

build: .venv/installed ## Build the site into build/html, from nothing and strictly
	rm -rf build
	$(BIN)/sphinx-build $(STRICT) --fresh-env --builder html source build/html

serve: build ## Build, then serve the site on http://127.0.0.1:8000 (PORT=…) until Ctrl-C
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory build/html "$$PORT"

commands: .venv/installed ## Run the commands marked as local, in a fresh clone (minutes)
	$(BIN)/pytest -m commands
