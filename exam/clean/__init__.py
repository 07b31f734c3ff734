"""Clean folders: what they are drawn from, and what an audit should not report."""
