// Subscribers: raw sockets that speak just enough to subscribe and then let everything pass.
import { connect, type Socket } from 'node:net'

const [peer, port, count] = process.argv.slice(2)
const path = { 'socket.io': '/socket.io/?EIO=4&transport=websocket' }[peer ?? ''] ?? '/'

await Promise.all(Array.from({ length: Number(count) }, () => subscribe()))
process.send?.({ ready: true })

async function subscribe(): Promise<void> {
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  )
  await heard(socket, '101 Switching')
  if (peer === 'tablecast' || peer === 'trpc') {
    sendText(socket, JSON.stringify({ id: 1, method: 'subscription', params: { path: 'events', input: {} } }))
    await heard(socket, '"started"')
  }
  if (peer === 'socket.io') {
    sendText(socket, '40')
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

/** A client's text frame (RFC 6455 §5.2) with a mask of zeros; short ones only. */
function sendText(socket: Socket, text: string): void {
  const payload = Buffer.from(text)
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]))
}
