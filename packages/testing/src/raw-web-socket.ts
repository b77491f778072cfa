import { connect, type OnReadOpts, type Socket } from 'node:net'

/** `onread`: reads into one buffer, for a process with thousands of sockets. `extensions`: the ones that the handshake offers. */
export type RawWebSocketOptions = { onread?: OnReadOpts; extensions?: string }

/**
 * A WebSocket on a bare TCP socket, so that the test decides when it reads. The handshake is sent. The caller reads the server's answer
 * and its frames unparsed.
 */
export function rawWebSocket(port: number, path: string, { onread, extensions }: RawWebSocketOptions = {}): Socket {
  const socket = connect({ port, host: '127.0.0.1', ...(onread ? { onread } : {}) })
  socket.on('error', () => {})
  const offer = extensions === undefined ? '' : `Sec-WebSocket-Extensions: ${extensions}\r\n`
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${offer}\r\n`,
  )
  return socket
}

/** A client's text frame (RFC 6455 §5.2) with a mask of zeros; of up to 65,535 bytes. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const { length } = payload
  const head = length < 126 ? [0x81, 0x80 | length] : [0x81, 0x80 | 126, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload])
}
