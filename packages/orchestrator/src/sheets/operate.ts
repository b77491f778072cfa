// An operation on sheets as one step of the journal.
import { contentHash } from '@tablecast/bestiary'
import {
  type CampaignState,
  type Character,
  type CharacterRequest,
  MAX_REQUESTS,
  MAX_REQUESTS_OF_PLAYER,
  type OperateSheetsAnswer,
  type SheetOperation,
  TablecastError,
} from '@tablecast/contracts'
import type { DraftEntry } from '@tablecast/narrator'
import { MAX_CHARACTERS } from '@tablecast/rules'
import type { CampaignRow } from '@tablecast/store'
import type { Work } from '../campaign-changes.ts'
import { changeTo } from '../change.ts'
import { storeChange } from '../journal-step.ts'
import { rested, usesOf } from './resources.ts'
import { assertMayOperate, ownerOf } from './right.ts'
import { readSheet, storeSheet } from './stored-sheets.ts'

type Of<T extends SheetOperation['type']> = Extract<SheetOperation, { type: T }>
/** The state to come, and what the story says of it. */
type Next = { state: CampaignState; entries?: DraftEntry[]; id: string; hash: string | null }

/**
 * Call it in the transaction of the change. Throws NOT_THE_DM, FORBIDDEN, NOT_FOUND, CONFLICT for a sheet that has changed since the editor
 * saw it, and VALIDATION_FAILED for too many characters or requests.
 */
export async function operate(
  work: Work,
  campaign: CampaignRow,
  operation: SheetOperation,
): Promise<OperateSheetsAnswer> {
  assertMayOperate(campaign.state, work.actor, operation)
  const { state, entries = [], id, hash } = await next(work, campaign, operation)
  const ack = await storeChange(work, campaign, { change: changeTo(campaign.state, state), entries })
  return { ...ack, id, hash }
}

function next(work: Work, campaign: CampaignRow, operation: SheetOperation): Promise<Next> {
  switch (operation.type) {
    case 'save':
      return save(work, campaign, operation)
    case 'rest':
      return rest(work, campaign, operation)
    case 'propose':
      return propose(work, campaign, operation)
    case 'accept':
      return Promise.resolve(accept(work, campaign, operation))
    case 'decline':
      return Promise.resolve(decline(work, campaign, operation))
  }
}

async function save(work: Work, campaign: CampaignRow, operation: Of<'save'>): Promise<Next> {
  const { tables, actor, at } = work
  const { state } = campaign
  const { sheet, was } = operation
  const character = characterOf(state, work, operation.characterId)
  const current = character.sheet?.hash ?? null
  // The same sheet again is no conflict: a page may have lost the answer.
  if (current !== was && current !== (await contentHash(sheet)))
    throw new TablecastError('CONFLICT', 'Somebody else changed this sheet. Look at it, then save it again.', {
      hash: current,
      sheet: await readSheet(tables, campaign.id, character),
    })
  const isForDm = operation.hp !== undefined || operation.armourClass !== undefined
  if (isForDm && actor.role === 'player' && !character.hpVisible)
    throw new TablecastError('FORBIDDEN', 'The DM keeps the hit points of this character. Ask the DM to change them.')
  const reference = await storeSheet(tables, { campaignId: campaign.id, characterId: character.id, at }, sheet)
  const { hp } = character
  const changed: Character = {
    ...character,
    sheet: reference,
    level: sheet.level,
    initiativeBonus: sheet.initiative,
    uses: usesOf(sheet.resources, character.uses ?? []),
    hp: operation.hp === undefined ? hp : { ...hp, max: operation.hp, current: Math.min(hp.current, operation.hp) },
    armourClass: operation.armourClass === undefined ? character.armourClass : operation.armourClass,
  }
  return { state: withCharacter(state, changed), id: character.id, hash: reference.hash }
}

async function rest(work: Work, campaign: CampaignRow, { characterId, kind }: Of<'rest'>): Promise<Next> {
  const { state } = campaign
  const character = characterOf(state, work, characterId)
  const sheet = await readSheet(work.tables, campaign.id, character)
  const isHealed = kind === 'long' && (work.actor.role !== 'player' || character.hpVisible)
  const { hp } = character
  const changed: Character = {
    ...character,
    uses: rested(character.uses ?? [], sheet?.resources ?? null, kind),
    hp: isHealed ? { ...hp, current: Math.max(hp.current, hp.max), temp: 0 } : hp,
  }
  const line = { kind: 'system' as const, text: `${character.name} takes a ${kind} rest.`, rolls: [] }
  return {
    state: withCharacter(state, changed),
    // Players may know the character by another name. Its own player sees the pips.
    entries: [{ ...line, audience: 'dm' }],
    id: character.id,
    hash: character.sheet?.hash ?? null,
  }
}

