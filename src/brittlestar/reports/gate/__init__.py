"""A gate: what is required of a study, decided from its headline, findings and claims, and told to CI."""
