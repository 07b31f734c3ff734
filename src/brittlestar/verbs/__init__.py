"""What a user asks for: one file a function, which makes a request of its arguments and hands it to the pipeline."""
