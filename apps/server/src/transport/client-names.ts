import { CallerSession } from './caller-session.ts'
import { ServedSocket } from './served-socket.ts'

/** The callers' names, for operators. A name goes with its connection. */
export class ClientNames {
  /** Of the sockets that can't hold their session themselves. */
  readonly #sessions = new WeakMap<object, CallerSession>()

  /** `client` is a socket of any kind, as `CountedSink.client` names it. */
  set(client: object, session: CallerSession): void {
    if (client instanceof ServedSocket) client.session = session
    else this.#sessions.set(client, session)
  }

  /** Null for a client without a token. */
  of(client: object | undefined): string | null {
    return client === undefined ? null : (this.#sessionOf(client)?.identity?.name ?? null)
  }

  #sessionOf(client: object): CallerSession | null | undefined {
    if (client instanceof CallerSession) return client
    return client instanceof ServedSocket ? client.session : this.#sessions.get(client)
  }
}
