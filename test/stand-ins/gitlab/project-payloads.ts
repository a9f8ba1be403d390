import type { SandboxRepository } from '../../../src/sandbox/forge/state.ts'
import { timeOf } from './times.ts'

/** `API_Entities_ProjectWithAccess`, without the long tail of its settings. */
export function projectPayload(repository: SandboxRepository, url: string): object {
  const { group, name } = partsOf(repository)
  const page = `${url}/${repository.fullName}`
  return {
    id: repository.id,
    description: null,
    name,
    name_with_namespace: repository.fullName.replaceAll('/', ' / '),
    path: name,
    path_with_namespace: repository.fullName,
    created_at: timeOf(repository.id),
    default_branch: 'main',
    tag_list: [],
    topics: [],
    ssh_url_to_repo: `git@${new URL(url).hostname}:${repository.fullName}.git`,
    http_url_to_repo: `${page}.git`,
    web_url: page,
    readme_url: null,
    forks_count: 0,
    avatar_url: null,
    star_count: 0,
    last_activity_at: timeOf(repository.id),
    visibility: repository.isPublic ? 'public' : 'private',
    namespace: {
      id: 7,
      name: group,
      path: group.split('/').at(-1) ?? '',
      kind: 'group',
      full_path: group,
      parent_id: null,
      avatar_url: null,
      web_url: `${url}/groups/${group}`,
    },
    empty_repo: false,
    archived: false,
    merge_requests_enabled: repository.mergeRequestsEnabled,
    merge_requests_access_level: repository.mergeRequestsEnabled ? 'enabled' : 'disabled',
    creator_id: 1,
    import_status: 'none',
    open_issues_count: 0,
    shared_with_groups: [],
    only_allow_merge_if_pipeline_succeeds: false,
    merge_method: 'merge',
    permissions: { project_access: { access_level: 30, notification_level: 3 }, group_access: null },
  }
}

/** As webhooks tell of a project. */
export function projectInEvent(repository: SandboxRepository, url: string): object {
  const { group, name } = partsOf(repository)
  const page = `${url}/${repository.fullName}`
  const ssh = `git@${new URL(url).hostname}:${repository.fullName}.git`
  return {
    id: repository.id,
    name,
    description: null,
    web_url: page,
    avatar_url: null,
    git_ssh_url: ssh,
    git_http_url: `${page}.git`,
    namespace: group,
    visibility_level: 0,
    path_with_namespace: repository.fullName,
    default_branch: 'main',
    ci_config_path: '',
    homepage: page,
    url: ssh,
    ssh_url: ssh,
    http_url: `${page}.git`,
  }
}

function partsOf({ fullName }: SandboxRepository): { readonly group: string; readonly name: string } {
  const end = fullName.lastIndexOf('/')
  return { group: fullName.slice(0, end), name: fullName.slice(end + 1) }
}
