# syntax=docker/dockerfile:1.7
# The operator's console: a Next build behind its own small server.
FROM node:24.21.0-bookworm-slim AS manifests
WORKDIR /app
COPY . .
# Only what an installation depends on is left, so that the next stages stay cached while code changes.
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete

FROM node:24.21.0-bookworm-slim AS built
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY packages packages
COPY apps/admin apps/admin
WORKDIR /app/apps/admin
RUN NODE_ENV=production node ../../node_modules/next/dist/bin/next build

FROM node:24.21.0-bookworm-slim AS installed
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --omit=dev --ignore-scripts --workspace=@oo/admin-app

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1
WORKDIR /app
COPY --from=installed /app ./
COPY packages/kernel packages/kernel
COPY packages/shared-types packages/shared-types
COPY packages/sdk-js packages/sdk-js
COPY packages/ui packages/ui
COPY --from=built /app/apps/admin apps/admin
WORKDIR /app/apps/admin
USER node
EXPOSE 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3001/sign-in').then(a => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.mjs"]
