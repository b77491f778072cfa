import { framesOfCall } from './frames-of-call.ts'
import { type ProcedureTarget, procedureTargets } from './procedure-targets.ts'
import { type Answer, LARGEST, type RawClient, type SentRequest } from './raw-client.ts'
import { RawSockets } from './raw-sockets.ts'

export class TrpcWebSocket implements RawClient {
  readonly kind = 'trpc-websocket'
  readonly targets = procedureTargets(() => LARGEST.frame)
  readonly #sockets: RawSockets
  #id = 0

  constructor(port: number) {
    this.#sockets = new RawSockets(port)
  }

  async send({ name, type }: ProcedureTarget, { text }: SentRequest, token: string | null): Promise<Answer> {
    // The parameter `of` gives each caller a socket.
    const socket = await this.#sockets.get(`/trpc?connectionParams=1&of=${token?.slice(-8) ?? ''}`, (opened) =>
      opened.write(JSON.stringify({ method: 'connectionParams', data: token === null ? {} : { token } })),
    )
    const id = ++this.#id
    socket.write(`{"id":${id},"method":"${type}","params":{"path":"${name}","input":${text}}}`)
    const answered = (all: string) => all.includes(`"id":${id},`) || all.includes('{"id":null,"error"')
    const answer = await socket.until(answered)
    if (type === 'subscription') socket.write(`{"id":${id},"method":"subscription.stop"}`)
    const { own, earlier } = framesOfCall(id, answer)
    return { status: null, text: own, earlier }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sockets.closeAll()
  }
}
