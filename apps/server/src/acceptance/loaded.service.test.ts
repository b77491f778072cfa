// The server from its sources, and as a build compiles it ahead. A part that is not configured, or not used yet, is not loaded:
// it would cost every start time, and every idle server memory.
import { readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { samplePicture } from '@tablecast/media/testing'
import { startPostgres, temporaryFolder } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildServer } from '../../build-server.ts'
import { sendPicture } from '../testing/pictures.ts'
import { sources as fromSources, startProcess } from '../testing/process.ts'
import { httpClient, newKey, until } from '../testing/testbed.ts'

const preload = new URL('../testing/note-loaded.ts', import.meta.url)

/** Loaded where a variable asks for them. */
const configured = [
  'pg',
  '@nats-io/transport-node',
  '@nats-io/jetstream',
  'redis',
  'openai',
  '@opentelemetry/sdk-trace-base',
  '@opentelemetry/exporter-trace-otlp-http',
]
/** Loaded with the first visit of the OpenAPI pages. */
const pages = ['@fastify/swagger', '@fastify/swagger-ui', 'yaml']
/** Loaded in a thread alone, with the first scenario. */
const readers = ['mdast-util-from-markdown', 'micromark']
/** Loaded in a process of its own alone, with the first picture. */
const encoders = ['sharp', 'thumbhash']

/** In the server's own `node_modules`, where a build finds the packages that it does not contain. */
const built = fileURLToPath(new URL(`../../node_modules/.cache/build-${process.pid}`, import.meta.url))

let sources: ReadonlyMap<string, readonly string[]> = new Map()

type Work = (url: string) => Promise<void>

/** The packages that the server loaded from its start to its end, with `work` in between. */
const packagesOf = async (entry: string, environment: Record<string, string>, work?: Work) =>
  packagesIn(await modulesOf(entry, environment, work))

const packagesIn = (modules: readonly string[]): ReadonlySet<string> =>
  new Set(modules.flatMap(sourcesOf).flatMap((path) => /.*\/node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(path)?.[1] ?? []))

async function modulesOf(
  entry: string,
  environment: Record<string, string>,
  work: Work = () => Promise.resolve(),
): Promise<readonly string[]> {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'loaded')
  const server = startProcess(
    { PORT: '0', DATA_DIR: folder.path, DRAIN_SECONDS: '0', NOTE_LOADED: file, ...environment },
    undefined,
    { preload, entry },
  )
  try {
    await until(() => server.child.exitCode !== null || server.output().includes('ready at'))
    const [, url = ''] = /ready at {2}(\S+)/.exec(server.output()) ?? []
    expect(url, server.output()).not.toBe('')
    await work(url)
    server.child.kill('SIGTERM')
    expect(await server.exited).toEqual([0, null])
  } finally {
    server.child.kill('SIGKILL')
  }
  return (await readFile(file, 'utf8')).split('\n')
}

/** A file of the build stands for its sources. */
function sourcesOf(url: string): readonly string[] {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url
  return sources.get(relative(built, path)) ?? [path]
}

const among = (loaded: ReadonlySet<string>, names: readonly string[]) => names.filter((name) => loaded.has(name))

/** The modules that a server with its defaults loads, by its entry. Several tests look at them. */
const bare = new Map<string, readonly string[]>()
const bareOf = (entry: string): readonly string[] => bare.get(entry) ?? []

beforeAll(async () => {
  sources = await buildServer(built)
  for (const entry of [fromSources, join(built, 'start.js')]) bare.set(entry, await modulesOf(entry, {}))
})
afterAll(() => rm(built, { recursive: true }))

