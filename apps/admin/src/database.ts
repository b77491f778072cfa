import { type Environment, parseOptions, storeOptions } from '@tablecast/config'
import { openMaintenance, type Maintenance, type StoreOptions } from '@tablecast/store'

/** The database that the server of this environment uses. */
export function databaseOf(environment: Environment): StoreOptions {
  const { DATABASE_URL: databaseUrl, DATA_DIR: dataDir } = parseOptions(storeOptions, environment)
  return { databaseUrl, dataDir }
}

/** Opened beside the servers. Throws when its schema is not that of this program. */
export async function openCurrent(environment: Environment): Promise<Maintenance> {
  const maintenance = await openMaintenance(databaseOf(environment))
  try {
    await maintenance.mustBeCurrent()
    return maintenance
  } catch (error) {
    await maintenance[Symbol.asyncDispose]()
    throw error
  }
}
