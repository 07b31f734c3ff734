"""One file per question of the headline."""
