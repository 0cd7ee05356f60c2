"""`python -m gsal` is the terminal program."""

from gsal.cli import main

main()
