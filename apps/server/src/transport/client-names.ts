import { CallerSession } from './caller-session.ts'

/** The callers' names, for operators. A name goes with its connection. */
export class ClientNames {
  readonly #sessions = new WeakMap<object, CallerSession>()

  /** `client` is a socket of any kind, as `CountedSink.client` names it. */
  set(client: object, session: CallerSession): void {
    this.#sessions.set(client, session)
  }

  /** Null for a client without a token. */
  of(client: object | undefined): string | null {
    const session = client instanceof CallerSession ? client : client && this.#sessions.get(client)
    return session?.identity?.name ?? null
  }
}
