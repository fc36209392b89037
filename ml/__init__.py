"""oO's decision engine: attributes in, probabilities out. README.md says which folder does what."""
