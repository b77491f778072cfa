// The checks of the database: is it reachable, up to date and undamaged, and does its clock agree with this machine's?
import {
  type DatabaseState,
  type Invariant,
  type Maintenance,
  MaintenanceError,
  openMaintenance,
  type StoreOptions,
} from '@tablecast/store'
import { messageOf } from '../words.ts'
import { fail, type Finding, ok, warn } from './finding.ts'
import { pictureContent } from './picture-content.ts'

const MAX_AHEAD_MS = 2_000

export async function database(options: StoreOptions): Promise<Finding[]> {
  let maintenance: Maintenance
  try {
    maintenance = await openMaintenance(options)
  } catch (error) {
    if (error instanceof MaintenanceError)
      return [warn('database', messageOf(error), 'the first start of the server makes it')]
    return [fail('database', messageOf(error), 'check the disk and the owner of the file, or restore a backup')]
  }
  await using opened = maintenance
  try {
    const state = await opened.state()
    const findings = [
      ok('database', `${opened.kind} ${state.version.replace(/ on .*/, '')}`),
      schema(state),
      clock(state),
    ]
    if (state.pending.length > 0 || state.unknown.length > 0) return findings
    const invariants = (await opened.invariants()).map(invariant)
    return [...findings, ...invariants, await pictureContent(opened.store, options)]
  } catch (error) {
    return [fail('database', messageOf(error), 'check that it runs, and that DATABASE_URL names it')]
  }
}

function schema({ schema: newest, pending, unknown }: DatabaseState): Finding {
  if (unknown.length > 0)
    return fail(
      'schema',
      `${unknown.join(', ')} belongs to a newer Tablecast`,
      'run the newer version, or restore a backup that is older',
    )
  return pending.length > 0
    ? warn(
        'schema',
        `${newest ?? 'empty'}, ${pending.length} steps behind`,
        'the next start applies them: back up first',
      )
    : ok('schema', newest ?? '')
}

function clock({ aheadMs }: DatabaseState): Finding {
  const seconds = (aheadMs / 1_000).toFixed(1)
  return Math.abs(aheadMs) <= MAX_AHEAD_MS
    ? ok('clock', `the database is ${seconds} s ahead`)
    : warn('clock', `the database is ${seconds} s ahead`, 'set both by NTP: times of entries would jump between nodes')
}

const wordings: Record<Invariant['name'], { check: string; of: string; advice: string }> = {
  integrity: { check: 'integrity', of: 'database', advice: 'restore a backup, and check the disk' },
  streams: {
    check: 'streams',
    of: 'streams',
    advice: 'pnpm admin renew-epochs makes every client take a snapshot; find out who wrote to the tables by hand',
  },
  journals: { check: 'journals', of: 'campaigns', advice: 'restore a backup: changes of these campaigns are missing' },
  folds: {
    check: 'folds',
    of: 'campaigns, newest changes',
    advice: 'restore a backup: undo would give wrong states here',
  },
  fogs: {
    check: 'fogs',
    of: 'maps, newest campaigns',
    advice: 'restore a backup: the fog of these campaigns’ maps is missing or older than their state',
  },
  pages: {
    check: 'pages',
    of: 'pages of adventures',
    advice: 'restore a backup: pages of these campaigns are damaged',
  },
  fights: {
    check: 'fights',
    of: 'stat blocks and encounters',
    advice: 'restore a backup: the named stat blocks or encounters are damaged',
  },
  sheets: {
    check: 'sheets',
    of: 'sheets of characters',
    advice: 'restore a backup: sheets of characters of these campaigns are missing or damaged',
  },
  dice: {
    check: 'dice',
    of: 'chains of dice',
    advice: 'restore a backup: rolls of these chains are missing or were written by hand, so they can’t be checked',
  },
  screens: {
    check: 'screens',
    of: 'links for screens',
    advice: 'a DM takes the named links back under “Screens” and makes new ones',
  },
  notices: {
    check: 'notices',
    of: 'devices that get notices',
    advice: 'delete the named rows of push_devices: their people turn notices on again in the page',
  },
  owners: { check: 'owners', of: 'rooms', advice: 'pnpm admin invite <room> --role owner makes a link for its DM' },
}

function invariant({ name, looked, broken }: Invariant): Finding {
  const { check, of, advice } = wordings[name]
  if (broken.length === 0) return ok(check, `${looked} ${of}`)
  return (name === 'owners' ? warn : fail)(check, `broken: ${broken.join(', ')}`, advice)
}
