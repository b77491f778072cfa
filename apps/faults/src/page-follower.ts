import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Follower, FollowerOptions } from './followers.ts'
import type { FollowerRecord } from './oracle.ts'
import type { PageNews, PageStart, Viewer } from './page.ts'

export type PageFollowerOptions = Pick<FollowerOptions, 'name' | 'url' | 'roomId' | 'audience'>

/** The product's own page, see `page.ts`. */
export class PageFollower implements Follower {
  readonly record: FollowerRecord
  readonly connectedAt: number[] = []
  readonly #child: ChildProcess
  seq = 0
  /** The kind of its link, as the page shows it. */
  link = 'connecting'

  constructor({ name, url, roomId, audience }: PageFollowerOptions, viewer: Viewer) {
    this.record = { name, audience, heard: [], connections: 0, complaints: [] }
    const start: PageStart = { origin: url, roomId, viewer }
    this.#child = fork(new URL('page.ts', import.meta.url), [JSON.stringify(start)])
    this.#child.on('message', (news: PageNews) => this.#heard(news))
    this.#child.once('exit', (code) => {
      if (code !== 0 && !this.#child.killed) this.record.complaints.push(`its process ended with ${code}`)
    })
  }

  /** The laptop's lid: the process runs no further. */
  sleep(): void {
    this.#child.kill('SIGSTOP')
  }

  wake(): void {
    this.#child.kill('SIGCONT')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }

  #heard(news: PageNews): void {
    switch (news.type) {
      case 'heard':
        this.record.heard.push(news.heard)
        this.seq = news.heard.seq
        break
      case 'connected':
        this.record.connections += 1
        this.connectedAt.push(performance.now())
        break
      case 'link':
        this.link = news.kind
        break
      case 'complaint':
        if (!this.record.complaints.includes(news.complaint)) this.record.complaints.push(news.complaint)
        break
    }
  }
}
