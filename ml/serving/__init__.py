"""The service that scores candidates and learns from rewards. Start: `python -m ml.serving`."""
