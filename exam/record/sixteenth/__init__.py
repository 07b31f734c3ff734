"""The sixteenth set: reports, which their author wrote without a look at how the tool decides."""