describe.each([
  ['from its sources', fromSources],
  ['that is compiled ahead', join(built, 'start.js')],
])('a server %s', (_form, entry) => {
  it('loads nothing of what is not configured', () => {
    const loaded = packagesIn(bareOf(entry))
    expect(loaded).toContain('fastify')
    expect(among(loaded, [...configured, ...pages, ...readers, ...encoders])).toEqual([])
  })

  it('loads each part that is configured', async () => {
    await using postgres = await startPostgres()
    const nobody = '127.0.0.1:1'
    const loaded = await packagesOf(entry, {
      DATABASE_URL: await postgres.createDatabase(),
      SESSION_SECRET: 'a secret that is long enough for a test',
      NATS_URL: `nats://${nobody}`,
      REDIS_URL: `redis://${nobody}`,
      LLM_BASE_URL: `http://${nobody}/v1`,
      LLM_MODEL: 'none',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${nobody}`,
    })
    expect(among(loaded, configured)).toEqual(configured)
    expect(among(loaded, [...pages, ...readers])).toEqual([])
  })

  it('loads the OpenAPI pages with their first visit', async () => {
    const loaded = await packagesOf(entry, {}, async (url) => {
      expect((await fetch(`${url}/docs/json`)).status).toBe(200)
    })
    expect(among(loaded, pages)).toEqual(pages)
    expect(among(loaded, configured)).toEqual([])
  })

  it('reads pictures in a process of its own, and loads the code for that with the first one', async () => {
    const encoder = /packages\/media\/src\/encoder\.ts$/
    const isLoaded = (modules: readonly string[]) => modules.flatMap(sourcesOf).some((path) => encoder.test(path))
    expect(isLoaded(bareOf(entry))).toBe(false)
    const loaded = await modulesOf(entry, { MEDIA_MIN_FREE_BYTES: '0' }, async (url) => {
      const { token } = await httpClient(url).auth.guest.mutate({ name: 'Dee' })
      const { room } = await httpClient(url, token).rooms.create.mutate({ name: 'Bell', key: newKey() })
      const sent = await sendPicture(url, token, await samplePicture('avif'), { roomId: room.id })
      expect(sent).toMatchObject({ status: 200, picture: { width: 64, height: 48 } })
    })
    expect(isLoaded(loaded)).toBe(true)
    expect(encoders.filter((name) => loaded.some((path) => path.includes(`/node_modules/${name}/`)))).toEqual([])
  })

  it('reads a scenario in its thread, and starts again with its database', async () => {
    await using folder = await temporaryFolder()
    const again = { DATA_DIR: folder.path }
    await packagesOf(entry, again, async (url) => {
      const call = async (procedure: string, input: object, token?: string) => {
        const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
        const query = procedure.startsWith('campaign.preview')
          ? `?input=${encodeURIComponent(JSON.stringify(input))}`
          : ''
        const body = query ? {} : { method: 'POST', body: JSON.stringify(input) }
        const response = await fetch(`${url}/trpc/${procedure}${query}`, { headers, ...body })
        const text = await response.text()
        expect(response.status, text).toBe(200)
        return text
      }
      const token = /"token":"([^"]+)"/.exec(await call('auth.guest', { name: 'Dee', key: crypto.randomUUID() }))?.[1]
      const room = await call('rooms.create', { name: 'Bell', key: crypto.randomUUID() }, token)
      const roomId = /"id":"([^"]+)"/.exec(room)?.[1]
      const markdown = '# The drowned bell\n\n## Characters\n\n- Mira (pc): HP 18/24\n'
      expect(await call('campaign.previewScenario', { roomId, markdown }, token)).toContain('Mira')
    })
    await packagesOf(entry, again)
  })
})

describe('the library of fetch in Node, in a server that is compiled ahead', () => {
  const fetchOfNode = 'NativeModule internal/deps/undici/undici'
  const entry = join(built, 'start.js')

  it('is not loaded by the start', () => {
    expect(bareOf(entry)).not.toEqual([])
    expect(bareOf(entry)).not.toContain(fetchOfNode)
  })

  it('is loaded by a call to another server', async () => {
    const call = "data:text/javascript,setTimeout(()=>fetch('http://127.0.0.1:1').catch(()=>{}))"
    expect(await modulesOf(entry, { NODE_OPTIONS: `--import ${call}` })).toContain(fetchOfNode)
  })
})
