"""The audit of the metrics: ground truth is damaged in known ways and degrees, and every metric says what it saw.

Not to be confused with ``benchmark.intents_audit``, which asks whether the data is right.
"""
