"""What the functions have in common; the same files in each component that has them."""
