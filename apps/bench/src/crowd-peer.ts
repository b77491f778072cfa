// A minimal Socket.IO server that announces each join to the room. The probe measures its cost.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'

const http = createServer()
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
let joined = 0
io.on('connection', (socket) => {
  void socket.join('table')
  joined += 1
  const notice = { timestamp: new Date().toISOString(), user_id: socket.id, count: joined }
  io.to('table').emit('player_joined', notice)
})
http.listen(0, '127.0.0.1')
await once(http, 'listening')
process.send?.({ port: (http.address() as AddressInfo).port })
