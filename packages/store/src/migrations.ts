// The schema's steps: each file of `migrations/` is one, runs once, in the order of its name. A shipped step is never edited.
import { readdir, writeFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import type { Kysely } from 'kysely'
import { type Migration, type MigrationResult, Migrator } from 'kysely/migration'
import type { Database } from './schema.ts'
import type { StoreKind } from './store-kind.ts'

const folder = new URL('./migrations/', import.meta.url)
/** A build lies beside it in the same way, with the ending of its own modules. */
const ending = extname(import.meta.url)
const isMigration = (file: string) => /^\d{4}_[a-z0-9_]+$/.test(basename(file, ending)) && file.endsWith(ending)

/** `at`: when it was applied; null while it is not. */
export type MigrationStatus = { name: string; at: Date | null }

export class Migrations {
  readonly #migrator: Migrator

  constructor(database: Kysely<Database>, kind: StoreKind) {
    this.#migrator = new Migrator({ db: database, provider: { getMigrations: () => load(kind) } })
  }

  async status(): Promise<MigrationStatus[]> {
    const found = await this.#migrator.getMigrations()
    return found.map(({ name, executedAt }) => ({ name, at: executedAt ?? null }))
  }

  /** Applies the pending migrations and returns their names. */
  async up(): Promise<string[]> {
    return namesOf(await this.#migrator.migrateToLatest())
  }

  /** Applies them up to this one, for what was made with an older schema. */
  async upTo(name: string): Promise<string[]> {
    return namesOf(await this.#migrator.migrateTo(name))
  }

  /** Reverts the newest migration and returns its name, or nothing if there is none. */
  async down(): Promise<string[]> {
    return namesOf(await this.#migrator.migrateDown())
  }
}

async function load(kind: StoreKind): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter(isMigration).toSorted()
  const loaded = files.map(async (file) => {
    const module = (await import(new URL(file, folder).href)) as { migration(kind: StoreKind): Migration }
    return [basename(file, ending), module.migration(kind)] as const
  })
  return Object.fromEntries(await Promise.all(loaded))
}

function namesOf({ error, results = [] }: { error?: unknown; results?: MigrationResult[] | undefined }): string[] {
  if (error) throw error
  return results.map(({ migrationName }) => migrationName)
}

/** Writes the beginning of a migration; returns its path. `name`: lower-case words. */
export async function newMigration(name: string, into: URL = folder): Promise<string> {
  const words = name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '')
  if (!words) throw new Error('name the migration, for example: pnpm db:new "agents have a portrait"')
  const numbers = (await readdir(into)).filter(isMigration).map((file) => Number(file.slice(0, 4)))
  const next = String(Math.max(0, ...numbers) + 1).padStart(4, '0')
  const file = new URL(`${next}_${words}.ts`, into)
  await writeFile(file, TEMPLATE, { flag: 'wx' })
  return file.pathname
}

const TEMPLATE = `import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const migration = (): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema.alterTable('table').addColumn('column', 'text').execute()
  },

  async down({ schema }: Kysely<unknown>) {
    await schema.alterTable('table').dropColumn('column').execute()
  },
})
`
