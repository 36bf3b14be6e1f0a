"""What must hold of every run: one small file for each, a function of the loaded history."""
