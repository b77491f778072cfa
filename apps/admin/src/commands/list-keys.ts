import type { TopicRight } from '@tablecast/contracts'
import type { Command } from '../command.ts'
import { openCurrent } from '../database.ts'
import { harmless, table } from '../words.ts'

export const listKeys: Command = {
  does: 'Lists the API keys of all users, newest first.',
  takes: [],
  flags: { json: { type: 'boolean', does: 'As JSON' } },
  async run({ isSet, environment, output }) {
    await using maintenance = await openCurrent(environment)
    const keys = await maintenance.store.read(({ apiKeys }) => apiKeys.list())
    if (isSet('json')) {
      output.say(JSON.stringify(keys.map(({ hash: _hash, ...key }) => key)))
      return 0
    }
    const rows = keys.map((key) => [
      key.id,
      harmless(key.name),
      harmless(key.ownerId),
      key.createdAt,
      key.revokedAt === null ? 'good' : `revoked ${key.revokedAt}`,
      key.rights.map(rightInWords).join(', '),
    ])
    for (const line of table([['id', 'name', 'owner', 'made', 'state', 'rights'], ...rows])) output.say(line)
    return 0
  },
}

const rightInWords = ({ topic, publish, subscribe }: TopicRight): string =>
  `${[...(publish ? ['publish'] : []), ...(subscribe ? ['subscribe'] : [])].join('+')} ${topic}`
