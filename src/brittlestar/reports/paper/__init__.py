"""What goes into a paper: a table, figures at their final size, and a paragraph of methods with its references."""
