import { parseOptions } from '@tablecast/config'
import { options, prune } from '@tablecast/server/admin'
import type { Command } from '../command.ts'
import { openCurrent } from '../database.ts'

const { AUDIT_KEEP_DAYS } = options

export const pruneNow: Command = {
  does: 'Deletes now the rows that the servers delete every hour: old events, answers, tickets and audit lines.',
  takes: [],
  flags: {},
  async run({ environment, output }) {
    const { AUDIT_KEEP_DAYS: auditDays } = parseOptions({ AUDIT_KEEP_DAYS }, environment)
    await using maintenance = await openCurrent(environment)
    const { events, answers } = await prune(maintenance.store, { auditDays })
    output.say(`${events} events and ${answers} answers are gone`)
    return 0
  },
}
