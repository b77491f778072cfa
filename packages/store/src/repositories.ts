// The repositories of one transaction.
import type { Kysely } from 'kysely'
import { answers } from './answers.ts'
import { apiKeys } from './api-keys.ts'
import { arenaSessions } from './arena.ts'
import { auditTrail } from './audit.ts'
import { campaigns } from './campaigns.ts'
import { diceChains } from './dice.ts'
import { encounters } from './encounters.ts'
import { entries } from './entries.ts'
import { journal } from './journal.ts'
import { leases } from './leases.ts'
import { locks as namedLocks } from './locks.ts'
import { agents } from './market/agents.ts'
import { candles } from './market/candles.ts'
import { discussions } from './market/discussions.ts'
import { messages } from './market/messages.ts'
import { sectors } from './market/sectors.ts'
import { maps } from './maps.ts'
import { mediaFiles } from './media-files.ts'
import { narrator } from './narrator.ts'
import { pages } from './pages.ts'
import { pictures } from './pictures.ts'
import { pushDevices } from './push-devices.ts'
import { restores } from './restores.ts'
import { rooms } from './rooms.ts'
import { sheets } from './sheets.ts'
import { screens } from './screens.ts'
import { statBlocks } from './stat-blocks.ts'
import { streams } from './streams.ts'
import { tickets } from './tickets.ts'
import { topics } from './topics.ts'
import { users } from './users.ts'
import type { StatesOfTransaction } from './known-states.ts'
import type { Database } from './schema.ts'
import type { StoreKind } from './store-kind.ts'
import type { Repositories } from './store.ts'

export function repositoriesOf(database: Kysely<Database>, kind: StoreKind, states: StatesOfTransaction): Repositories {
  // SQLite has one writer and no row locks: the transaction is the lock.
  const locks = kind === 'postgres'
  return {
    rooms: rooms(database, locks),
    campaigns: campaigns(database, states),
    journal: journal(database),
    entries: entries(database),
    pages: pages(database),
    screens: screens(database),
    push: pushDevices(database),
    statBlocks: statBlocks(database, kind),
    encounters: encounters(database),
    sheets: sheets(database),
    dice: diceChains(database),
    pictures: pictures(database),
    mediaFiles: mediaFiles(database),
    maps: maps(database),
    streams: streams(database, locks),
    answers: answers(database),
    locks: namedLocks(database, kind),
    arena: arenaSessions(database, locks),
    leases: leases(database, kind),
    topics: topics(database, locks),
    apiKeys: apiKeys(database, locks),
    sectors: sectors(database, locks),
    agents: agents(database, locks),
    candles: candles(database, kind),
    discussions: discussions(database, locks),
    messages: messages(database),
    narrator: narrator(database),
    users: users(database),
    tickets: tickets(database, kind),
    audit: auditTrail(database),
    restores: restores(database),
  }
}
