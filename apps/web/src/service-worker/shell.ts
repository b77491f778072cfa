/** `revision`: a hash of the content; null for a file that has one in its name. */
export type ShellFile = { url: string; revision: string | null }

const OFFLINE_PAGE = /^assets\/offline-[^/]+\.html$/
/** Other files are in the list so that each version of the pages has a worker of its own. Pages themselves come from the server. */
const KEPT = /^assets\//

/** The files of the offline page, in a cache that is named after the versions of all. */
export class Shell {
  readonly #caches: CacheStorage
  readonly #name: string
  readonly #paths: ReadonlySet<string>
  readonly #offlinePage: string | undefined

  constructor(files: readonly ShellFile[], caches: CacheStorage) {
    const kept = files.map(({ url }) => url).filter((url) => KEPT.test(url))
    this.#caches = caches
    this.#name = `tablecast.shell ${files.map(({ url, revision }) => revision ?? url).join(' ')}`
    this.#paths = new Set(kept.map((url) => `/${url}`))
    this.#offlinePage = kept.find((url) => OFFLINE_PAGE.test(url))
  }

  has(pathname: string): boolean {
    return this.#paths.has(pathname)
  }

  /** Rejects when a file is missing, as it is while nodes of two versions answer: the browser tries again with the next page. */
  async keep(): Promise<void> {
    const cache = await this.#caches.open(this.#name)
    await cache.addAll([...this.#paths])
  }

  /** Removes what earlier workers have kept. */
  async dropOthers(): Promise<void> {
    await this.#drop((name) => name !== this.#name)
  }

  async dropAll(): Promise<void> {
    await this.#drop(() => true)
  }

  async file(pathname: string): Promise<Response | undefined> {
    return this.#caches.match(pathname, { cacheName: this.#name })
  }

  async offlinePage(): Promise<Response | undefined> {
    return this.#offlinePage === undefined ? undefined : this.file(`/${this.#offlinePage}`)
  }

  async #drop(isWanted: (name: string) => boolean): Promise<void> {
    const names = await this.#caches.keys()
    await Promise.all(names.filter(isWanted).map((name) => this.#caches.delete(name)))
  }
}
