// The documents as a reader follows them: each command is typed as it is printed, in a fresh checkout, with real services. Only
// ports, folders and addresses are other ones here.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startModel, startNats, startPostgres, startRedis, temporaryFolder, freePort, until } from '@tablecast/testing'
import { openStore } from '@tablecast/store'
import { TopicsClient } from '@tablecast/topics-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Block, blocksIn, commandsOf, isShell } from './blocks.ts'
import { copySources, plainEnvironment } from './checkout.ts'
import { Program } from './program.ts'
import { Reader, type Replacement } from './reader.ts'
import { parseUnit } from './units.ts'
import { wayOf } from './ways.ts'

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '')
const blocks = blocksIn(root)
const TEST_TIMEOUT_MS = 600_000

const opened = new AsyncDisposableStack()
let checkout = ''

/** The newcomer's first command, as it is printed: it installs, builds and starts. */
beforeAll(async () => {
  checkout = join(opened.use(await temporaryFolder()).path, 'tablecast')
  await copySources(root, checkout)
  const [first] = blocks.filter((block) => block.document === 'README.md' && isShell(block)).flatMap(commandsOf)
  expect(first?.text).toBe('npx -y pnpm start')
  await using folder = await temporaryFolder()
  await using program = new Program(first?.text ?? '', await surroundings({ DATA_DIR: folder.path }))
  await program.prints((output) => output.includes('ready at'))
}, TEST_TIMEOUT_MS)

afterAll(() => opened.disposeAsync())

async function surroundings(env: NodeJS.ProcessEnv) {
  return { cwd: checkout, env: { ...plainEnvironment(root), PORT: String(await freePort()), ...env } }
}

type Settings = {
  env?: NodeJS.ProcessEnv
  replace?: readonly Replacement[]
  /** A server runs before the first command. */
  hasServer?: boolean
}

