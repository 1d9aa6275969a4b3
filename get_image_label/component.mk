ARTIFACTS := package.zip
