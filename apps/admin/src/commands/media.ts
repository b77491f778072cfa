import { type MediaStore, openMediaStore } from '@tablecast/media'
import { cleanPictures } from '@tablecast/server/admin'
import type { Store } from '@tablecast/store'
import { type Command, UsageError } from '../command.ts'
import { databaseOf, openCurrent } from '../database.ts'
import { harmless, sizeOf, table } from '../words.ts'

const DAY_MS = 24 * 60 * 60_000
const DAYS = 30

export const media: Command = {
  does: 'Lists the pictures of each room, the largest rooms first, and removes unused ones with --clean.',
  takes: [],
  flags: {
    clean: { type: 'boolean', does: 'Removes unused pictures now, and content that no picture has' },
    days: { type: 'string', value: 'n', does: `With --clean: those that nothing has named for n days (${DAYS})` },
    json: { type: 'boolean', does: 'As JSON' },
  },
  more: [
    'A picture is unused when no campaign of its room names it, the deleted ones of the last 30 days included. A DM who takes back a',
    'change may need one again. Nothing is removed while a backup or a restore runs. The numbers of unused pictures are those of the',
    'last cleaning: the servers clean every hour.',
  ].join('\n'),
  async run({ text, isSet, environment, output }) {
    const unusedMs = daysOf(text('days')) * DAY_MS
    if (text('days') !== undefined && !isSet('clean')) throw new UsageError('--days goes with --clean')
    await using maintenance = await openCurrent(environment)
    const { store } = maintenance
    const content = openMediaStore(store, databaseOf(environment))
    if (isSet('clean')) {
      const { pictures, contents, isPaused } = await cleanPictures(store, content, { unusedMs })
      output.note(`${pictures} pictures and the content of ${contents} are gone`)
      if (isPaused) output.note('A backup or a restore runs: try again when it is done.')
      if (isPaused) return 1
    }
    const found = await listed(store, content)
    if (isSet('json')) output.say(JSON.stringify(found))
    else for (const line of linesOf(found)) output.say(line)
    return 0
  },
}

function daysOf(text = String(DAYS)): number {
  if (!/^\d{1,4}$/.test(text)) throw new UsageError('--days takes a number of days')
  return Number(text)
}

type Listed = { rooms: Awaited<ReturnType<typeof totals>>; stored: { contents: number; bytes: number } }

const totals = (store: Store) => store.read(({ pictures }) => pictures.totals())

async function listed(store: Store, content: MediaStore): Promise<Listed> {
  const hashes = new Set<string>()
  let bytes = 0
  for await (const file of content.list()) {
    hashes.add(file.hash)
    bytes += file.bytes
  }
  return { rooms: await totals(store), stored: { contents: hashes.size, bytes } }
}

function linesOf({ rooms, stored }: Listed): string[] {
  const heads = ['id', 'name', 'pictures', 'unused', 'size']
  const rows = rooms.map((room) => [
    room.roomId,
    harmless(room.name),
    ...[room.pictures, room.unused].map(String),
    sizeOf(room.bytes),
  ])
  return [...table([heads, ...rows]), `stored: the content of ${stored.contents} pictures, ${sizeOf(stored.bytes)}`]
}
