"""`python -m brittlestar`: the command, for an interpreter whose scripts are not on the path."""

from brittlestar.cli.app import main

if __name__ == "__main__":
    main()