async function propose(work: Work, campaign: CampaignRow, { character }: Of<'propose'>): Promise<Next> {
  const { tables, actor, at, newId } = work
  const requests = campaign.state.requests ?? []
  if (requests.filter(({ ownerId }) => ownerId === actor.id).length >= MAX_REQUESTS_OF_PLAYER)
    throw refusal(`The DM has ${MAX_REQUESTS_OF_PLAYER} characters of yours to look at. Wait for an answer.`)
  if (requests.length >= MAX_REQUESTS) throw refusal('Many characters wait for the DM. Try again later.')
  const { name, hp, armourClass, sheet } = character
  const id = newId()
  const reference = await storeSheet(tables, { campaignId: campaign.id, characterId: id, at }, sheet)
  const request: CharacterRequest = {
    id,
    ownerId: actor.id,
    name,
    hp,
    armourClass,
    level: sheet.level,
    sheet: reference,
    at,
  }
  return { state: { ...campaign.state, requests: [...requests, request] }, id, hash: reference.hash }
}

async function accept(work: Work, { id: campaignId, state }: CampaignRow, { requestId }: Of<'accept'>): Promise<Next> {
  const request = requestOf(state, requestId)
  if (state.characters.length >= MAX_CHARACTERS)
    throw refusal(`A campaign has at most ${MAX_CHARACTERS} characters. Remove one first.`)
  const { id, ownerId, name, hp, armourClass, level, sheet: reference } = request
  const sheet = await readSheet(work.tables, campaignId, request)
  const character: Character = {
    id,
    name,
    kind: 'pc',
    hp: { current: hp, max: hp, temp: 0 },
    hpVisible: true,
    armourClass,
    conditions: [],
    initiative: null,
    ownerId,
    visible: true,
    dmNotes: '',
    side: 'party',
    level,
    sheet: reference,
    initiativeBonus: sheet?.initiative ?? 0,
    uses: usesOf(sheet?.resources ?? [], []),
  }
  const entry: DraftEntry = { kind: 'system', text: `${name} joins the party.`, rolls: [], audience: 'all' }
  const characters = [...state.characters, character]
  return { state: { ...withoutRequest(state, id), characters }, entries: [entry], id, hash: reference.hash }
}

async function decline(
  { tables, room, actor }: Work,
  { state }: CampaignRow,
  { requestId }: Of<'decline'>,
): Promise<Next> {
  const { id, ownerId, name, sheet } = requestOf(state, requestId)
  const player = actor.id === ownerId ? null : await tables.rooms.member(room.id, ownerId)
  const entries: DraftEntry[] = player
    ? [
        {
          kind: 'whisper',
          text: `I did not take ${name} into the campaign.`,
          rolls: [],
          audience: 'member',
          member: { id: player.userId, name: player.name },
        },
      ]
    : []
  return { state: withoutRequest(state, id), entries, id, hash: sheet.hash }
}

/** Throws NOT_FOUND, also for a request: it has no sheet to play with yet. */
function characterOf(state: CampaignState, { actor }: Work, id: string): Character {
  const found = ownerOf(state, actor, id)
  if ('kind' in found) return found
  throw new TablecastError('NOT_FOUND', 'The DM has not taken this character into the campaign yet.')
}

function requestOf({ requests }: CampaignState, id: string): CharacterRequest {
  const found = requests?.find((one) => one.id === id)
  if (!found) throw new TablecastError('NOT_FOUND', 'This request was answered already. Nothing is left to do.')
  return found
}

const withCharacter = (state: CampaignState, changed: Character): CampaignState => ({
  ...state,
  characters: state.characters.map((one) => (one.id === changed.id ? changed : one)),
})

const withoutRequest = (state: CampaignState, id: string): CampaignState => ({
  ...state,
  requests: (state.requests ?? []).filter((one) => one.id !== id),
})

const refusal = (message: string) => new TablecastError('VALIDATION_FAILED', message)
