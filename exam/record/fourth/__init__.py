"""Reported configurations as several fields print them: cases of another author."""
