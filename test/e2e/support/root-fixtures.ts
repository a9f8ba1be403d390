/** An Application for Argo CD itself, in the one project that may do anything. */
export const escape = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: escaped, namespace: argocd }
spec:
  project: default
  source: { repoURL: https://git.acme.dev/acme/evil.git, path: . }
  destination: { server: https://kubernetes.default.svc, namespace: kube-system }
`

/** A network policy that opens what the root's closes. */
export const openDoor = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: open }
spec: { podSelector: {}, policyTypes: [Egress], egress: [{}] }
`

/** A role for the whole cluster. */
export const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: escaped }
rules: []
`

/** A plain workload, with the host that the starter fills in. */
export const overlay = `apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: web, image: registry.acme.dev/shop:1 }] }
---
apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { selector: { app: shop }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  rules:
    - host: filled-in.acme.dev
      http:
        paths: [{ path: /, pathType: Prefix, backend: { service: { name: shop, port: { number: 80 } } } }]
`
