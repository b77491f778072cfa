// HTTP requests with bodies of any size and speed, for tests of their limits.
import { connect, type Socket } from 'node:net'
import { until } from '@tablecast/testing'
import { httpClient, newKey } from './testbed.ts'
import type { openWatched } from './watched.ts'

export const MIB = 1_048_576
export type Server = Awaited<ReturnType<typeof openWatched>>

/** A request on a bare socket. The test decides when its body is sent. */
export class RawRequest {
  readonly socket: Socket
  readonly closed: Promise<void>
  answer = ''

  constructor(port: number, path: string, headers: Record<string, string | number>, method = 'POST') {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('error', () => {})
    this.socket.on('data', (part: Buffer) => (this.answer += part.toString()))
    this.closed = new Promise((resolve) => void this.socket.once('close', () => resolve()))
    const lines = Object.entries({ Host: 'localhost', 'Content-Type': 'application/json', ...headers })
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    this.socket.write(`${method} ${path} HTTP/1.1\r\n${head}\r\n`)
  }

  get status(): number | null {
    const [, status] = /^HTTP\/1\.1 (\d+)/.exec(this.answer) ?? []
    return status === undefined ? null : Number(status)
  }

  async answered(): Promise<number | null> {
    await until(() => this.status !== null || this.socket.destroyed)
    return this.status
  }
}

export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

/** The sample room's DM, and a guest who is in no room. */
export async function people(server: Server) {
  const anonymous = httpClient(server.url)
  const { sample } = await anonymous.auth.config.query()
  const master = await anonymous.auth.guest.mutate({ name: 'DM' })
  const guest = await anonymous.auth.guest.mutate({ name: 'Guest' })
  const dm = httpClient(server.url, master.token)
  await dm.rooms.join.mutate({ key: newKey(), code: sample?.ownerCode ?? '' })
  return { dm, token: master.token, guest: httpClient(server.url, guest.token), guestToken: guest.token }
}

export const post = async (server: Server, path: string, body: string, token?: string) => {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : bearer(token)) },
    body,
  })
  return { status: response.status, text: await response.text() }
}
