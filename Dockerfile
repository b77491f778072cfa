# syntax=docker/dockerfile:1
# The server and the pages are built. The arena's engine and the operator's commands run from the sources: Node takes TypeScript as it is.

FROM node:24.21.0-bookworm-slim AS workspace
ARG PNPM_VERSION=12.21.0
RUN npm install --global --no-fund --no-audit pnpm@${PNPM_VERSION}
ENV CI=true
WORKDIR /app

# The pages and the server, with all that it takes to build them. Nothing of this stage but the two `dist` goes on.
FROM workspace AS built
COPY . .
RUN --mount=type=cache,id=pnpm,target=/pnpm/store \
    pnpm install --store-dir /pnpm/store --frozen-lockfile --filter "@tablecast/web..." --filter "@tablecast/server..."
RUN npm --prefix apps/web run build && npm --prefix apps/server run build

# The running parts: the sources of these and their packages, and production dependencies alone. Not `pnpm deploy`: it
# would put the sources under node_modules, where Node strips no types.
FROM workspace AS production
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages packages
COPY apps/server apps/server
COPY apps/engine apps/engine
COPY apps/admin apps/admin
RUN --mount=type=cache,id=pnpm,target=/pnpm/store \
    pnpm install --store-dir /pnpm/store --frozen-lockfile --prod \
    --filter-prod "@tablecast/server..." --filter-prod "@tablecast/engine..." --filter-prod "@tablecast/admin..."

FROM node:24.21.0-bookworm-slim AS server
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 DATA_DIR=/data NODE_COMPILE_CACHE=/var/cache/tablecast
RUN mkdir /data /var/cache/tablecast && chown node:node /data /var/cache/tablecast
WORKDIR /app
COPY --from=production /app ./
COPY --from=built /app/apps/web/dist apps/web/dist
COPY --from=built /app/apps/server/dist apps/server/dist
USER node
# Compiled once here instead of at each start; the cache belongs to the user who fills it.
RUN node apps/server/dist/start.js --help > /dev/null && node apps/engine/src/main.ts --help > /dev/null
VOLUME /data
EXPOSE 8000
# Ready is what a balancer would ask too: started, not draining, and the database answers.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# Node itself, so that SIGTERM reaches it and drains.
CMD ["node", "apps/server/dist/start.js"]
