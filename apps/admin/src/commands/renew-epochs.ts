import type { Command } from '../command.ts'
import { openCurrent } from '../database.ts'

export const renewEpochs: Command = {
  does: 'After the database was brought back by other means: makes every client take a snapshot.',
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
