// Either the whole Tablecast server, or a minimal relay from Redis to Socket.IO clients. Answers with its cost so far.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RedisPubSub } from '@tablecast/bus/redis'
import { marketChannels } from '@tablecast/contracts'
import { openServer, parseConfig } from '@tablecast/server'
import { Server as SocketIo } from 'socket.io'

const [kind, redisUrl = '', dataDir = ''] = process.argv.slice(2)

const port = kind === 'tablecast' ? await tablecast() : await bare()
process.send?.({ port })

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuMs: (user + system) / 1_000, rssMb: process.memoryUsage().rss / 1_048_576 })
})

async function tablecast(): Promise<number> {
  const server = await openServer(
    parseConfig({
      PORT: '0',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'error',
      REDIS_URL: redisUrl,
      MARKET_SIM: 'off',
      MAX_SOCKETS_PER_IP: '5000',
      CONNECTIONS_PER_SECOND_PER_IP: '100000',
      CALLS_PER_SECOND_PER_IP: '100000',
      CALLS_PER_SECOND: '1000',
    }),
  )
  return server.port
}

async function bare(): Promise<number> {
  const http = createServer()
  const io = new SocketIo(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
  const redis = new RedisPubSub({ url: redisUrl, name: 'bare' })
  for (const [channel, { event }] of Object.entries(marketChannels))
    redis.subscribe(channel, ({ json }) => void io.emit(event, json))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return (http.address() as AddressInfo).port
}
