import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { eventually } from '../../../support/eventually.ts'
import type { ClusterClient } from './client.ts'
import { type Kind, kubernetesObject } from './object.ts'

/** Applies every manifest of a folder, into `namespace` where a kind lives in one. */
export async function applyFolder(client: ClusterClient, folder: string, namespace: string): Promise<void> {
  const names = (await readdir(folder)).filter(
    (name) => name.endsWith('.yaml') && name !== 'kustomization.yaml',
  )
  for (const name of names) {
    for (const document of parseAllDocuments(await readFile(join(folder, name), 'utf8'))) {
      const object = kubernetesObject.parse(document.toJS())
      await client.apply({ ...object, metadata: { ...object.metadata, namespace } })
    }
  }
}

/** A new kind is served a moment after its definition was taken. */
export async function untilServed(client: ClusterClient, ...wanted: readonly Kind[]): Promise<void> {
  for (const kind of wanted) await eventually(() => client.list(kind), { everyMs: 50 })
}

/** For example `argocd`. */
export async function addNamespace(client: ClusterClient, name: string): Promise<void> {
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
}
