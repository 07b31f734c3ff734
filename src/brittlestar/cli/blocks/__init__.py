"""Parts that several endings share."""
