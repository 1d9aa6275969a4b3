STACK := TestSageMaker

package: build/model.tar.gz
build/model.tar.gz: model.json
	@mkdir -p build
	tar czf $@ model.json
