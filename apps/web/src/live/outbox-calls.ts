// The calls that go through the outbox: messages, changes of the state and of the story, and what players do with their own characters.
import type { OwnCharacterFields, StatePatch } from '@tablecast/contracts'
import { api, nonceOf } from '../api.ts'
import type { Item } from './outbox.ts'

/** An operation of a fight as a page sends it: fields with a default may be missing. */
export type AskedOperation = Parameters<typeof api.campaign.operate.mutate>[0]['operation']

type EntryOf = { campaignId: string; entryId: string }

/** `what` names the change for people. `own`: see `EditInput`. */
export type RoomCall =
  | { do: 'say'; message: string }
  | { do: 'whisper'; message: string; to: string | null }
  | { do: 'edit'; campaignId: string; what: string; baseVersion: number; own?: number[]; patch: StatePatch }
  | {
      do: 'editOwn'
      campaignId: string
      characterId: string
      what: string
      was: OwnCharacterFields
      is: OwnCharacterFields
    }
  | { do: 'operate'; campaignId: string; what: string; operation: AskedOperation }
  | ({ do: 'editEntry'; text: string } & EntryOf)
  | ({ do: 'deleteEntry'; deleted: boolean } & EntryOf)

/** `message`: see `SayAnswer`. */
export type RoomAnswer = { version: number | null; message?: string | null }

/** A repeat is safe, so a call without an answer is given up soon. */
const MAX_CALL_MS = 15_000

export function sendCall(roomId: string, key: string, call: RoomCall): Promise<RoomAnswer> {
  const { campaign } = api
  const options = { signal: AbortSignal.timeout(MAX_CALL_MS) }
  const nonce = nonceOf(key)
  switch (call.do) {
    case 'say':
      return campaign.say.mutate({ roomId, key, nonce, message: call.message }, options)
    case 'whisper':
      return campaign.whisper.mutate({ roomId, key, nonce, message: call.message, to: call.to }, options)
    case 'edit': {
      const { campaignId, baseVersion, own, patch } = call
      return campaign.edit.mutate({ roomId, key, campaignId, baseVersion, ...(own && { own }), patch }, options)
    }
    case 'editOwn': {
      const { campaignId, characterId, was, is } = call
      return campaign.editOwnCharacter.mutate({ roomId, key, campaignId, characterId, was, is }, options)
    }
    case 'operate': {
      const { campaignId, operation } = call
      return campaign.operate.mutate({ roomId, key, nonce, campaignId, operation }, options)
    }
    case 'editEntry':
      return campaign.editEntry.mutate({ roomId, key, ...ofEntry(call), text: call.text }, options)
    case 'deleteEntry':
      return campaign.deleteEntry.mutate({ roomId, key, ...ofEntry(call), deleted: call.deleted }, options)
  }
}

const ofEntry = ({ campaignId, entryId }: EntryOf): EntryOf => ({ campaignId, entryId })

/** Reads an item that an earlier page stored. Another version of the page may have written it. */
export function parseStored(value: unknown): Item<RoomCall>[] {
  if (!isRecord(value) || !isRecord(value['call'])) return []
  const { key, at, call } = value
  if (typeof key !== 'string' || typeof at !== 'number' || !isCall(call)) return []
  return [{ key, at, call }]
}

const texts: Record<RoomCall['do'], readonly string[]> = {
  say: ['message'],
  whisper: ['message'],
  edit: ['campaignId', 'what'],
  editOwn: ['campaignId', 'characterId', 'what'],
  operate: ['campaignId', 'what'],
  editEntry: ['campaignId', 'entryId', 'text'],
  deleteEntry: ['campaignId', 'entryId'],
}

/** The server checks the rest of it. */
function isCall(value: unknown): value is RoomCall {
  if (!isRecord(value) || typeof value['do'] !== 'string') return false
  if (value['do'] === 'operate' && !isRecord(value['operation'])) return false
  const names = new Map(Object.entries(texts)).get(value['do'])
  return names !== undefined && names.every((name) => typeof value[name] === 'string')
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
