// A DM and a player of another table, who play on whatever happens beside them.
import { setTimeout as rest } from 'node:timers/promises'
import { clientFrame, rawWebSocket, until } from '@tablecast/testing'
import { httpClient } from '../testbed.ts'

const REST_MS = 25
const newKey = () => crypto.randomUUID()

export type Heard = { said: number; medianMs: number; longestMs: number }

export class Bystander implements AsyncDisposable {
  readonly #stop: () => Promise<void>
  readonly #latencies: readonly number[]

  private constructor(latencies: readonly number[], stop: () => Promise<void>) {
    this.#latencies = latencies
    this.#stop = stop
  }

  /** Begins at once: the DM says something, and goes on when the player's socket has it. */
  static async sit(url: string, port: number): Promise<Bystander> {
    const anonymous = httpClient(url)
    const [dm, player] = [
      await anonymous.auth.guest.mutate({ name: 'D' }),
      await anonymous.auth.guest.mutate({ name: 'P' }),
    ]
    const table = httpClient(url, dm.token)
    const { room, invites } = await table.rooms.create.mutate({ key: newKey(), name: 'Beside' })
    const roomId = room.id
    const { id } = await table.campaign.create.mutate({ roomId, key: newKey(), name: 'Beside' })
    await table.campaign.activate.mutate({ roomId, key: newKey(), campaignId: id })
    const code = invites.find(({ role }) => role === 'player')?.code ?? ''
    await httpClient(url, player.token).rooms.join.mutate({ key: newKey(), code })
    const socket = rawWebSocket(port, '/trpc?connectionParams=1')
    let text = ''
    socket.on('data', (part: Buffer) => {
      text += part.toString('latin1')
      // The server's own pings are answered as every client does.
      if (text.includes('PING')) socket.write(clientFrame('PONG'))
    })
    await until(() => text.includes('\r\n\r\n'))
    socket.write(clientFrame(JSON.stringify({ method: 'connectionParams', data: { token: player.token } })))
    const params = { path: 'campaign.events', input: { roomId } }
    socket.write(clientFrame(JSON.stringify({ id: 1, method: 'subscription', params })))
    await until(() => text.includes('campaign_active'))
    const latencies: number[] = []
    let isOver = false
    const talking = (async () => {
      while (!isOver) {
        const words = `word ${newKey()}`
        const from = performance.now()
        await table.campaign.say.mutate({ roomId, key: newKey(), message: words })
        await until(() => text.includes(words) || isOver)
        latencies.push(performance.now() - from)
        text = ''
        await rest(REST_MS)
      }
    })()
    return new Bystander(latencies, async () => {
      isOver = true
      await talking.finally(() => socket.destroy())
    })
  }

  /** Throws when the DM was not answered once. */
  async end(): Promise<Heard> {
    await this.#stop()
    const sorted = this.#latencies.toSorted((a, b) => a - b)
    return {
      said: sorted.length,
      medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
      longestMs: sorted.at(-1) ?? 0,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
  }
}
