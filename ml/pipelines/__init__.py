"""Batch work over the decision log; never imported by serving."""
