// Bodies that an attacker sends over HTTP, while a table goes on.
import { connect, type Socket } from 'node:net'
import type { AppRouter } from '@tablecast/server'
import { type Memory, serverWatch, watchOf } from '@tablecast/server/testing/watched'
import { createTRPCClient, httpLink } from '@trpc/client'
import { play, type Scenario } from '../scenario.ts'
import { within } from '../within.ts'

const MIB = 1_048_576
/** The machine may have much else to do. */
const ANSWER_TIMEOUT_MS = 120_000
/** Of one address, at the default settings, and what the table itself and the sockets take. */
const HELD_MAX = 96 * MIB
/** More than before, after everything is closed: what the table has written meanwhile is remembered here and there. */
const LEFT_MAX = 24 * MIB

const inBuffers = ({ external, arrayBuffers }: Memory) => Math.max(external, arrayBuffers)

export const hugeBodies: Scenario = {
  name: 'huge-bodies',
  title: 'unfinished, slow and huge bodies from one address, of strangers and of guests who made themselves DMs',
  setups: ['sqlite', 'postgres'],
  short: ['sqlite'],
  run(context) {
    return play(
      context,
      async ({ cluster, table }) => {
        const rounds = context.isShort ? 1 : 8
        const node = cluster.nodes[0]
        if (!node) throw new Error('there is no node')
        const watch = watchOf(node.output)
        const token = await tokenOfDm(cluster.url)
        const before = await watch.memory()
        const answers = new Map<number, number>()
        let held = 0
        for (let round = 0; round < rounds; round++) {
          const requests = attack(cluster.front.port, token)
          await within(ANSWER_TIMEOUT_MS, 'every request that has to be refused has its answer', () =>
            requests.every((request) => request.mayWait || request.status !== null || request.socket.destroyed),
          )
          await table.acknowledged()
          held = Math.max(held, inBuffers(await watch.memory()) - inBuffers(before))
          for (const { status, socket } of requests) {
            if (status !== null) answers.set(status, (answers.get(status) ?? 0) + 1)
            socket.destroy()
          }
          let left = Infinity
          const isGivenBack = () => `the memory is given back, but for ${Math.round(left / MIB)} MiB`
          await within(ANSWER_TIMEOUT_MS, isGivenBack, async () => {
            left = inBuffers(await watch.memory()) - inBuffers(before)
            return left < LEFT_MAX
          })
          await table.caughtUp(performance.now())
        }
        if (held > HELD_MAX) table.complain(`${Math.round(held / MIB)} MiB were held at a time`)
        for (const status of answers.keys())
          if (status >= 500 && status !== 503) table.complain(`an answer of ${status}`)
        const statuses = [...answers].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`)
        return { rounds, notes: [`${statuses.join(', ')}; at most ${Math.round(held / MIB)} MiB held at a time`] }
      },
      { preload: serverWatch },
    )
  },
}

/** A guest with a room: who may send an import. */
async function tokenOfDm(url: string): Promise<string> {
  const client = (token?: string) =>
    createTRPCClient<AppRouter>({
      links: [httpLink({ url: `${url}/trpc`, headers: token ? { authorization: `Bearer ${token}` } : {} })],
    })
  const { token } = await client().auth.guest.mutate({ name: 'Mal' })
  await client(token).rooms.create.mutate({ key: 'a-room-of-their-own', name: 'Theirs' })
  return token
}

/** `mayWait`: the server may wait for the rest of it. */
type Sent = { socket: Socket; mayWait: boolean; status: number | null }

function attack(port: number, token: string): Sent[] {
  const bearer = `Authorization: Bearer ${token}\r\n`
  const keys = `{${Array.from({ length: 1_500_000 }, (_, n) => `"a${n}":1`).join()}}`
  const part = ' '.repeat(MIB)
  const many = <T>(count: number, make: () => T) => Array.from({ length: count }, make)
  return [
    ...many(100, () => send(port, { path: 'auth.guest', length: 31 * MIB, text: part })),
    ...many(20, () => send(port, { path: 'campaign.import', length: 31 * MIB, text: part.repeat(8), headers: bearer })),
    ...many(50, () => send(port, { path: 'auth.guest', length: 100_000, text: '{"name":"', mayWait: true })),
    send(port, { path: 'auth.guest', length: keys.length, text: keys }),
    send(port, { path: 'campaign.import', length: keys.length, text: keys, headers: bearer }),
  ]
}

type Body = { path: string; length: number; text: string; headers?: string; mayWait?: boolean }

function send(port: number, { path, length, text, headers = '', mayWait = path === 'campaign.import' }: Body): Sent {
  const socket = connect(port, '127.0.0.1')
  const sent: Sent = { socket, mayWait, status: null }
  socket.on('error', () => {})
  socket.on('data', (answer: Buffer) => (sent.status ??= Number(/^HTTP\/1\.1 (\d+)/.exec(answer.toString())?.[1] ?? 0)))
  socket.write(
    `POST /trpc/${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}Content-Length: ${length}\r\n\r\n`,
  )
  socket.write(text)
  return sent
}
