// One watcher of a room, as a page is one: a connection of the typed API with the four streams of a room. It comes back by itself with
// its positions. It costs as little as can be: frames are searched, not parsed as JSON.
import type { Socket } from 'node:net'
import { clientFrame, rawWebSocket } from '@tablecast/testing'
import { ServerFrames } from './server-frames.ts'

/** As the page's link does it for a visible page. */
const MIN_BACKOFF_MS = 500
const MAX_BACKOFF_MS = 4_000
const OPEN_TIMEOUT_MS = 8_000
/** A slow phone takes this many bytes at a time. */
const SIP = { bytes: 512, everyMs: 1_000 }

const EVENTS = 1
const ROSTER = 2
const WHISPERS = 4

export type Live = { at: number; bytes: number; hadSnapshot: boolean }

export type WatcherListener = {
  /** The watcher has the room's events and the roster, over a new connection. */
  live(live: Live): void
  /** The server refused a connection or was not there. */
  refused(): void
  /** An event of the room has come. */
  event(text: string): void
}

export class Watcher {
  readonly #port: number
  readonly #token: string
  readonly #listener: WatcherListener
  #socket: Socket | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #sips: ReturnType<typeof setInterval> | undefined
  #isOver = false
  #isSlow = false
  #attempt = 0
  /** The positions from which the streams go on. */
  #events: string | null = null
  #whispers: string | null = null
  #roster: string | null = null
  /** An event with this text makes the watcher live; null: its first one. */
  #awaited: string | null = null

  constructor(port: number, token: string, listener: WatcherListener) {
    this.#port = port
    this.#token = token
    this.#listener = listener
  }

  /** The next connection is live when it has brought an event with this text. */
  expect(text: string): void {
    this.#awaited = text
  }

  connect(): void {
    const socket = rawWebSocket(this.#port, '/trpc?connectionParams=1')
    this.#socket = socket
    let bytes = 0
    let hadSnapshot = false
    const missing = new Set([EVENTS, ROSTER])
    const frames = new ServerFrames({
      open: () => {
        socket.write(clientFrame(JSON.stringify({ method: 'connectionParams', data: { token: this.#token } })))
        socket.write(clientFrame(this.#subscriptions()))
      },
      answer: (frame) => void socket.write(frame),
      text: (text) => {
        const stream = this.#note(text)
        if (stream === EVENTS) this.#listener.event(text)
        if (missing.size === 0 || stream === null) return
        hadSnapshot ||= stream === EVENTS && text.includes('"campaign_active"')
        if (stream === EVENTS && this.#awaited !== null && !text.includes(this.#awaited)) return
        if (!missing.delete(stream) || missing.size > 0) return
        clearTimeout(this.#timer)
        this.#attempt = 0
        this.#listener.live({ at: Date.now(), bytes, hadSnapshot })
      },
    })
    const take = (part: Buffer) => {
      bytes += part.length
      frames.take(part)
    }
    if (this.#isSlow) this.#sip(socket, take)
    else socket.on('data', take)
    this.#timer = setTimeout(() => socket.destroy(), OPEN_TIMEOUT_MS)
    socket.once('close', () => {
      clearInterval(this.#sips)
      clearTimeout(this.#timer)
      if (this.#isOver) return
      if (missing.size > 0) this.#listener.refused()
      const most = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** this.#attempt++)
      this.#timer = setTimeout(() => this.connect(), most * (0.5 + Math.random() / 2))
    })
  }

  /** Reads a little at a time from now on. */
  slowDown(): void {
    this.#isSlow = true
    const socket = this.#socket
    if (!socket) return
    const [take] = socket.listeners('data') as ((part: Buffer) => void)[]
    socket.removeAllListeners('data')
    if (take) this.#sip(socket, take)
  }

  close(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    clearInterval(this.#sips)
    this.#socket?.destroy()
  }

  #sip(socket: Socket, take: (part: Buffer) => void): void {
    socket.pause()
    clearInterval(this.#sips)
    this.#sips = setInterval(() => {
      const part = (socket.read(Math.min(SIP.bytes, socket.readableLength)) ?? socket.read()) as Buffer | null
      if (part) take(part)
    }, SIP.everyMs)
  }

  #subscriptions(): string {
    const roomId = 'main'
    const inputs = [
      ['campaign.events', { roomId, lastEventId: this.#events }],
      ['presence.events', { roomId, lastEventId: this.#roster }],
      ['narrator.events', { roomId }],
      ['campaign.whispers', { roomId, lastEventId: this.#whispers }],
    ]
    return JSON.stringify(
      inputs.map(([path, input], n) => ({ id: n + 1, method: 'subscription', params: { path, input } })),
    )
  }

  /** The stream of a message with data, after which its position is known; null for any other message. */
  #note(text: string): number | null {
    const [, id, position] = /^\{"id":(\d),"result":\{"type":"data",(?:"id":"([^"]+)")?/.exec(text) ?? []
    if (id === undefined) return null
    if (Number(id) === EVENTS && position !== undefined) this.#events = position
    if (Number(id) === WHISPERS && position !== undefined) this.#whispers = position
    if (Number(id) === ROSTER) this.#roster = /"at":"([^"]+)"/.exec(text)?.[1] ?? this.#roster
    return Number(id)
  }
}
