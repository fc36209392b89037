"""Simulated people. A tape is what happens whoever chooses; a world is how people feel about a choice."""
