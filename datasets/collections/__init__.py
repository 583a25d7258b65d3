"""Collections of public files as clip sets; the files stay where the user has them."""
