import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { isTypedText } from '../../src/render/typed-text.ts'
import { render } from '../../src/render/render.ts'
import { nastyStrings } from '../support/nasty-strings.ts'
import { argoParameter, envsubst } from '../support/second-parser-models.ts'
import { renderRequest } from '../support/render-request.ts'

interface Document {
  readonly spec: {
    readonly source: {
      readonly helm: { readonly parameters: readonly [{ readonly name: string; readonly value: string }] }
      readonly kustomize: { readonly images: readonly [string] }
    }
    readonly postBuild: { readonly substitute: Readonly<Record<string, string>> }
  }
}

function application(source: string): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {{name}}
  namespace: argocd
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: previews
  destination: { name: in-cluster, namespace: "{{namespace}}" }
  source:
    repoURL: {{repository.cloneUrl}}
    path: chart
${source}`
}

const kustomization = (fields: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {{name}}
  namespace: flux-system
spec:
  interval: 10m
  targetNamespace: {{namespace}}
  sourceRef: { kind: GitRepository, name: apps }
  prune: true
${fields}`

/** The last document that comes out, or undefined when it was refused. */
function rendered(template: string, title: string): Document | undefined {
  const result = render(renderRequest(template, { variables: { title } }))
  return result.kind === 'rendered' ? (parse(result.content) as Document) : undefined
}

const anyText = fc.oneof(
  fc.constantFrom(...nastyStrings),
  fc.string(),
  fc.tuple(fc.string(), fc.constantFrom(...nastyStrings)).map(([a, b]) => a + b),
)

describe('helm parameters, through --set', () => {
  const template = application(
    '    helm:\n      parameters:\n        - name: title\n          value: {{title}}\n          forceString: true\n',
  )

  it('law 8: a value is one string there, or the manifest is refused', () => {
    fc.assert(
      fc.property(anyText, (title) => {
        const document = rendered(template, title)
        if (document === undefined) return
        const [parameter] = document.spec.source.helm.parameters
        expect(argoParameter(parameter.name, parameter.value)).toEqual({ title: title.toWellFormed() })
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['a,b', 'x=1', 'null', '1e3', '機能', 'a b', 'feature/login'])('%j passes', (title) => {
    expect(rendered(template, title)).toBeDefined()
  })

  it.each(['{a,b}', 'a\\,b=c', '{', '$ARGOCD_APP_NAME', 'a\nb'])('%j is refused', (title) => {
    expect(rendered(template, title)).toBeUndefined()
  })

  it('the model knows what would go wrong', () => {
    expect(argoParameter('title', '{a,b}')).toEqual({ title: ['a', 'b'] })
    expect(argoParameter('title', 'x\\\\,admin=true')).toEqual({ title: 'x\\', admin: 'true' })
  })
})

describe('Flux postBuild, substituted into YAML text', () => {
  const template = kustomization(
    '  postBuild:\n    substitute:\n      TITLE: {{title}}\n      MIXED: mr-{{title}}\n',
  )

  it('law 8: a value stays one text where the variable stands alone, or the manifest is refused', () => {
    fc.assert(
      fc.property(anyText, (title) => {
        const document = rendered(template, title)
        if (document === undefined) return
        const { substitute } = document.spec.postBuild
        for (const version of ['1.1', '1.2'] as const)
          expect(
            parse(envsubst('a: ${TITLE}\nb: ${MIXED}\nc: [${TITLE}]\n', substitute), { version }),
          ).toEqual({
            a: title,
            b: `mr-${title}`,
            c: [title],
          })
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['feature-login', 'v1.2.3', 'acme/shop', 'a@b', 'd4e5f6a'])('%j passes', (title) => {
    expect(rendered(template, title)).toBeDefined()
  })

  it.each(['1e3', '1234567', 'null', 'yes', 'a: b', 'a b', '', '機能', '${X}'])('%j is refused', (title) => {
    expect(rendered(template, title)).toBeUndefined()
  })
})

describe('kustomize images and names', () => {
  it.each(['v1', 'd4e5f6a', 'feature-login', '1e3', '123'])('the tag %j passes behind a name', (title) => {
    const document = rendered(application('    kustomize: { images: ["shop=acme/shop:{{title}}"] }\n'), title)
    expect(document?.spec.source.kustomize.images[0]).toBe(`shop=acme/shop:${title}`)
  })

  it.each(['a b', 'a,b', '', '--x', 'a$b', 'a\nb', '{a}'])('the name suffix %j is refused', (title) => {
    expect(rendered(application('    kustomize: { nameSuffix: "{{title}}" }\n'), title)).toBeUndefined()
  })
})

describe('isTypedText', () => {
  it('knows all that a reader of YAML takes for something else than a text', () => {
    const safe = fc.stringMatching(/^[A-Za-z0-9._/:@+~-]{0,12}$/)
    const numeric = fc.stringMatching(/^[-+]?[0-9._xobeEXOB:-]{0,10}$/)
    fc.assert(
      fc.property(fc.oneof(safe, numeric, fc.constantFrom(...nastyStrings)), (value) => {
        if (!/^[A-Za-z0-9._/:@+~-]*$/.test(value) || isTypedText(value)) return
        for (const version of ['1.1', '1.2'] as const) {
          const read: unknown = parseOrText(value, version)
          expect(typeof read).toBe('string')
        }
      }),
      { numRuns: 5000 },
    )
  })
})

/** What is no YAML at all, such as `- `, or a mapping, such as `a:`, is refused by its characters or fails loudly. */
function parseOrText(value: string, version: '1.1' | '1.2'): unknown {
  try {
    const read: unknown = parse(value, { version })
    return typeof read === 'object' && read !== null && !(read instanceof Date) ? value : read
  } catch {
    return value
  }
}
