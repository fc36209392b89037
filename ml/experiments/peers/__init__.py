"""Other people's bandits, each as the lab's `Agent` (track B) and as a `Bandit` (track A)."""
