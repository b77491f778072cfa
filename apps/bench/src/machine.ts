// Describes the machine and the versions of a measurement.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { fastApiVersion } from './fan-out/fastapi.ts'
import { natsVersion } from './fan-out/nats.ts'

const require = createRequire(import.meta.url)

export function machine(): string[][] {
  const processor = cpus()[0]?.model.trim()
  return [
    [
      'processor',
      `${processor === undefined || processor === 'unknown' ? process.arch : processor}, ${availableParallelism()} cores`,
    ],
    ['memory', `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ['system', `${distribution()}, ${type()} ${release()}`],
    ['Node', process.versions.node],
    ['`ws`', versionOf('ws')],
    ['tRPC', versionOf('@trpc/server')],
    ['Socket.IO', versionOf('socket.io')],
    ['FastAPI', fastApiVersion() ?? '**not installed here**'],
    ['NATS', natsVersion() ?? '**not installed here**'],
    ['commit', commit()],
  ]
}

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')) as { version: string }).version

function distribution(): string {
  try {
    return /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform
  } catch {
    return process.platform
  }
}

export function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
  } catch {
    return 'none'
  }
}
