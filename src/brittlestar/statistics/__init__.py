"""Arrays in, numbers out: intervals, levels, power, resampling. Nothing here knows a study, a claim or a finding."""
