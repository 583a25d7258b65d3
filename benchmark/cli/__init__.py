"""The command line: a table of commands, a console, and one module per command."""
