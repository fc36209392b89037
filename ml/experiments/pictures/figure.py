"""Figures as people read them."""


def signed(value: float, digits: int = 2) -> str:
    """With a true minus; what rounds to nothing has no sign."""
    shown = f"{value:+.{digits}f}".replace("-", "−")
    return shown[1:] if float(f"{value:.{digits}f}") == 0 else shown


def percent(p: float, digits: int = 1) -> str:
    return f"{p:.{digits}%}".replace("%", " %")
