STACK := OpenDevOpsSageMaker

# Not among the ARTIFACTS: this stack is deployed before there is a bucket to put them into.
package: build/model.tar.gz

build/model.tar.gz: .venv/installed $(wildcard src/sagemaker_endpoint/*.py src/sagemaker_endpoint/builder/*.py)
	PYTHONPATH=src $(BIN)/python -m sagemaker_endpoint build --output $@
