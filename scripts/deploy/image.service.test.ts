// The image's tree, made as the Dockerfile says, starts and stops as the image would.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { samplePicture } from '@tablecast/media/testing'
import { sendPicture } from '@tablecast/server/testing/pictures'
import { httpClient, newKey } from '@tablecast/server/testing/testbed'
import { freePort, temporaryFolder, until } from '@tablecast/testing'
import { expect, it } from 'vitest'
import { run } from '../run.ts'
import { makeImageTree, workspaceOf } from './image.ts'

/** It installs and builds everything, on a machine that may have other things to do. */
const TEST_TIMEOUT_MS = 900_000

it(
  'the image’s tree holds what runs and nothing else, serves, says whether it is well, and drains on SIGTERM',
  { timeout: TEST_TIMEOUT_MS },
  async () => {
    await using folder = await temporaryFolder('/var/tmp')
    const tree = await makeImageTree({ context: process.cwd(), into: folder.path })
    const cwd = workspaceOf(tree)
    const installed = await readdir(join(cwd, 'node_modules/.pnpm'))
    for (const name of ['typescript', 'oxlint', 'vitest', 'vite', 'react', '@playwright+test', 'oidc-provider', 'node'])
      expect(installed.filter((one) => one.startsWith(`${name}@`))).toEqual([])
    expect(await readdir(join(cwd, 'apps'))).toEqual(['admin', 'engine', 'server', 'web'])
    expect(await readdir(join(cwd, 'apps/web'))).toEqual(['dist'])
    expect(await readdir(tree.env['NODE_COMPILE_CACHE'] ?? '')).not.toEqual([])

    const port = await freePort()
    const env = { ...tree.env, HOST: '127.0.0.1', PORT: String(port), MARKET_SIM: 'off', MEDIA_MIN_FREE_BYTES: '0' }
    const [command = '', ...args] = tree.command
    const [health = '', ...asking] = tree.healthCommand
    const isHealthy = async () => (await run(health, asking, { cwd, env })).code === 0
    const server = spawn(command, args, { cwd, env, stdio: 'ignore' })
    const exited = once(server, 'exit')
    try {
      await until(isHealthy)
      const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { accept: 'text/html' } })
      expect(await page.text()).toMatch(/<script type="module".*\/assets\//)
      expect(await statusOfPicture(`http://127.0.0.1:${port}`)).toBe(200)
      server.kill('SIGTERM')
      expect(await exited).toEqual([0, null])
      expect(await isHealthy()).toBe(false)
    } finally {
      server.kill('SIGKILL')
      await exited
    }
  },
)

/** Sends a picture, which a library of the system decodes, to a room of its own. */
async function statusOfPicture(url: string): Promise<number> {
  const { token } = await httpClient(url).auth.guest.mutate({ name: 'Dee' })
  const { room } = await httpClient(url, token).rooms.create.mutate({ name: 'Bell', key: newKey() })
  const { status } = await sendPicture(url, token, await samplePicture('png'), { roomId: room.id })
  return status
}
