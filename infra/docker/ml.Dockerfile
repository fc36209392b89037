# syntax=docker/dockerfile:1.7
# The scorer. Its packages come from a lock with hashes, into an environment that holds nothing else.
FROM python:3.13.9-slim-bookworm AS installed
COPY requirements/serving.txt /tmp/serving.txt
RUN python -m venv /opt/venv \
  && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /tmp/serving.txt

FROM python:3.13.9-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
COPY --from=installed /opt/venv /opt/venv
COPY ml ml
COPY packages/shared-types/gen/py packages/shared-types/gen/py
RUN useradd --system --uid 10001 oo
USER oo
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=2)"]
CMD ["python", "-m", "ml.serving"]
