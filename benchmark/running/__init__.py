"""How a method's predictions are made: found by name, run apart from this process, clip by clip, resumable."""
