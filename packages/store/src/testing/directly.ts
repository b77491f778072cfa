import type { Kysely } from 'kysely'
import { connectBeside, type StoreOptions } from '../connect.ts'
import type { Database } from '../schema.ts'

/** Asks the database itself, beside whatever has it open. */
export async function directly(
  options: StoreOptions,
  work: (database: Kysely<Database>) => Promise<unknown>,
): Promise<void> {
  const { kysely } = await connectBeside(options)
  try {
    await work(kysely)
  } finally {
    await kysely.destroy()
  }
}
