"""The figures of a report, as plain Vega-Lite specifications."""
