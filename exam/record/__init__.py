"""The exam of records: changed records, reported configurations, and programs with something that nobody states."""
