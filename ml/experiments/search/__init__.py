"""What the peers were tuned over, and the search through it."""
