/** The example of the public contract, to the letter. */
export const contract = `server: { port: 8080, host: 0.0.0.0, publicUrl: https://mayfly.acme.dev }
queue: { redis: \${REDIS_URL} }            # left out: in-process
forges:
  - name: github                          # webhooks arrive at POST /webhooks/github
    kind: github                          # github | gitlab | gitea | ...
    url: https://github.com               # api is derived; \`api:\` overrides
    token: \${GITHUB_TOKEN}                # or app: { id, privateKey }
    webhookSecret: \${GITHUB_WEBHOOK_SECRET}   # required, >= 16 characters; a list while rotating
environmentRepository:
  url: https://github.com/acme/environments.git   # https, http, ssh, file
  branch: dynamic-envs
  directory: apps
  templates: templates
  token: \${ENV_REPO_TOKEN}
agent: { kind: argocd, namespace: argocd, rootApplication: previews }   # argocd | flux | none; kubeconfig: path or in-cluster
sweep: { every: 10m }
applications:
  - name: shop
    forge: github
    repository: acme/shop
    template: preview.yaml.hbs
    url: https://{{name}}.preview.acme.dev
    values: { project: previews }
`

export const environment = {
  REDIS_URL: 'redis://:canary-redis@redis:6379',
  GITHUB_TOKEN: 'canary-github-token',
  GITHUB_WEBHOOK_SECRET: 'canary-webhook-secret',
  ENV_REPO_TOKEN: 'canary-environment-token',
}
