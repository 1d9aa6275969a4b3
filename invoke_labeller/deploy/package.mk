# What runs on Lambda: the pinned requirements and the sources, in a zip file that is the same byte for byte wherever it
# is built. boto3 comes with the runtime. component.mk says in WITHOUT which of the libraries' files are left out.
build/package.zip: build/libraries.zip deploy/archive.py $(shell find src -name '*.py')
	$(TOOLS)/bin/python -m deploy.archive $@ src --python $(PACKAGE_PYTHON) --libraries $<

# Apart from the sources, which change more often.
build/libraries.zip: build/dependencies component.mk deploy/archive.py
	$(TOOLS)/bin/python -m deploy.archive $@ $< --python $(PACKAGE_PYTHON) --without $(WITHOUT)

# RECORD holds digests of the scripts in bin, which name the path of the Python that installed them.
build/dependencies: requirements.txt | $(TOOLS)/installed
	rm -rf $@ $@.new
	$(UV) pip install --quiet --python $(TOOLS) --require-hashes -r requirements.txt --target $@.new \
		--only-binary :all: --python-version $(PACKAGE_PYTHON) --python-platform $(PACKAGE_PLATFORM)
	rm -rf $@.new/bin $@.new/.lock $@.new/*.dist-info/RECORD
	mv $@.new $@

# The tests look into the file that is deployed.
test: build/package.zip
