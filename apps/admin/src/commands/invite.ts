import { parseOptions } from '@tablecast/config'
import { InviteRole } from '@tablecast/contracts'
import { newCode, options } from '@tablecast/server/admin'
import { MaintenanceError } from '@tablecast/store'
import { z } from 'zod'
import { type Command, UsageError } from '../command.ts'
import { openCurrent } from '../database.ts'
import { OPERATOR } from './create-key.ts'

const { PUBLIC_URL, HOST, PORT } = options
const Count = z.coerce.number().int().min(1).max(100_000).optional()

export const invite: Command = {
  does: 'Makes a new link into a room, for a DM who lost theirs; the earlier link of that role stops working.',
  takes: ['<room>'],
  flags: {
    role: { type: 'string', value: 'role', does: `${InviteRole.options.join(', ')}; dm by default` },
    hours: { type: 'string', value: 'n', does: 'The link stops working after this number of hours' },
    uses: { type: 'string', value: 'n', does: 'The link stops working after this number of people' },
  },
  more: 'The link of an owner is good once. Who owned the room before becomes one of its DMs.',
  async run({ words: [roomId = ''], text, environment, output }) {
    const role = InviteRole.safeParse(text('role') ?? 'dm')
    const hours = Count.safeParse(text('hours'))
    const maxUses = Count.safeParse(text('uses'))
    if (!role.success) throw new UsageError(`--role: choose from ${InviteRole.options.join(', ')}`)
    if (!hours.success || !maxUses.success) throw new UsageError('--hours, --uses: must be whole numbers from 1')
    const address = parseOptions({ PUBLIC_URL, HOST, PORT }, environment)
    const code = newCode()
    const at = new Date()
    await using maintenance = await openCurrent(environment)
    await maintenance.store.write(async ({ rooms, audit }) => {
      if (!(await rooms.lock(roomId)))
        throw new MaintenanceError(`there is no room ${roomId}: pnpm admin rooms tells which there are`)
      const expiresAt = hours.data === undefined ? null : new Date(at.getTime() + hours.data * 3_600_000).toISOString()
      await rooms.putInvite(roomId, { role: role.data, code, expiresAt, maxUses: maxUses.data ?? null })
      await audit.append({
        roomId,
        at: at.toISOString(),
        kind: 'invite_rotated',
        actorId: OPERATOR,
        actorName: 'The operator',
        detail: { role: role.data },
      })
    })
    output.say(`${address.PUBLIC_URL ?? `http://${address.HOST}:${address.PORT}`}/join/${code}`)
    return 0
  },
}
