// The least that a server of this kind can be, for `start.ts`: of Node alone, or with `ws`. Plain JavaScript, since Node needs 30 MB to
// take types out. Prints as the server does when it listens.
import { createServer } from 'node:http'

const server = createServer()
if (process.argv[2] === 'ws') {
  const { WebSocketServer } = await import('ws')
  const sockets = new WebSocketServer({ server })
  process.once('SIGTERM', () => sockets.close())
}
process.once('SIGTERM', () => process.exit(0))
server.listen(0, '127.0.0.1', () => process.stdout.write('ready at\n'))
