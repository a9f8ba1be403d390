const adapters =
  '^src/(queue/(bullmq|in-process)|environment-repository/git/|forge/((?!(?:http|rest)/)[^/]+/|clients\\.ts)|agent/(?!port\\.ts)|probe/(?!port\\.ts)|registry/(?!(port|pinned)\\.ts))'
/** The folder of any forge, those that are yet to come among them. */
const forgeFolder = '^src/forge/(?!(?:http|rest)/)([^/]+)/'
const tools = '^(test|bench|scripts)/'

/** An npm package, by name. */
function packages(...names) {
  return `(^|/)node_modules/(${names.join('|')})/`
}

/** A rule: code of `src` outside of `rooms` must not import `to`. */
function only(name, rooms, to, comment) {
  return { name, severity: 'error', comment, from: { path: '^src/', pathNot: rooms }, to: { path: to } }
}

/** A rule: code in `room` imports nothing but `allowed`. */
function imports(name, room, allowed, comment) {
  return { name, severity: 'error', comment, from: { path: room }, to: { pathNot: allowed } }
}

/** Borders between the rooms. The name is the rule, the comment says what to do instead. */
export default {
  forbidden: [
    imports(
      'the core imports only itself',
      '^src/preview/',
      ['^src/preview/'],
      'Hand the value in as an argument, or move the code out of src/preview to the room that acts.',
    ),
    imports(
      'rules about the life of a preview are pure',
      '^src/lifecycle/',
      ['^src/(lifecycle|preview)/', '^src/nearest\\.ts$'],
      'Hand the value in as an argument: what asks a forge, a cluster or the clock belongs to the room that acts.',
    ),
    imports(
      'pace knows only itself',
      '^src/pace/',
      ['^src/pace/', '^(node:)?timers'],
      'Time, pauses and bounds are for every room: hand in what they are about.',
    ),
    imports(
      'the network knows only itself',
      '^src/network/',
      ['^src/network/', '^(node:)?(crypto|dns(/promises)?|fs|net|path|tls)$', packages('undici')],
      'Which way a call goes is for every room: hand in the variables.',
    ),
    imports(
      'rendering is pure',
      '^src/render/',
      [
        '^src/(render|preview|pace)/',
        '^src/nearest\\.ts$',
        packages('handlebars', 'yaml'),
        '^(node:)?(crypto|net)$',
      ],
      'A template and values go in, a manifest or a refusal comes out: read files and settings outside and hand them in.',
    ),
    imports(
      'the image registry asks and writes nothing',
      '^src/registry/',
      [
        '^src/(registry|network|pace)/',
        '^src/(preview/errors|config/secret)\\.ts$',
        packages('zod'),
        '^(node:)?(crypto|fs/promises|net)$',
      ],
      'A reference goes in, a reading comes out: hand in credentials, the clock and the way out; log and decide outside.',
    ),
    imports(
      'the API only adds keys',
      '^src/api/',
      [
        '^src/(api|network|pace|preview)/',
        '^src/(config/secret|forge/kind|forge/webhook-signature|log|webhook/failure-limit)\\.ts$',
        packages('express', 'jose', 'zod'),
      ],
      'Hand in what is known of repositories and the queue: whoever asks over HTTP gets a pass, and only reconcile acts (law 1).',
    ),
    imports(
      'the comment is pure',
      '^src/report/(?!publish)',
      ['^src/report/(?!publish)', '^src/(preview|pace)/'],
      'Write the words from a PreviewStatus alone; asking and publishing belong to src/report/publish.ts.',
    ),
    imports(
      'agent observations are pure',
      '^src/agent/(argocd|flux|namespace)/',
      [
        '^src/preview/',
        '^src/agent/(argocd|flux|namespace)/',
        '^src/agent/cluster\\.ts$',
        '^src/agent/observe/(observed|own-sha|clean-message|unreadable)\\.ts$',
        packages('zod'),
      ],
      'An object of the cluster goes in, an observation or words come out: read the cluster in src/agent/kubernetes and hand the objects in.',
    ),
    imports(
      'the door only reads bytes',
      '^src/(webhook/receive|forge/kinds?\\.ts|forge/[^/]+/(kind|webhook|.*-webhook)\\.ts)',
      [
        '^src/(webhook|preview|config)/',
        `${forgeFolder}(kind|webhook|.*-webhook)\\.ts$`,
        '^src/forge/(?!clients)[^/]+\\.ts$',
        packages('zod'),
        '^(node:)?(crypto|buffer)$',
      ],
      'Webhooks and kinds of forges are pure functions of headers, bytes and secrets: leave HTTP to the routes, and asking the forge to its client.',
    ),
    {
      name: 'adapters are reached only through wire',
      severity: 'error',
      comment: 'Import the port and let src/wire.ts hand the adapter in.',
      from: { path: '^src/([^/]+)/', pathNot: '^src/(wire|sandbox)' },
      to: { path: adapters, pathNot: '^src/$1/' },
    },
    {
      name: 'entries reach adapters only through wire',
      severity: 'error',
      comment: 'Ask src/wire.ts for the parts; it alone chooses adapters.',
      from: { path: '^src/[^/]+\\.ts$', pathNot: '^src/wire' },
      to: { path: adapters },
    },
    {
      name: 'a forge does not know another forge',
      severity: 'error',
      comment: 'Put what both need beside the port, in src/forge/.',
      from: { path: forgeFolder },
      to: { path: forgeFolder, pathNot: '^src/forge/$1/' },
    },
    {
      name: 'what forges share knows none of them',
      severity: 'error',
      comment: 'Take the difference as an argument; only the tables kinds.ts and clients.ts name the forges.',
      from: { path: '^src/forge/((http|rest)/|(?!kinds|clients)[^/]+\\.ts$)' },
      to: { path: forgeFolder },
    },
    {
      name: 'rooms do not know who starts them',
      severity: 'error',
      comment:
        'Take what you need as an argument; wire, cli and commands import the rooms, not the other way round.',
      from: { path: '^src/([^/]+)/', pathNot: '^src/(sandbox|commands|wire)' },
      to: { path: '^src/(wire|main|cli|server|commands|sandbox)', pathNot: '^src/$1/' },
    },
    only(
      'Redis stays in the queue',
      '^src/queue/',
      packages('bullmq', 'ioredis'),
      'Use the port src/queue/port.ts.',
    ),
    only(
      'express stays at the door',
      ['^src/(api/|webhook/|server|sandbox/)'],
      packages('express', 'helmet', 'express-rate-limit'),
      'Give the server plain functions and values; routes live in src/webhook, src/api and src/server*.',
    ),
    only(
      'handlebars stays in render',
      '^src/render/',
      packages('handlebars'),
      'Ask src/render: it is the one place where values cannot become structure.',
    ),
    only(
      'programs are run in one place',
      '^src/sandbox/',
      '^(node:)?child_process$',
      'Git is run by simple-git in src/environment-repository/git; no other program is run.',
    ),
    only(
      'octokit describes GitHub and nothing else',
      '^src/forge/github/',
      packages('@octokit'),
      'Add a call to src/forge/github/calls.ts: what octokit describes there is sent by the one client of all forges.',
    ),
    only(
      'git is run in one place',
      '^src/environment-repository/git/',
      packages('simple-git', 'debug'),
      'Use the runner of src/environment-repository/git: argument array, exit code checked, no value from a forge in argv.',
    ),
    only(
      'zod stays at the doors',
      ['^src/(api|config|forge|webhook|agent|registry|sandbox|commands)/', '^src/queue/bullmq'],
      packages('zod'),
      'Parse foreign data where it comes in and pass on our own types.',
    ),
    only(
      'jose stays in the API',
      '^src/api/',
      packages('jose'),
      'Tokens of jobs are verified in src/api/verify-job.ts; ask who somebody is by src/api/authenticate.ts.',
    ),
    only(
      'prom-client stays in metrics',
      '^src/metrics',
      packages('prom-client'),
      'Call a function of src/metrics.',
    ),
    only(
      'the Kubernetes client stays in its room',
      '^src/agent/kubernetes/',
      packages('@kubernetes'),
      'Use the port src/agent/cluster.ts: the client is 69 MB and is loaded only where an agent is configured.',
    ),
    only('pino stays in log', '^src/log', packages('pino'), 'Take a Log (src/log.ts) as an argument.'),
    only(
      'commander stays in the command line',
      '^src/(main|cli|commands)',
      packages('commander'),
      'Give the command a plain function and let src/cli.ts read the arguments.',
    ),
    only(
      'undici stays in the network',
      '^src/network/',
      packages('undici'),
      'Take a Fetch (src/network/create-fetch.ts) as an argument, so that every call goes through the proxy that is set.',
    ),
    {
      name: 'no circles',
      severity: 'error',
      comment: 'Move what both need into a third file, or hand one in as an argument.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'the product does not know its tests',
      severity: 'error',
      comment: 'Move what the product needs into src/.',
      from: { path: '^src/' },
      to: { path: tools },
    },
    {
      name: 'the product runs on declared packages',
      severity: 'error',
      comment: 'Put the package under "dependencies" of package.json, or do without.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'], pathNot: '^[.]' },
    },
    {
      name: 'every import is found',
      severity: 'error',
      comment: 'Check the path: imports name the file with its .ts ending.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
}
