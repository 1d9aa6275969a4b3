"""Labels the pictures that wait in the table of ImageLabeller, and brings back what got stuck."""
