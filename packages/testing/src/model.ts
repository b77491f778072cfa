// A local server that streams OpenAI's chat completions with the replies of a test.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ModelRequest = { model: string; stream?: boolean; messages: { role: string; content: string }[] }

/** One request of a client, with the functions that answer it. */
export class ModelCall {
  readonly request: ModelRequest
  readonly authorization: string | undefined
  /** Aborts when the client hangs up before the end. */
  readonly hungUp: AbortSignal
  readonly #response: ServerResponse

  constructor(request: ModelRequest, authorization: string | undefined, response: ServerResponse) {
    this.request = request
    this.authorization = authorization
    this.#response = response
    const controller = new AbortController()
    this.hungUp = controller.signal
    response.on('close', () => {
      if (!response.writableFinished) controller.abort()
    })
  }

  /** All messages of the request, as text. */
  get text(): string {
    return this.request.messages.map(({ content }) => content).join('\n')
  }

  /** A piece of the reply. */
  say(content: string): void {
    this.delta({ content })
  }

  /** A piece with any fields. */
  delta(fields: object): void {
    this.#head()
    this.raw(
      `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: fields, finish_reason: null }] })}\n\n`,
    )
  }

  end(tokens = 100, reason: 'stop' | 'length' = 'stop'): void {
    this.#head()
    this.raw(
      `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: reason }] })}\n\n`,
    )
    this.raw(
      `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [], usage: { total_tokens: tokens } })}\n\n`,
    )
    this.#response.end('data: [DONE]\n\n')
  }

  /** The reply in one go. */
  reply(content: string): void {
    this.say(content)
    this.end()
  }

  refuse(status: number, message = 'no'): void {
    this.#response.writeHead(status, { 'content-type': 'application/json', 'retry-after-ms': '1' })
    this.#response.end(JSON.stringify({ error: { message } }))
  }

  /** Any bytes, in the middle of a stream. */
  raw(text: string | Uint8Array): void {
    this.#head()
    this.#response.write(text)
  }

  /** The connection breaks. */
  cut(): void {
    this.#response.destroy()
  }

  #head(): void {
    if (!this.#response.headersSent) this.#response.writeHead(200, { 'content-type': 'text/event-stream' })
  }
}

export type TestModel = AsyncDisposable & { baseUrl: string; calls: ModelCall[] }

/** `answer` gets each call; it may answer later. */
export async function startModel(answer: (call: ModelCall) => void): Promise<TestModel> {
  const calls: ModelCall[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += String(part)))
    request.on('end', () => {
      // The caller may have disconnected while it was sending.
      if (body === '') return void response.destroy()
      const call = new ModelCall(JSON.parse(body) as ModelRequest, request.headers.authorization, response)
      calls.push(call)
      answer(call)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
