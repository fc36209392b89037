# syntax=docker/dockerfile:1.7
# The api and, by another command, its migrations. TypeScript runs from source: there is no build step.
FROM node:24.21.0-bookworm-slim AS manifests
WORKDIR /app
COPY . .
# Only what an installation depends on is left, so that the next stage stays cached while code changes.
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete

FROM node:24.21.0-bookworm-slim AS installed
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --workspace=@oo/api

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=installed /app ./
COPY packages/kernel packages/kernel
COPY packages/shared-types packages/shared-types
COPY services services
COPY ml/migrations ml/migrations
# The volume mounted here takes its owner from this folder.
RUN mkdir /backups && chown node:node /backups
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health/ready').then(a => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "services/api/main.ts"]
