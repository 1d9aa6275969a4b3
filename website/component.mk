# What is published after the deployment, into the stack's own bucket.
PUBLISHED := page.zip

build/page.zip: $(shell find page -type f) $(wildcard src/publication/*.py) | $(TOOLS)/installed
	@mkdir -p build
	@PYTHONPATH=src $(TOOLS)/bin/python -m publication.release page $@

.PHONY: publish
publish: $(TOOLS)/installed ## Publish the page that build/ holds, where the stack is deployed as it should be
	@$(TOOLS)/bin/python -m deploy.after

# Apart from the other tests: they need Chromium, and take minutes.
.PHONY: browser-tests
browser-tests: .venv/installed ## Test the page in Chromium; screenshots go to build/screenshots
	$(BIN)/pytest -m browser
