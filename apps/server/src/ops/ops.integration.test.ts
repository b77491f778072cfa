// The operators' view on a real server: its access and its content.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MemoryBus } from '@tablecast/bus'
import type { OpsFrame } from '@tablecast/contracts'
import { rawWebSocket } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { openIssuer } from '../testing/issuer.ts'
import { newKey, openTestbed, type TestUser, until } from '../testing/testbed.ts'

const roomId = 'main'
const codeOf = (error: unknown) => (error as { data?: { tablecast?: { code: string } } }).data?.tablecast?.code

async function watch(user: Pick<TestUser, 'socket'>) {
  const client = await user.socket()
  const frames: OpsFrame[] = []
  const ended: unknown[] = []
  client.trpc.ops.watch.subscribe(undefined, {
    onData: ({ data }) => frames.push(data),
    onError: (error) => ended.push(codeOf(error)),
  })
  return { frames, ended, newest: () => frames.at(-1), [Symbol.asyncDispose]: () => client.close() }
}

describe('Access to the operators’ view', () => {
  it('is only for the users of OPERATORS where a token is needed', async () => {
    const environment = { COMPAT_AUTH: 'token', SESSION_SECRET: 'a secret that is long enough for a test' }
    await using first = await openTestbed(environment)
    const operator = await first.signIn('Olga')
    const stranger = await first.signIn('Sam')
    expect(await operator.http.auth.config.query()).toMatchObject({ operates: false })
    await using testbed = await openTestbed({ ...environment, OPERATORS: `nobody, ${operator.session.userId}` })
    const [yes, no] = [operator, stranger].map(({ session }) => testbed.withToken(session.token))
    if (!yes || !no) throw new Error('two were made')

    expect(await yes.http.auth.config.query()).toMatchObject({ operates: true })
    expect(await no.http.auth.config.query()).toMatchObject({ operates: false })
    await using watching = await watch(yes)
    await until(() => watching.frames.length > 0)
    expect((await yes.http.ops.now.query()).nodes).toHaveLength(1)
    await using refused = await watch(no)
    await until(() => refused.ended.length > 0)
    expect([refused.ended, refused.frames]).toEqual([['FORBIDDEN'], []])
    for (const ask of [no.http.ops.now, no.http.ops.history, no.http.ops.dependencies])
      expect(codeOf(await ask.query().catch((error: unknown) => error))).toBe('FORBIDDEN')
    const { ops } = testbed.anonymous
    for (const ask of [ops.now, ops.history, ops.dependencies])
      expect(codeOf(await ask.query().catch((error: unknown) => error))).toBe('UNAUTHORIZED')
  })

  it('is for every signed-in caller where COMPAT_AUTH is open, until their session ends', async () => {
    await using issuer = await openIssuer()
    await using testbed = await openTestbed({ ...issuer.environment, GUESTS: 'on', COMPAT_AUTH: 'open' })
    const guest = await testbed.signIn('Robin')
    const account = testbed.withToken(await issuer.sign({ sub: 'auth0|robin' }))
    await using watching = await watch(guest)
    await until(() => watching.frames.length > 0)
    // A guest token stops working once the guest has an account.
    await account.http.auth.account.mutate({ name: 'Robin', guestToken: guest.session.token })
    await until(() => watching.ended.length > 0)
    expect(watching.ended).toEqual(['UNAUTHORIZED'])
  })
})

