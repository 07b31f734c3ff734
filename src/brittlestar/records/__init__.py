"""The record of a study: its files with one hash over all of them, as a folder or an archive."""
