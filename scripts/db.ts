// `pnpm db:migrate`, `db:rollback`, `db:status`, `db:new <name>`: the schema of the database that DATABASE_URL or DATA_DIR name.
import { ConfigError, parseOptions, storeOptions } from '@tablecast/config'
import { type Migrations, newMigration, openMigrations } from '@tablecast/store'

const commands: Record<string, (migrations: Migrations) => Promise<string[]>> = {
  async migrate(migrations) {
    const names = await migrations.up()
    return names.length > 0 ? names.map((name) => `applied    ${name}`) : ['nothing to do: the schema is up to date']
  },
  async rollback(migrations) {
    const names = await migrations.down()
    return names.length > 0 ? names.map((name) => `taken back ${name}`) : ['nothing to take back']
  },
  async status(migrations) {
    return (await migrations.status()).map(
      ({ name, at }) => `${at ? at.toISOString() : 'not applied'.padEnd(24)}  ${name}`,
    )
  },
}

const [command = '', ...rest] = process.argv.slice(2)
try {
  process.stdout.write(`${(await run()).join('\n')}\n`)
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(error instanceof ConfigError ? `Configuration: ${message}\n` : `${message}\n`)
  process.exitCode = 1
}

async function run(): Promise<string[]> {
  if (command === 'new') return [await newMigration(rest.join(' '))]
  const work = commands[command]
  if (!work) throw new Error(`there is no ${command || 'such'} command: choose from migrate, rollback, status, new`)
  const { DATABASE_URL: databaseUrl, DATA_DIR: dataDir } = parseOptions(storeOptions, process.env)
  await using opened = await openMigrations({ databaseUrl, dataDir })
  return await work(opened.migrations)
}
