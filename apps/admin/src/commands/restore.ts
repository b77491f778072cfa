import { open } from 'node:fs/promises'
import { openMigrated } from '@tablecast/store'
import type { Command } from '../command.ts'
import { databaseOf } from '../database.ts'
import { openPictures } from '../pictures.ts'
import { totalOf } from '../words.ts'

export const restore: Command = {
  does: 'Puts a whole backup into the database, or changes nothing, while the servers run; - reads standard input.',
  takes: ['<file>'],
  flags: {
    replace: { type: 'boolean', does: 'Replaces the data that the database has now' },
    'no-media': { type: 'boolean', does: 'Leaves the content of pictures in the backup' },
  },
  more: [
    'The whole file is read and checked first. Running servers notice the restore and restart within seconds: their clients',
    'reconnect by themselves and get the restored state. A backup of SQLite goes into PostgreSQL, and the other way round.',
  ].join('\n'),
  async run({ words: [file = ''], isSet, environment, output }) {
    // The file is opened first, so that a wrong name creates no database.
    await using opened = file === '-' ? null : await open(file)
    const options = databaseOf(environment)
    await using maintenance = await openMigrated(options)
    await using pictures = isSet('no-media') ? null : await openPictures(options)
    const started = performance.now()
    const source = opened ? opened.createReadStream({ autoClose: false }) : process.stdin
    const restored = await maintenance.restore(source, {
      replace: isSet('replace'),
      content: pictures?.content ?? null,
    })
    const { header, counts, lockedMs, mended, keptRevoked, pictureFiles } = restored
    const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
    output.say(
      `restored ${totalOf(counts)}, of ${header.madeAt}, in ${seconds(performance.now() - started)}; writers waited ${seconds(lockedMs)}`,
    )
    if ((counts['pictures'] ?? 0) > 0 && pictureFiles === 0)
      output.note(
        'The backup has no content of pictures: those that DATA_DIR or the database does not hold are missing.',
      )
    if (mended > 0)
      output.note(
        `The character NUL was taken out of ${mended} texts: older versions let it in, PostgreSQL does not hold it.`,
      )
    if (keptRevoked > 0) output.note(`${keptRevoked} API keys that were revoked since the backup stay revoked.`)
    if ((counts['api_keys'] ?? 0) > 0)
      output.note(
        `API keys that this database does not know as revoked are as they were at ${header.madeAt}: see list-keys.`,
      )
    output.note('Running servers restart within seconds. Guests can only return with the SESSION_SECRET of that time.')
    return 0
  },
}
