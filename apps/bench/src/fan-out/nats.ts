// The peer in Go: nats-server with its own WebSocket listener. A publisher sends bursts over TCP.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { ChildServer, freePort, temporaryFolder } from '@tablecast/testing'
import { answer } from '../child.ts'
import { onCore, SERVER_CORE } from '../cores.ts'
import { eventOf } from './event.ts'
import type { Measurement, RunningServer, Shape } from './peers.ts'
import { subscribers } from './subscribers.ts'

/** Debian installs it in a folder that not every user has in PATH. */
const SBIN = '/usr/sbin/nats-server'
const NATS = existsSync(SBIN) ? SBIN : 'nats-server'

/** The number of bursts in flight. So the next one is there when the server has finished one. */
const PIPELINED = 2
/** After this number of bursts the publisher waits for the clients, so that only delivered messages count. */
const BURSTS = 20

/** Null if nats-server is not installed, or its CPU time can't be read. */
export function natsVersion(): string | null {
  const { status, stdout } = spawnSync(NATS, ['-v'], { encoding: 'utf8' })
  return status === 0 && existsSync('/proc/self/stat') ? stdout.trim().replace(': v', ' ') : null
}

export async function startNats(shape: Shape): Promise<RunningServer> {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  const [port, socketPort] = [await freePort(), await freePort()]
  const file = join(folder.path, 'nats.conf')
  const pidFile = join(folder.path, 'pid')
  await writeFile(
    file,
    `listen: "127.0.0.1:${port}"\npid_file: "${pidFile}"\nping_interval: "1h"\nwebsocket { listen: "127.0.0.1:${socketPort}", no_tls: true }\n`,
  )
  const [command, ...args] = [...onCore(SERVER_CORE), NATS, '-c', file]
  const ready = { text: 'Server is ready', on: 'stderr' } as const
  const server = opened.use(new ChildServer({ command, args, ready, stopSignal: 'SIGKILL' }))
  await server.start()
  const pid = (await readFile(pidFile, 'utf8')).trim()
  const { process: clients } = opened.use(await subscribers('nats', socketPort, shape.subscribers))
  const publisher = connect(port, '127.0.0.1')
  opened.defer(() => void publisher.destroy())

  let pongs = 0
  let onPong = () => {}
  publisher.on('data', (part) => {
    pongs += part.toString('latin1').split('PONG').length - 1
    onPong()
  })
  const pub = (payload: string) => `PUB events ${payload.length}\r\n${payload}\r\n`
  const event = pub(eventOf(shape.bytes))
  const burst = Buffer.from(`${event.repeat(shape.burst)}PING\r\n`)
  const last = Buffer.from(`${event.repeat(shape.burst - 1)}${pub('END')}PING\r\n`)
  publisher.write('CONNECT {"verbose":false,"pedantic":false}\r\n')

  /** Sends a number of bursts, each after the server has taken an earlier one. Resolves when all clients have them. */
  async function lot(): Promise<void> {
    const heard = answer(clients)
    const before = pongs
    for (let sent = 0; sent < BURSTS; sent++) {
      while (sent - (pongs - before) >= PIPELINED) await new Promise<void>((resolve) => (onPong = resolve))
      publisher.write(sent === BURSTS - 1 ? last : burst)
    }
    await heard
    while (pongs - before < BURSTS) await new Promise<void>((resolve) => (onPong = resolve))
  }

  async function measure(ms: number): Promise<Measurement> {
    const [began, cpu] = [performance.now(), await cpuMsOf(pid)]
    let deliveries = 0
    while (performance.now() - began < ms) {
      await lot()
      deliveries += BURSTS * shape.burst * shape.subscribers
    }
    return { deliveries, wallMs: performance.now() - began, cpuMs: (await cpuMsOf(pid)) - cpu }
  }
  const owned = opened.move()
  return { measure, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** User and system time of a process, from `/proc/<pid>/stat` (fields 14 and 15, in hundredths of a second). */
async function cpuMsOf(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
