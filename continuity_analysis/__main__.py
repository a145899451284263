"""`python -m continuity_analysis` is the `continuity` command."""

from continuity_analysis.cli import main

if __name__ == "__main__":
    main()
