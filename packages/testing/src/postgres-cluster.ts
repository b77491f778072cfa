// `initdb` takes longer than a test that needs a database. It runs once on a machine; each test starts with a copy.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const cache = fileURLToPath(new URL('../../../node_modules/.cache/postgres', import.meta.url))
const INITDB = ['-U', 'tablecast', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C']

/** Makes the cluster `data`. `bin`: the folder of PostgreSQL's programs. `as`: the user that runs them and owns the cluster. */
export async function copyCluster(
  bin: string,
  as: { cwd: string; uid?: number; gid?: number },
  data: string,
): Promise<void> {
  const { stdout: version } = await execute(join(bin, 'initdb'), ['--version'])
  const kept = join(cache, `${version.trim().replaceAll(/[^\w.]+/g, '-')}-${as.uid ?? 'own'}`)
  if (existsSync(kept)) return void (await copy(kept, data))
  await execute(join(bin, 'initdb'), ['-D', data, ...INITDB], as)
  // Several tests may do this at once. A complete cluster is renamed to its final name, and the first rename wins.
  await mkdir(cache, { recursive: true })
  const own = `${kept}.${process.pid}.${performance.now()}`
  await copy(data, own)
  await rename(own, kept).catch(() => rm(own, { recursive: true, force: true }))
}

/** Copies a folder with its owner and permissions. */
const copy = (from: string, to: string) => execute('cp', ['-a', from, to])