// Each test has a server of its own, and waits for reports, which come every two seconds.
describe.concurrent('The operators’ view', () => {
  it('shows this node, the names of followed rooms, and the services that the node depends on', async () => {
    await using testbed = await openTestbed()
    const player = await testbed.join('Pia', 'player')
    const dm = await testbed.join('Dee', 'owner')
    await using client = await player.socket()
    let received = 0
    client.trpc.campaign.events.subscribe({ roomId }, { onData: () => (received += 1) })
    await until(() => received > 0)
    await using watching = await watch(await testbed.signIn('Olga'))
    const room = () => watching.newest()?.rooms.find(({ id }) => id === roomId)
    await until(() => room()?.name != null)
    expect(room()).toMatchObject({ name: player.details.room.name, followers: 1, nodes: 1 })
    await until(async () => {
      await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: 'On we go.' })
      return (room()?.eventsPerSecond ?? 0) > 0
    })
    const [node] = watching.newest()?.nodes ?? []
    expect(node).toMatchObject({ state: 'ready', nodeId: watching.newest()?.nodeId, sample: { readiness: 'ready' } })
    expect(node?.sample?.connections.trpc).toBe(2)
    expect(node?.name).toMatch(new RegExp(`:${testbed.server.port}$`))

    const samples = await player.http.ops.history.query()
    expect(samples.length).toBeGreaterThan(0)
    expect(samples[0]).toMatchObject({ node: node?.nodeId, readiness: expect.any(String) as string })

    const { dependencies } = await player.http.ops.dependencies.query()
    expect(dependencies.map(({ name, state, error }) => [name, state, error])).toEqual([
      ['Database', 'up', null],
      ['Bus', 'up', null],
      ['Channels of the market', 'up', null],
      ['Push services', 'absent', 'no notice was sent yet'],
      ['Feed levels', 'up', null],
    ])
    expect(dependencies[0]?.latencyMs).toBeGreaterThanOrEqual(0)
  })

  it('names a client that reads too slowly until it has caught up', async () => {
    const bus = new MemoryBus()
    await using testbed = await openTestbed({}, { bus })
    const slow = await testbed.signIn('Sloth')
    const socket = rawWebSocket(testbed.server.port, `/ws/stream?token=${slow.session.token}`)
    const opened = await once(socket, 'data')
    expect(String(opened[0])).toContain('101')
    socket.pause()
    await using watching = await watch(await testbed.signIn('Olga'))
    const filling = 'x'.repeat(60_000)
    await until(async () => {
      bus.publish('levels.signals', JSON.stringify({ filling }))
      await new Promise((resolve) => setImmediate(resolve))
      return (watching.newest()?.slow.length ?? 0) > 0
    })
    const [listed] = watching.newest()?.slow ?? []
    expect(listed).toMatchObject({ stage: 'signals', stream: 'levels', transport: 'plain', name: 'Sloth' })
    expect(listed?.eventsBehind).toBeGreaterThan(0)
    expect(listed?.bytesWaiting).toBeGreaterThan(0)
    expect(listed?.node).toBe(watching.newest()?.nodes[0]?.name)
    socket.resume()
    await until(() => watching.newest()?.slow.length === 0)
    socket.destroy()
  })

  it('shows why a service can not be reached, without any credential', async () => {
    const provider = createServer((request, response) =>
      response.writeHead(401).end(String(request.headers.authorization)),
    ).listen(0, '127.0.0.1')
    await once(provider, 'listening')
    const { port } = provider.address() as AddressInfo
    await using testbed = await openTestbed({
      LLM_BASE_URL: `http://127.0.0.1:${port}/v1`,
      LLM_MODEL: 'wise',
      LLM_API_KEY: 'sk-topsecret',
      REDIS_URL: 'redis://someone:hunter22@127.0.0.1:1',
      MARKET_SAMPLE: 'true',
    })
    const user = await testbed.signIn('Olga')
    const answer = await user.http.ops.dependencies.query()
    const byName = Object.fromEntries(answer.dependencies.map((one) => [one.name, one]))
    expect(byName['Language model']).toMatchObject({ state: 'down', error: 'it answered 401' })
    expect(byName['Language model']?.detail).toBe(`wise at http://127.0.0.1:${port}`)
    expect(byName['Channels of the market']).toMatchObject({ state: 'down', detail: 'Redis, redis://127.0.0.1:1' })
    expect(byName['Channels of the market']?.error).toMatch(/can not be reached/)
    expect(JSON.stringify(answer)).not.toMatch(/topsecret|hunter22/)
    const since = byName['Language model']?.since
    const again = await user.http.ops.dependencies.query()
    expect(again.dependencies.find(({ name }) => name === 'Language model')?.since).toBe(since)
    provider.closeAllConnections()
    provider.close()
  })

  it('shows nothing that was said or stored in a campaign', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('DM', 'owner')
    const player = await testbed.join('Robin', 'player')
    const { campaigns } = await dm.http.campaign.list.query({ roomId })
    const campaignId = campaigns.find(({ active }) => active)?.id ?? ''
    const olga = await testbed.signIn('Olga')
    await using watching = await watch(olga)
    await using client = await player.socket()
    const seen: string[] = []
    client.trpc.campaign.events.subscribe({ roomId }, { onData: ({ data }) => seen.push(JSON.stringify(data)) })
    await until(() => watching.frames.length > 0 && seen.length > 0)
    const say = (message: string) => dm.http.campaign.say.mutate({ roomId, key: newKey(), message })
    await say('/secret CANARY of a secret [[1d20]]')
    await say('/note CANARY of a note')
    await say('/threat add CANARY of a threat: with CANARY detail')
    await say('CANARY for all to hear')
    await dm.http.campaign.create.mutate({ roomId, key: newKey(), name: 'CANARY of a campaign' })
    await dm.http.campaign.whisper.mutate({ roomId, key: newKey(), to: player.session.userId, message: 'CANARY' })
    const { campaign, state } = await dm.http.campaign.get.query({ roomId, campaignId })
    expect(JSON.stringify(state)).toContain('CANARY')
    expect(campaign.version).toBeGreaterThan(0)
    await until(() => seen.join().includes('CANARY for all to hear'))
    const before = watching.frames.length
    await until(() => watching.frames.length >= before + 2)
    const shown = JSON.stringify([
      watching.frames,
      await olga.http.ops.now.query(),
      await olga.http.ops.history.query(),
      await olga.http.ops.dependencies.query(),
    ])
    expect(shown).toContain(player.details.room.name)
    expect(shown).not.toContain('CANARY')
    expect(shown).not.toContain(campaignId)
  })
})
