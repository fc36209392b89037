"""A person's learned state: packed with a checksum, stored in schema `ml`, read and written here only."""

from ml.state.packing import Damaged, checksum, verified
from ml.state.store import Away, Known, Posterior, Store

__all__ = ["Away", "Damaged", "Known", "Posterior", "Store", "checksum", "verified"]
