import type { Brand } from './brand.ts'

/** A DNS label (RFC 1123): at most 63 characters of `[a-z0-9-]`, no dash at either end. */
export type DnsLabel = Brand<'DnsLabel'>

/** How names are built on this installation. */
export interface Naming {
  readonly namespacePrefix: string
  /** Most characters of a name and of a namespace; 53 is Helm's limit. */
  readonly budget: number
}

export interface PreviewNames {
  /** `<application>-<number>-<slug of branch>`: also the manifest's file name. */
  readonly name: DnsLabel
  readonly namespace: DnsLabel
  /** The branch's part, before any cut; may be empty. */
  readonly slug: string
}

/**
 * Application and number make a name unique (no part of an application's name begins with a digit), so the slug may be
 * cut freely. Pure: the same input gives the same names for ever, or live environments would move.
 * @throws RangeError when application and number alone do not fit the budget.
 */
export function previewNames(
  application: string,
  number: number,
  branch: string,
  naming: Naming,
): PreviewNames {
  const identity = `${application}-${number}`
  if (naming.namespacePrefix.length + identity.length > naming.budget)
    throw new RangeError(
      `the name ${naming.namespacePrefix}${identity} needs more than ${naming.budget} characters: shorten the application's name or raise names.budget`,
    )
  const slug = slugOf(branch)
  const name = cut(slug === '' ? identity : `${identity}-${slug}`, naming.budget)
  return {
    name: name as DnsLabel,
    namespace: namespaceOf(name, naming),
    slug,
  }
}

/** The namespace of the preview called `name`. */
export function namespaceOf(name: string, { namespacePrefix, budget }: Naming): DnsLabel {
  return cut(namespacePrefix + name, budget) as DnsLabel
}

/** Lower case; every run of characters outside `[a-z0-9]` becomes one dash; none at the ends. */
export function slugOf(branch: string): string {
  return branch
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}

function cut(name: string, budget: number): string {
  return name.slice(0, budget).replace(/-+$/, '')
}
