/** What `charts/mayfly` refuses: what it is, as `helm --set` takes it, and words of the refusal. */
export const wrongValues: readonly (readonly [string, readonly string[], string])[] = [
  ['no configuration', ['config=null'], "missing property 'config'"],
  ['replicas without Redis', ['replicaCount=2'], 'replicaCount is 2, but config.queue.redis is not set'],
  ['a token in clear', ['config.forges[0].token=abc'], 'config.forges[0].token holds a secret in clear'],
  [
    'a webhook secret in clear',
    ['config.forges[0].webhookSecret=0123456789abcdef'],
    'config.forges[0].webhookSecret holds a secret in clear',
  ],
  [
    'a password of Redis in clear',
    ['config.queue.redis=redis://me:secret@redis:6379'],
    'config.queue.redis holds a password in clear',
  ],
  ['a variable that nobody gives', ['existingSecret='], 'config names ${GITHUB_TOKEN}, but nothing gives it'],
  ['a port that only Mayfly would know', ['config.server.port=0'], 'config.server.port is 0'],
  ['a server that listens to itself', ['config.server.host=127.0.0.1'], 'nobody would reach the Pod'],
  [
    'an ingress without a host',
    ['ingress.enabled=true', 'config.server.publicUrl=http:///'],
    'ingress.enabled without a host',
  ],
  ['an unknown value', ['replicas=2'], 'replicas'],
  ['an unknown key of the configuration', ['config.webhooks.x=1'], 'webhooks'],
  ['a wrong word', ['rbac.explain=yes'], '/rbac/explain'],
]
