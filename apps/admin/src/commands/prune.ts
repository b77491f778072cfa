import { parseOptions } from '@tablecast/config'
import { openMediaStore } from '@tablecast/media'
import { options as settings, prune } from '@tablecast/server/admin'
import type { Command } from '../command.ts'
import { databaseOf, openCurrent } from '../database.ts'

const { AUDIT_KEEP_DAYS } = settings

export const pruneNow: Command = {
  does: 'Deletes now the rows that the servers delete every hour: old events, answers, tickets, audit lines and unused pictures.',
  takes: [],
  flags: {},
  async run({ environment, output }) {
    const { AUDIT_KEEP_DAYS: auditDays } = parseOptions({ AUDIT_KEEP_DAYS }, environment)
    const options = databaseOf(environment)
    await using maintenance = await openCurrent(environment)
    const { store } = maintenance
    const { events, answers, pictures } = await prune(store, openMediaStore(store, options), { auditDays })
    output.say(`${events} events, ${answers} answers and ${pictures} pictures are gone`)
    return 0
  },
}
