"""`python -m brittlestar.cli`."""

from brittlestar.cli.app import main

if __name__ == "__main__":
    main()
