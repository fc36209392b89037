"""The share of moments that `random` decides, by a keyed hash: without the key nobody can tell which."""

from hashlib import blake2b


class Holdback:
    def __init__(self, share: float, secret: str) -> None:
        self._share = share
        self._key = blake2b(secret.encode(), digest_size=32, person=b"oo-ml-holdback").digest()

    def holds(self, decision_id: str) -> bool:
        if self._share <= 0.0:
            return False
        number = blake2b(decision_id.encode(), key=self._key, digest_size=8).digest()
        return int.from_bytes(number, "little") * 2.0**-64 < self._share
