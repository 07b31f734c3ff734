"""The exam of the diagnosis of training: programs with a known fault, against twins without it."""
