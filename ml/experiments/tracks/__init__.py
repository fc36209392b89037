"""The tracks of the lab. Each makes units of work, does one, and judges the lines that came of all."""
