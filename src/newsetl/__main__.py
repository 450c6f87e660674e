"""`python -m newsetl` is the command line."""

from newsetl.cli import main

if __name__ == "__main__":
    main()
