import { open } from 'node:fs/promises'
import { openMigrated } from '@tablecast/store'
import type { Command } from '../command.ts'
import { databaseOf } from '../database.ts'
import { totalOf } from '../words.ts'

export const restore: Command = {
  does: 'Puts a backup into the database, all of it or nothing, while the servers run; - reads standard input.',
  takes: ['<file>'],
  flags: { replace: { type: 'boolean', does: 'Lets go what the database holds now' } },
  more: [
    'The whole file is read and checked first. Servers that run notice within seconds and begin anew: their clients come back by',
    'themselves and get the restored state. A backup of SQLite goes into PostgreSQL, and the other way round.',
  ].join('\n'),
  async run({ words: [file = ''], isSet, environment, output }) {
    // Before the database: a name that is wrong makes none.
    await using opened = file === '-' ? null : await open(file)
    await using maintenance = await openMigrated(databaseOf(environment))
    const started = performance.now()
    const source = opened ? opened.createReadStream({ autoClose: false }) : process.stdin
    const { header, counts, lockedMs } = await maintenance.restore(source, { replace: isSet('replace') })
    const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
    output.say(
      `restored ${totalOf(counts)}, of ${header.madeAt}, in ${seconds(performance.now() - started)}; writers waited ${seconds(lockedMs)}`,
    )
    output.note('Servers that run begin anew within seconds. Guests need the SESSION_SECRET of then to come back.')
    return 0
  },
}
