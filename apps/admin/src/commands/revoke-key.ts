import { MaintenanceError } from '@tablecast/store'
import type { Command } from '../command.ts'
import { openCurrent } from '../database.ts'

export const revokeKey: Command = {
  does: 'Revokes an API key; its connections close within seconds.',
  takes: ['<id>'],
  flags: {},
  async run({ words: [id = ''], environment, output }) {
    await using maintenance = await openCurrent(environment)
    await maintenance.store.write(async ({ apiKeys }) => {
      const key = await apiKeys.get(id)
      if (!key) throw new MaintenanceError(`there is no key ${id}: pnpm admin list-keys tells which there are`)
      await apiKeys.revoke(id, new Date().toISOString())
    })
    output.say(`key ${id} is revoked`)
    return 0
  },
}
