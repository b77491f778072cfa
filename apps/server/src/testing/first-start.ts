// The first start of a server makes the schema, the sample room with its pictures, and two weeks of the sample market. That takes most
// of the processor time of a start, so the servers of a test process begin with copies of what one of them made.
import { cpSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@tablecast/testing'
import { parseConfig } from '../config.ts'
import { openServer, type ServerOptions } from '../server.ts'

/** Settings that decide what a first start stores, or where. */
const DECIDING = ['DATA_DIR', 'DATABASE_URL', 'MARKET_SAMPLE', 'MARKET_SIM', 'PUSH_SERVICES']

let made: Promise<string> | null = null

/** Fills the empty folder with what a first start stores there; not if that depends on this environment or these parts. */
export async function fillAsFirstStart(
  folder: string,
  environment: Record<string, string>,
  { store }: ServerOptions,
): Promise<void> {
  if (store || DECIDING.some((name) => name in environment)) return
  made ??= firstStart()
  cpSync(await made, folder, { recursive: true })
}

async function firstStart(): Promise<string> {
  const { path: folder } = await temporaryFolder()
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const server = await openServer(
    parseConfig({ PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'silent', MARKET_SIM: 'off', MEDIA_MIN_FREE_BYTES: '0' }),
  )
  await server[Symbol.asyncDispose]()
  // Each server signs the tokens of guests with a secret of its own.
  await rm(join(folder, 'session-secret'))
  return folder
}
