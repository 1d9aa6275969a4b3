STACK := OpenDevOpsInvokeLabeller
ARTIFACTS := package.zip

# What runs on Lambda: the pinned requirements and the sources, in a zip file that is the same byte for byte
# wherever it is built. boto3 comes with the runtime. RECORD holds digests of the scripts in bin, which name the
# path of the Python that installed them.
build/package.zip: component.mk requirements.txt $(shell find src -name '*.py') .venv/installed
	rm -rf build/package build/package.zip
	$(UV) pip install --quiet --require-hashes -r requirements.txt --target build/package --only-binary :all: \
		--python-version $(PACKAGE_PYTHON) --python-platform $(PACKAGE_PLATFORM)
	rm -rf build/package/bin build/package/.lock build/package/*.dist-info/RECORD
	cp -R src/. build/package
	find build/package -name __pycache__ -prune -exec rm -rf {} +
	cd build/package && find . -type f | LC_ALL=C sort | xargs ../../$(BIN)/rpzip --quiet ../package.zip

# The tests load the functions from the very file that is deployed.
test: build/package.zip build/template.yml
