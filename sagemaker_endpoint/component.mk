# Not among the ARTIFACTS: this stack is deployed before there is a bucket to put them into.
package: build/model.tar.gz

# What builds the model package: this component's own environment, or one that holds no more than that takes.
BUILDER := .venv

build/model.tar.gz: requirements-build.txt $(wildcard src/sagemaker_endpoint/*.py src/sagemaker_endpoint/builder/*.py) \
		| $(BUILDER)/installed
	PYTHONPATH=src $(BUILDER)/bin/python -m sagemaker_endpoint build --output $@

# The same model in integers of 8 bits: faster, and less accurate. ONNX Runtime, which quantises, is in this
# component's environment alone.
.PHONY: quantised
quantised: build/model-int8.tar.gz ## Quantise the model to 8 bits, into build/model-int8.tar.gz
build/model-int8.tar.gz: build/model.tar.gz $(wildcard tests/data/*.jpg) | .venv/installed
	PYTHONPATH=src .venv/bin/python -m sagemaker_endpoint build --quantise-by tests/data --output $@
