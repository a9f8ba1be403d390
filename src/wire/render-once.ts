import { systemClock } from '../pace/clock.ts'
import type { Config } from '../config/config.ts'
import { processEnvironment } from '../config/environment.ts'
import { createLog } from '../log.ts'
import { manifestPath } from '../environment-repository/manifest-path.ts'
import type { Application } from '../preview/application.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import { previewNames } from '../preview/name.ts'
import { previewId } from '../preview/preview-id.ts'
import { type RenderedPreview, renderPreview } from '../reconcile/render-preview.ts'
import { createEnvironmentRepository } from './environment-repository.ts'
import { createForges } from './forges.ts'
import { createSettings } from './settings.ts'
import { secretsOf } from './secrets.ts'

/** What Mayfly would write for one merge request (a number is read from the forge); null when it does not exist. */
export async function renderOnce(
  config: Config,
  application: Application,
  wanted: number | MergeRequest,
): Promise<RenderedPreview | null> {
  const environment = processEnvironment()
  const log = createLog({
    level: 'warn',
    pretty: false,
    destination: process.stderr,
    redact: secretsOf(config, environment),
  })
  const parts = { clock: systemClock, random: Math.random, log, environment }
  const { forges, apps } = createForges(config, { ...parts, onCall: () => undefined })
  const repository = createEnvironmentRepository(config, { ...parts, apps, onPush: () => undefined })
  try {
    const reading =
      typeof wanted === 'number'
        ? await forges.get(application.forge)?.readMergeRequest(application.repository, wanted)
        : { kind: 'found' as const, mergeRequest: wanted }
    if (reading?.kind !== 'found') return null
    const { mergeRequest } = reading
    const view = await repository.view()
    const names = previewNames(application.name, mergeRequest.number, mergeRequest.branch, config.names)
    const path = manifestPath(config.environmentRepository, names.name)
    const standing = view.manifestsOf(previewId(application.name, mergeRequest.number))
    const context = { settings: createSettings(config), ports: { repository, projects: () => null } }
    return await renderPreview(
      context,
      { application, mergeRequest, names, path, view, standing, pinned: {}, approvedBy: null },
      null,
    )
  } finally {
    await repository.close()
  }
}
