"""The figures of docs/architecture/decision-engine.md, worked out by the code that serves."""
