"""Controls: many healthy programs, by which false alarms are counted. Their author had not read the checks."""
