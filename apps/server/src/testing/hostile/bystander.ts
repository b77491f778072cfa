// A DM and a player of another table, who play during the attacks. Measures the delay of their messages.
import { setTimeout as sleep } from 'node:timers/promises'
import { clientFrame, rawWebSocket, until } from '@tablecast/testing'
import { httpClient } from '../testbed.ts'

const MESSAGE_INTERVAL_MS = 25
const newKey = () => crypto.randomUUID()

export type MessageDelays = { said: number; medianMs: number; longestMs: number }

export class Bystander implements AsyncDisposable {
  readonly #stop: () => Promise<void>
  readonly #latencies: readonly number[]

  private constructor(latencies: readonly number[], stop: () => Promise<void>) {
    this.#latencies = latencies
    this.#stop = stop
  }

  /** Starts to play at once. The DM sends the next message after the player's socket has received the last one. */
  static async open(url: string, port: number): Promise<Bystander> {
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
      // tRPC's server closes a client that does not answer its pings.
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
        await sleep(MESSAGE_INTERVAL_MS)
      }
    })()
    return new Bystander(latencies, async () => {
      isOver = true
      await talking.finally(() => socket.destroy())
    })
  }

  /** Stops the table. Throws if a message of the DM failed. */
  async end(): Promise<MessageDelays> {
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
