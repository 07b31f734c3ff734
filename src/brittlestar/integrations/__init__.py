"""Models of other training loops as fit functions; each part needs its extra, and imports nothing before it is used."""
