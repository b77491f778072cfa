// Subscribers: raw sockets that speak just enough to subscribe and then let everything pass.
import type { Socket } from 'node:net'
import { clientFrame, rawWebSocket } from '@tablecast/testing'

const [peer, port, count] = process.argv.slice(2)
const path = { 'socket.io': '/socket.io/?EIO=4&transport=websocket' }[peer ?? ''] ?? '/'

await Promise.all(Array.from({ length: Number(count) }, () => subscribe()))
process.send?.({ ready: true })

async function subscribe(): Promise<void> {
  const socket = rawWebSocket(Number(port), path)
  await heard(socket, '101 Switching')
  if (peer === 'tablecast' || peer === 'trpc') {
    socket.write(clientFrame(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'events', input: {} } })))
    await heard(socket, '"started"')
  }
  if (peer === 'socket.io') {
    socket.write(clientFrame('40'))
    await heard(socket, '40{')
  }
  socket.on('data', () => {})
}

function heard(socket: Socket, what: string): Promise<void> {
  return new Promise((resolve) => {
    const listen = (part: Buffer) => {
      if (!part.toString('latin1').includes(what)) return
      socket.off('data', listen)
      resolve()
    }
    socket.on('data', listen)
  })
}
