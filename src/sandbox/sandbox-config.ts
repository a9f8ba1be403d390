/** The sandbox's configuration: a normal one, as an operator would write it for a Gitea. */
export function sandboxConfigText(facts: {
  readonly port: number
  readonly forgeUrl: string
  readonly environmentUrl: string
  readonly token: string
  readonly webhookSecret: string
}): string {
  return `server: { host: 127.0.0.1, port: ${facts.port} }
forges:
  - name: sandbox
    kind: gitea
    url: ${facts.forgeUrl}
    token: ${facts.token}
    webhookSecret: ${facts.webhookSecret}
environmentRepository:
  url: ${facts.environmentUrl}
  branch: dynamic-envs
  createBranch: true
sweep: { every: 1m }
applications:
  - name: shop
    forge: sandbox
    repository: acme/shop
    template: argocd-helm.yaml.hbs
    url: https://{{name}}.preview.acme.dev
    values: { project: previews }
`
}
