ARTIFACTS := package.zip

# Of Pillow, what draws text, shows pictures and evaluates expressions is not imported, nor are the libraries behind it.
WITHOUT := 'PIL/*.pyi' 'PIL/_imagingft.*' 'PIL/_imagingmath.*' 'PIL/_imagingmorph.*' 'PIL/_imagingtk.*' 'PIL/*FontFile.py' 'PIL/SpiderImagePlugin.py' \
	'PIL/ImageDraw*.py' 'PIL/ImageFont.py' 'PIL/ImageMath.py' 'PIL/ImageMorph.py' 'PIL/ImageText.py' 'PIL/ImageTk.py' \
	'pillow.libs/libbrotli*' 'pillow.libs/libfreetype*' 'pillow.libs/libharfbuzz*' 'pillow.libs/libpng16*'

# What runs on Lambda: the pinned requirements and the sources, in a zip file that is the same byte for byte
# wherever it is built. boto3 comes with the runtime. RECORD holds digests of the scripts in bin, which name the
# path of the Python that installed them.
build/package.zip: build/libraries.zip deploy/archive.py $(shell find src -name '*.py')
	$(TOOLS)/bin/python -m deploy.archive $@ src --python $(PACKAGE_PYTHON) --libraries $<

# Apart from the sources, which change more often.
build/libraries.zip: build/dependencies component.mk deploy/archive.py
	$(TOOLS)/bin/python -m deploy.archive $@ $< --python $(PACKAGE_PYTHON) --without $(WITHOUT)
build/dependencies: component.mk requirements.txt | $(TOOLS)/installed
	rm -rf $@ $@.new
	$(UV) pip install --quiet --python $(TOOLS) --require-hashes -r requirements.txt --target $@.new \
		--only-binary :all: --python-version $(PACKAGE_PYTHON) --python-platform $(PACKAGE_PLATFORM)
	rm -rf $@.new/bin $@.new/.lock $@.new/*.dist-info/RECORD
	mv $@.new $@

# The tests load the functions from the file that is deployed.
test: build/package.zip build/template.yml

.PHONY: system-tests
system-tests: .venv/installed ## Run the system tests in REGION=…, at the commit that SYSTEM_TESTS_REVISION names
	@$(BIN)/python -m deploy.suite
