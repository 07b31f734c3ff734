"""What somebody says was done, held against what a study has: names, values, and what each difference is."""
