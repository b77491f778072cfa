import type { Command } from '../command.ts'
import { examine } from '../doctor/doctor.ts'

export const doctor: Command = {
  does: 'Checks the configuration, this machine, the database and the services; exits with 1 when a check fails.',
  takes: [],
  flags: { json: { type: 'boolean', does: 'As JSON' } },
  more: 'It changes nothing and makes nothing, and reads all of the database: not for every minute.',
  async run({ isSet, environment, output }) {
    const findings = await examine(environment)
    if (isSet('json')) output.say(JSON.stringify(findings))
    else
      for (const { check, state, found, advice } of findings) {
        output.say(`${state.padEnd(5)} ${check.padEnd(15)} ${found}`)
        if (advice !== undefined) output.say(`${' '.repeat(22)}${advice}`)
      }
    return findings.some(({ state }) => state === 'fail') ? 1 : 0
  },
}
