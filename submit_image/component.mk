ARTIFACTS := package.zip

# Of the address policy's library, the table alone is read; what it needs for its session, which connects, is not
# imported. So one package, without native code, serves both architectures.
WITHOUT := 'AntiSSRF/[!i]*' 'charset_normalizer*' 'requests*' 'urllib3*'
