"""Faults that an audit can report, planted into clean folders at stated doses: a known set, and the fifth."""