/** A reader with a data folder and a port of their own. */
async function openReader({ env = {}, replace = [], hasServer = false }: Settings) {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const data = join(folder.path, 'data')
  const around = await surroundings({ DATA_DIR: data, ...env })
  const port = Number(around.env['PORT'])
  const reader = stack.use(
    new Reader(around, [
      ...replace,
      // The pnpm that runs this test does for the one that npx would look up each time; what it builds is built.
      [/npx -y pnpm start/g, 'node_modules/.bin/node apps/server/dist/start.js'],
      [/npx -y pnpm/g, 'pnpm'],
      [/dice-bot\.ts$/g, `dice-bot.ts ws://127.0.0.1:${port}/ws`],
      [/^curl /g, 'curl --silent --show-error --fail '],
      ['127.0.0.1:8000', `127.0.0.1:${port}`],
    ]),
  )
  if (hasServer) await reader.follow([{ document: '', line: 0, text: 'npx -y pnpm start', typed: [] }])
  const owned = stack.move()
  return { reader, folder: folder.path, data, port, around, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

const blocksOf = (document: string) => blocks.filter((block) => block.document === document)
const shellsOf = (document: string) => blocksOf(document).filter(isShell)
const commandsIn = (document: string) => shellsOf(document).flatMap(commandsOf)

/** All that is not an exception was carried out. */
const expectAllDone = (reader: Reader, document: string) =>
  expect(reader.done).toEqual(
    commandsIn(document)
      .filter((command) => wayOf(command)?.kind !== 'not run')
      .map(({ text }) => text),
  )

const ofInfo = (document: string, info: string): Block[] => blocksOf(document).filter((block) => block.info === info)

describe('a reader of', { timeout: TEST_TIMEOUT_MS }, () => {
  it('README.md starts a server, talks to it, and works on the sources', async () => {
    await using open = await openReader({})
    const { reader, port } = open
    const [start = [], talk = [], ...others] = shellsOf('README.md').map(commandsOf)
    await reader.follow(start)
    await reader.follow(talk)
    using closing = new DisposableStack()
    const topics = new TopicsClient({ url: `ws://127.0.0.1:${port}/ws` })
    closing.defer(() => topics.close())
    await until(async () =>
      (await fetch(`http://127.0.0.1:${port}/topics`).then((answer) => answer.text())).includes('dice.rolls'),
    )
    const rolls = topics.subscribe<{ total: number }>('dice.rolls')[Symbol.asyncIterator]()
    const rolled = rolls.next()
    await topics.publish('dice.requests', { sides: 20, count: 2 })
    expect((await rolled).value).toMatchObject({ payload: { total: expect.any(Number) as number } })
    for (const commands of others) await reader.follow(commands)
    expectAllDone(reader, 'README.md')
  })

  it('docs/protocols.md uses each plain endpoint', async () => {
    await using open = await openReader({ hasServer: true, env: { SIGNALS_DEMO: 'true' } })
    for (const block of shellsOf('docs/protocols.md')) await open.reader.follow(commandsOf(block))
    expect(open.reader.done.slice(1)).toEqual(commandsIn('docs/protocols.md').map(({ text }) => text))
  })

  it('docs/operations.md installs, makes a .env that the server takes, and runs an engine', async () => {
    await using nats = await startNats()
    await using open = await openReader({ replace: [['nats://127.0.0.1:4222', nats.url]] })
    const { reader } = open
    await writeFile(join(checkout, '.env'), '')
    for (const block of shellsOf('docs/operations.md')) await reader.follow(commandsOf(block))
    expectAllDone(reader, 'docs/operations.md')
    const written = await readFile(join(checkout, '.env'), 'utf8')
    expect(written).toMatch(/^SESSION_SECRET=\S{32,}$/m)
    expect(written).toContain('WEB_ADDRESS=127.0.0.1\nCOMPAT_AUTH=open\n')
    await reader.stopServer()
    await reader.follow([
      { document: '', line: 0, text: 'node_modules/.bin/node --env-file=.env apps/server/dist/start.js', typed: [] },
    ])
  })

  it('docs/operations.md runs the server as its unit says', async () => {
    const [unit, ...more] = ofInfo('docs/operations.md', 'ini').map(({ text }) => parseUnit(text))
    expect(more).toEqual([])
    expect(unit?.sections).toEqual(['Unit', 'Service', 'Install'])
    await using folder = await temporaryFolder()
    const here = (text: string) =>
      text.replaceAll('/opt/tablecast', checkout).replaceAll(/\/var\/(?:lib|cache)/g, folder.path)
    const environment = Object.fromEntries(
      Object.entries(unit?.environment ?? {}).map(([name, value]) => [name, here(value)]),
    )
    const [command = ''] = unit?.commands ?? []
    await using program = new Program(here(command), await surroundings(environment))
    await program.prints((output) => output.includes('ready at'))
  })

  it('docs/backup.md backs up each night, restores, moves to PostgreSQL and makes a key', async () => {
    await using postgres = await startPostgres()
    const databaseUrl = await postgres.createDatabase()
    await using services = await temporaryFolder()
    const backups = join(services.path, 'backups')
    await mkdir(join(backups, 'tablecast'), { recursive: true })
    const settings = join(services.path, 'tablecast.env')
    await writeFile(settings, 'LOG_LEVEL=warn\n')
    const data = join(services.path, 'data')
    const replace: Replacement[] = [
      ['postgres://…', databaseUrl],
      ['/var/backups', backups],
      ['/var/lib/tablecast', data],
      ['/opt/tablecast', checkout],
      ['/etc/tablecast.env', settings],
      ['data/session-secret', `${data}/session-secret`],
      ['<file>', join(backups, 'tablecast.backup')],
    ]
    await using open = await openReader({ replace, env: { DATA_DIR: data }, hasServer: true })
    const { reader, around } = open

    const [first, ...others] = shellsOf('docs/backup.md')
    await reader.follow(first ? commandsOf(first) : [])
    const [service, timer] = ofInfo('docs/backup.md', 'ini').map(({ text }) => parseUnit(text))
    expect(timer?.sections).toEqual(['Timer', 'Install'])
    expect(service?.environment).toEqual({ DATA_DIR: '/var/lib/tablecast' })
    for (const command of service?.commands ?? []) await new Program(reader.here(command), around).finished()
    const day = new Date().toISOString().slice(0, 10)
    const tonight = join(backups, 'tablecast', `${day}.backup`)
    await copyFile(tonight, join(backups, 'tablecast', '2026-11-20.backup'))
    const cron = ofInfo('docs/backup.md', '').find(({ text }) => text.startsWith('0 4 * * *'))
    const line = /^(?:\S+ ){5}(.*)$/.exec(cron?.text.trimEnd() ?? '')?.[1] ?? ''
    await new Program(reader.here(line.replaceAll('\\%', '%')), around).finished()

    for (const block of others) await reader.follow(commandsOf(block))
    expect(reader.done.slice(1)).toEqual(commandsIn('docs/backup.md').map(({ text }) => text))
  })

  it('docs/market.md publishes, simulates, moves the schema, and makes a hypertable', async () => {
    await using redis = await startRedis()
    await using postgres = await startPostgres()
    const databaseUrl = await postgres.createDatabase()
    const replace: Replacement[] = [
      ['127.0.0.1:6379', `127.0.0.1:${redis.port}`],
      [/^redis-cli /g, `redis-cli -p ${redis.port} `],
    ]
    const env = { REDIS_URL: redis.url, MARKET_SAMPLE: 'true' }
    await using open = await openReader({ replace, env, hasServer: true })
    const heard = async () => {
      const answer = await fetch(`http://127.0.0.1:${open.port}/api/sectors/tech-001`)
      return ((await answer.json()) as { value: number }).value
    }
    // The server is ready before Redis has taken its subscriptions, and Redis keeps no message for later.
    await until(async () => /^market_updates\s+[1-9]/.test(await redis.cli('pubsub', 'numsub', 'market_updates')))
    const [publish, ...others] = shellsOf('docs/market.md')
    await open.reader.follow(publish ? commandsOf(publish) : [])
    await until(async () => (await heard()) === 1250.5)
    for (const block of others) await open.reader.follow(commandsOf(block))
    expect(open.reader.done.slice(1)).toEqual(commandsIn('docs/market.md').map(({ text }) => text))
    // `db:new` wrote a beginning that nobody has finished: the next server would carry it out.
    const migrations = 'packages/store/src/migrations'
    const known = await readdir(join(root, migrations))
    const begun = (await readdir(join(checkout, migrations))).filter((name) => !known.includes(name))
    expect(begun).toEqual([expect.stringContaining('agents_have_a_portrait')])
    for (const name of begun) await rm(join(checkout, migrations, name))

    // TimescaleDB is not installed: its function of the same form looks whether the table and its column are there.
    await using _store = await openStore({ databaseUrl, dataDir: checkout })
    const [sql] = ofInfo('docs/market.md', 'sql')
    const standIn = `create function create_hypertable(relation regclass, column_name name, migrate_data boolean)
      returns text language sql as $$ select attname::text from pg_attribute where attrelid = relation
      and attname = column_name and atttypid = 'timestamptz'::regtype $$;`
    const script = join(checkout, 'hypertable.sql')
    await writeFile(script, `${standIn}\n${sql?.text ?? ''}`)
    const printed = await new Program(
      `psql -v ON_ERROR_STOP=1 -At '${databaseUrl}' -f ${script}`,
      open.around,
    ).finished()
    expect(printed).toContain('timestamp')
  })

  it('docs/narrator.md starts a server with each kind of endpoint', async () => {
    await using model = await startModel((call) => call.reply('Something answers.'))
    await using open = await openReader({ replace: [[/LLM_BASE_URL=\S+/g, `LLM_BASE_URL=${model.baseUrl}`]] })
    for (const block of shellsOf('docs/narrator.md')) await open.reader.follow(commandsOf(block))
    expectAllDone(open.reader, 'docs/narrator.md')
  })

  it('packages/topics-client/README.md publishes and reads', async () => {
    await using open = await openReader({ hasServer: true })
    const url = `http://127.0.0.1:${open.port}/topics`
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"orders"}' })
    const [example] = ofInfo('packages/topics-client/README.md', 'ts')
    const file = join(checkout, 'packages/topics-client/src/readme-example.ts')
    await writeFile(file, open.reader.here(example?.text ?? ''))
    await using program = new Program(`node_modules/.bin/node ${file}`, open.around)
    await program.prints((output) => output.includes('{ order_id: 123 }'))
  })

  const known = [
    'README.md',
    ...['protocols', 'operations', 'backup', 'market', 'narrator'].map((name) => `docs/${name}.md`),
  ]
  const isTried = (block: Block) => commandsOf(block).some((command) => wayOf(command)?.kind !== 'not run')
  const others = [
    ...new Set(
      blocks
        .filter(isShell)
        .filter(isTried)
        .map(({ document }) => document),
    ),
  ].filter((document) => !known.includes(document))

  it('every other document finds that its commands work', async () => {
    for (const document of others) {
      await using open = await openReader({ hasServer: true, env: { SIGNALS_DEMO: 'true' } })
      for (const block of shellsOf(document)) await open.reader.follow(commandsOf(block))
    }
  })
})
