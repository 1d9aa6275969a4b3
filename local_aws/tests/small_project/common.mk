# What a component's Makefile offers, without its tools: it deploys by boto3.
include component.mk
EXECUTE := yes

package: build/template.yml $(addprefix build/,$(ARTIFACTS))

deploy: package
	EXECUTE=$(EXECUTE) $(PYTHON) ../deploy.py $(STACK) $(REGION) $(ENVIRONMENT)

build/template.yml: template.yml
	@mkdir -p build
	cp $(wildcard *.yml) build/

build/package.zip: $(wildcard src/*.py)
	@mkdir -p build
	$(PYTHON) -m zipfile -c $@ $(wildcard src/*.py)
