"""`python -m imagelabeller`."""

from imagelabeller.cli import run

if __name__ == "__main__":
    run()
