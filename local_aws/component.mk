# The emulators' environments are pinned as the component's own requirements are.
.PHONY: lock-emulators
lock: lock-emulators
lock-emulators: .venv/installed
	$(foreach name,$(wildcard emulators/*.in),$(BIN)/uv pip compile --quiet --universal --python-version 3.12 \
		--generate-hashes --no-emit-index-url --no-annotate --custom-compile-command 'make lock' $(name) \
		--output-file $(name:.in=.txt) &&) true
