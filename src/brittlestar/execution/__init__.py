"""Running cells and keeping what they leave: executors, the store, the plan and its cost."""
