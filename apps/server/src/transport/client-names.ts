import { CallerSession } from './caller-session.ts'

/** Who is at the other end of a connection, for operators. Nothing is kept once the connection is gone. */
export class ClientNames {
  readonly #sessions = new WeakMap<object, CallerSession>()

  /** `client`: what a sink calls its client: a socket of whatever kind. */
  set(client: object, session: CallerSession): void {
    this.#sessions.set(client, session)
  }

  /** Null for whoever came without a token. */
  of(client: object | undefined): string | null {
    const session = client instanceof CallerSession ? client : client && this.#sessions.get(client)
    return session?.identity?.name ?? null
  }
}
