ARTIFACTS := package.zip

# Of Pillow, what draws text, shows pictures and evaluates expressions is not imported, nor are the libraries behind it.
WITHOUT := 'PIL/*.pyi' 'PIL/_imagingft.*' 'PIL/_imagingmath.*' 'PIL/_imagingmorph.*' 'PIL/_imagingtk.*' 'PIL/*FontFile.py' 'PIL/SpiderImagePlugin.py' \
	'PIL/ImageDraw*.py' 'PIL/ImageFont.py' 'PIL/ImageMath.py' 'PIL/ImageMorph.py' 'PIL/ImageText.py' 'PIL/ImageTk.py' \
	'pillow.libs/libbrotli*' 'pillow.libs/libfreetype*' 'pillow.libs/libharfbuzz*' 'pillow.libs/libpng16*'

# The tests look into the template that is deployed, too.
test: build/template.yml
