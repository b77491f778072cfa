import type { Command } from '../command.ts'
import { openCurrent } from '../database.ts'
import { harmless, sizeOf, table } from '../words.ts'

export const rooms: Command = {
  does: 'Lists the rooms, the largest first.',
  takes: [],
  flags: { json: { type: 'boolean', does: 'As JSON' } },
  async run({ isSet, environment, output }) {
    await using maintenance = await openCurrent(environment)
    const sizes = await maintenance.rooms()
    if (isSet('json')) {
      output.say(JSON.stringify(sizes))
      return 0
    }
    const rows = sizes.map((room) => [
      room.id,
      harmless(room.name),
      room.owners.map(harmless).join(', ') || '-',
      ...[room.members, room.campaigns, room.entries, room.events].map(String),
      sizeOf(room.bytes),
    ])
    const heads = ['id', 'name', 'owner', 'members', 'campaigns', 'entries', 'events', 'size']
    for (const line of table([heads, ...rows])) output.say(line)
    return 0
  },
}
