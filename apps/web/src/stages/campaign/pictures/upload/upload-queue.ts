// The pictures that a person has chosen, on their way into the campaign. Two at once go out; the others wait.
import { messageOf, newKey } from '../../../../api.ts'
import type { PictureUse, SendPicture, SentPicture } from './send-picture.ts'

/**
 * `state`: a picture is sent, then the server checks it, then it gets its place in the campaign. One with `warnings` then stays as `placed` until
 * the person has read them.
 */
export type Upload<Target> = {
  key: number
  file: File
  target: Target
  state: 'waiting' | 'sending' | 'checking' | 'failed' | 'placed'
  /** The share that has gone out, 0 to 1. */
  share: number
  problem: string | null
  warnings: readonly string[]
  /** Of the call that gives the picture its place: a second attempt must not give it two. */
  callKey: string
}

type Deps<Target> = {
  send: SendPicture
  useOf: (target: Target) => PictureUse
  roomOf: (target: Target) => string
  /** Gives the picture its place in the campaign. */
  place: (picture: SentPicture, upload: Upload<Target>) => Promise<unknown>
  changed: (uploads: readonly Upload<Target>[]) => void
}

const AT_ONCE = 2

export class UploadQueue<Target> {
  readonly #deps: Deps<Target>
  #uploads: readonly Upload<Target>[] = []
  readonly #sending = new Map<number, AbortController>()
  /** Pictures that the server has, which did not get their place yet. */
  readonly #sent = new Map<number, SentPicture>()
  #lastKey = 0

  constructor(deps: Deps<Target>) {
    this.#deps = deps
  }

  add(files: readonly File[], target: Target): void {
    const added = files.map((file): Upload<Target> => ({
      key: ++this.#lastKey,
      file,
      target,
      state: 'waiting',
      share: 0,
      problem: null,
      warnings: [],
      callKey: newKey(),
    }))
    this.#set([...this.#uploads, ...added])
    this.#next()
  }

  /** A picture that the server has got by then stays there unused, and is cleaned up later. */
  cancel(key: number): void {
    this.#set(this.#uploads.filter((upload) => upload.key !== key))
    this.#sent.delete(key)
    this.#sending.get(key)?.abort()
  }

  retry(key: number): void {
    this.#change(key, { state: 'waiting', share: 0, problem: null })
    this.#next()
  }

  #next(): void {
    for (const upload of this.#uploads) {
      if (this.#sending.size >= AT_ONCE) return
      if (upload.state === 'waiting' && !this.#sending.has(upload.key)) void this.#run(upload)
    }
  }

  async #run(upload: Upload<Target>): Promise<void> {
    const { key } = upload
    const abort = new AbortController()
    this.#sending.set(key, abort)
    try {
      const picture = this.#sent.get(key) ?? (await this.#send(upload, abort.signal))
      this.#sent.set(key, picture)
      if (abort.signal.aborted) return
      await this.#deps.place(picture, upload)
      const { warnings } = picture
      if (warnings.length === 0) this.cancel(key)
      else this.#change(key, { state: 'placed', warnings })
    } catch (error) {
      this.#change(key, { state: 'failed', problem: messageOf(error) })
    } finally {
      this.#sending.delete(key)
      this.#next()
    }
  }

  #send({ key, file, target }: Upload<Target>, signal: AbortSignal): Promise<SentPicture> {
    this.#change(key, { state: 'sending' })
    const { send, roomOf, useOf } = this.#deps
    const sent = (share: number) => this.#change(key, share < 1 ? { share } : { share, state: 'checking' })
    return send(roomOf(target), file, useOf(target), sent, signal)
  }

  #change(key: number, fields: Partial<Upload<Target>>): void {
    this.#set(this.#uploads.map((upload) => (upload.key === key ? { ...upload, ...fields } : upload)))
  }

  #set(uploads: readonly Upload<Target>[]): void {
    this.#uploads = uploads
    this.#deps.changed(uploads)
  }
}
