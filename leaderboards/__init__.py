"""Floor 4: committed rows, published numbers, and the pages built from them."""
