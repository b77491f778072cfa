import { CreateKeyInput, type TopicRight } from '@tablecast/contracts'
import { makeApiKey } from '@tablecast/server/admin'
import { type Command, UsageError } from '../command.ts'
import { openCurrent } from '../database.ts'

export const OPERATOR = 'operator'

export const createKey: Command = {
  does: 'Makes an API key for topics, and prints it once.',
  takes: [],
  flags: {
    name: { type: 'string', value: 'name', does: 'The purpose of the key; required' },
    publish: {
      type: 'string',
      multiple: true,
      value: 'topic',
      does: 'A topic in which it may publish, or orders.* (repeat for more)',
    },
    subscribe: {
      type: 'string',
      multiple: true,
      value: 'topic',
      does: 'A topic to which it may subscribe (repeat for more)',
    },
    owner: { type: 'string', value: 'user', does: `The user id of its owner; ${OPERATOR} by default` },
  },
  async run({ text, texts, environment, output }) {
    const asked = CreateKeyInput.omit({ key: true }).safeParse({
      name: text('name') ?? '',
      rights: rightsOf(texts('publish'), texts('subscribe')),
    })
    if (!asked.success) {
      const [issue] = asked.error.issues
      throw new UsageError(
        `--${issue?.path[0] === 'name' ? 'name' : 'publish, --subscribe'}: ${issue?.message ?? 'not valid'}`,
      )
    }
    const { row, text: secret } = makeApiKey({ ownerId: text('owner') ?? OPERATOR, ...asked.data })
    await using maintenance = await openCurrent(environment)
    await maintenance.store.write(({ apiKeys }) => apiKeys.insert(row))
    output.say(secret)
    output.note(`Key ${row.id}: only a hash of it is kept, so note it down now. It is good at once.`)
    return 0
  },
}

function rightsOf(publish: readonly string[], subscribe: readonly string[]): TopicRight[] {
  return [...new Set([...publish, ...subscribe])].map((topic) => ({
    topic,
    publish: publish.includes(topic),
    subscribe: subscribe.includes(topic),
  }))
}
