"""`python -m ml.serving`: start, say where, stop cleanly. A failed start is one sentence and exit code 1."""

import sys

from ml.serving.settings import Settings, SettingsError, from_environment, use_one_blas_thread


def main() -> int:
    use_one_blas_thread()
    try:
        settings = from_environment()
        _serve(settings)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _serve(settings: Settings) -> None:
    from ml.serving.serve import serve  # noqa: PLC0415 - numpy comes in here, after the thread setting

    serve(settings)


if __name__ == "__main__":
    sys.exit(main())
