STACK := TestEcho
ARTIFACTS := package.zip
