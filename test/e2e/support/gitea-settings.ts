interface Settings {
  readonly folder: string
  readonly port: number
  /** The module's folder. */
  readonly staticRoot: string
}

/** Small, so that every list of a test has several pages. */
const pageSize = 3

/** An `app.ini` of a Gitea that talks to loopback only and keeps everything in its folder. */
export function giteaSettings({ folder, port, staticRoot }: Settings): string {
  return `APP_NAME = Gitea
RUN_MODE = prod
RUN_USER = ${process.env['USER'] ?? 'root'}
WORK_PATH = ${folder}
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${port}
ROOT_URL = http://127.0.0.1:${port}/
STATIC_ROOT_PATH = ${staticRoot}
OFFLINE_MODE = true
DISABLE_SSH = true
LFS_START_SERVER = false
[database]
DB_TYPE = sqlite3
PATH = ${folder}/gitea.db
SQLITE_JOURNAL_MODE = WAL
[security]
INSTALL_LOCK = true
[webhook]
ALLOWED_HOST_LIST = loopback
DELIVER_TIMEOUT = 10
[repository]
DEFAULT_BRANCH = main
[api]
DEFAULT_PAGING_NUM = ${pageSize}
MAX_RESPONSE_ITEMS = ${pageSize}
[indexer]
ISSUE_INDEXER_TYPE = db
[queue]
TYPE = channel
[session]
PROVIDER = memory
[actions]
ENABLED = false
[packages]
ENABLED = true
[cron.update_checker]
ENABLED = false
[log]
MODE = console
LEVEL = warn
`
}
