// The requests of the role contract: a socket's first answer, and a call of a procedure.
import { WebSocket } from 'ws'
import { procedures } from './real-calls.ts'

/** `in` if the socket accepts the caller, else the text of its refusal. */
export function firstAnswer(url: string, token: string | undefined): Promise<string> {
  const socketIo = url.includes('/socket.io/')
  const socket = new WebSocket(url, token ? { headers: { authorization: `Bearer ${token}` } } : {})
  return new Promise<string>((resolve) => {
    socket.on('error', (error) => resolve(error.message))
    socket.on('unexpected-response', (_request, response) => resolve(`HTTP ${response.statusCode}`))
    socket.on('open', () => {
      if (!socketIo) socket.send('{"type":"ping","request_id":"knock"}')
      if (url.includes('/trpc')) resolve('in')
    })
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      if (text.startsWith('0{')) socket.send(`40${token ? JSON.stringify({ token }) : ''}`)
      else if (text.startsWith('44') || text.includes('"type":"error"')) resolve(text.replace(/"ts":"[^"]*"/, ''))
      else if (text.startsWith('40') || text.includes('"knock"')) resolve('in')
    })
    socket.on('close', (code, reason) => resolve(`${code} ${reason.toString()}`))
  }).finally(() => socket.terminate())
}

/** Calls a procedure over HTTP. The code of its answer is OK unless the call is refused. */
export async function request(url: string, path: string, input: object, token: string | undefined) {
  const { type } = procedures[path]?._def ?? { type: 'query' }
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const abort = new AbortController()
  const response =
    type === 'mutation'
      ? await fetch(`${url}/trpc/${path}`, { method: 'POST', headers, body: JSON.stringify(input) })
      : await fetch(`${url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {
          headers,
          signal: abort.signal,
        })
  // An accepted stream has no end, so its first part is enough: an event, or a ping where nothing happens. A refused one sends the refusal
  // as its only event.
  const reader = response.body?.getReader()
  let body = ''
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (value) body += new TextDecoder().decode(value)
    if (
      done ||
      (type === 'subscription' &&
        /event: (connected|serialized-error)[\s\S]*data: /.test(body) &&
        /(serialized-error|event: ping|campaign_|roster|subject|viewport|market:|whispers_active|"type":"screen")/.test(
          body,
        ))
    )
      break
  }
  abort.abort()
  const cache = response.headers.get('cache-control')
  return { code: /"code":"([A-Z_]+)","httpStatus"/.exec(body)?.[1] ?? 'OK', body, cache }
}
