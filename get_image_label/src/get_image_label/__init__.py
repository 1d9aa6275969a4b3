"""GetImageLabel: what the model saw in an image that was submitted earlier."""
