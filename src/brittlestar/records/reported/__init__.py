"""What somebody says was done, held against what a record has: names, values, and what each difference is."""
