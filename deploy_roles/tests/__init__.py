"""What the templates promise about who may do what."""
