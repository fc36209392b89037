"""The lab: simulated people, real peers, and the figures that say whether oO's choices are better."""
