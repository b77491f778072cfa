import type { Command } from '../command.ts'
import { openCurrent } from '../database.ts'

export const renewEpochs: Command = {
  does: 'Makes every client take a snapshot. Run it after a recovery of the database that was not a restore.',
  takes: [],
  flags: {},
  more: 'For a copy of the disk, pg_restore or the like. pnpm admin restore does it by itself.',
  async run({ environment, output }) {
    await using maintenance = await openCurrent(environment)
    await maintenance.renewEpochs()
    output.say('every stream has a new epoch; running servers restart within seconds')
    return 0
  },
}
