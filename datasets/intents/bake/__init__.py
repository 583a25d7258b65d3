"""How the built-in bodies were made from Anny: build-time only, needs the `bake` extra."""
