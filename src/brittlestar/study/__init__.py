"""The study file: what is asked, before anything is done."""
