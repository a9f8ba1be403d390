# syntax=docker/dockerfile:1

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
# git and ssh write to the environment repository; tini ends what git leaves behind and passes signals on.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git openssh-client tini \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json mayfly.schema.json LICENSE ./
COPY templates templates
ENV NODE_ENV=production MAYFLY_CONFIG=/etc/mayfly/mayfly.yaml NODE_OPTIONS=--max-semi-space-size=8
# The user `node` of the base image, as a number, so that Kubernetes can tell it is not root.
USER 1000:1000
EXPOSE 8080
# Where `server.port` is another one, give `--health-cmd` too.
HEALTHCHECK --interval=15s --timeout=5s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# A stop takes up to 25 s: running looks end first. Docker's own patience is 10 s, hence `--stop-timeout 30`.
ENTRYPOINT ["tini", "--", "node", "dist/main.js"]
CMD ["serve"]
