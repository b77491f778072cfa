// The memory of the processes that a server starts for pictures and tiles. Reads /proc, so only on Linux.
import { readdirSync, readFileSync } from 'node:fs'

const INTERVAL_MS = 100

/** Watches the processes that another one has started, until it is disposed of. */
export class ChildrenMemory implements Disposable {
  /** The most resident bytes that one of them ever had; null where that can't be known. */
  peakBytes: number | null = null
  readonly #parentId: number
  readonly #timer: NodeJS.Timeout

  constructor(parentId: number) {
    this.#parentId = parentId
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS)
  }

  #look(): void {
    for (const id of process.platform === 'linux' ? readdirSync('/proc') : []) {
      const status = /^\d+$/.test(id) ? statusOf(id) : ''
      const parent = /^PPid:\s+(\d+)/m.exec(status)?.[1]
      const peakKb = /^VmHWM:\s+(\d+)/m.exec(status)?.[1]
      if (Number(parent) !== this.#parentId || peakKb === undefined) continue
      this.peakBytes = Math.max(this.peakBytes ?? 0, Number(peakKb) * 1_024)
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}

function statusOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/status`, 'utf8')
  } catch {
    // It has ended meanwhile.
    return ''
  }
}
