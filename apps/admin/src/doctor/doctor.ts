import { type Environment, ConfigError, parseOptions, storeOptions } from '@tablecast/config'
import { type Config, parseConfig } from '@tablecast/server/admin'
import { addresses } from './addresses.ts'
import { database } from './database.ts'
import { fail, type Finding, ok } from './finding.ts'
import { dataDir, disk, node, openFiles, sessionSecret } from './machine.ts'
import { nats, port, redis } from './network.ts'
import { pictures } from './pictures.ts'

/** Runs all checks. With a wrong configuration it runs only the checks that need no more than the database. */
export async function examine(environment: Environment): Promise<Finding[]> {
  const machine = [node(process.version)]
  const config = configOf(environment)
  if ('check' in config) return [...machine, config, ...(await storeAlone(environment))]
  const { DATA_DIR: folder, DATABASE_URL: databaseUrl } = config
  return [
    ...machine,
    ok('configuration', 'every variable is valid'),
    ...addresses(config),
    await dataDir(folder, process.getuid?.()),
    await disk(folder),
    ...(await pictures(config)),
    await sessionSecret(config.SESSION_SECRET, folder),
    await openFiles(config.MAX_SOCKETS),
    await port(config),
    ...(await database({ databaseUrl, dataDir: folder })),
    await nats(config),
    await redis(config),
  ]
}

function configOf(environment: Environment): Config | Finding {
  try {
    return parseConfig(environment)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return fail(
      'configuration',
      error.message,
      'the server does not start with it; --help of the server lists the values',
    )
  }
}

async function storeAlone(environment: Environment): Promise<Finding[]> {
  try {
    const { DATABASE_URL: databaseUrl, DATA_DIR: folder } = parseOptions(storeOptions, environment)
    return [await disk(folder), ...(await database({ databaseUrl, dataDir: folder }))]
  } catch {
    // The check of the configuration has reported the mistake already.
    return []
  }
}
