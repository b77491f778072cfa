import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { sentenceOfIssue } from './invalid-input.ts'
import { CreateRoomInput, EditInput, OwnCharacterFields, RotateInviteInput, SayInput } from './procedures.ts'
import { CampaignState, emptyState } from './state.ts'

const refusal = (schema: z.ZodType, input: unknown) => sentenceOfIssue(schema.safeParse(input).error?.issues[0])
const call = { roomId: 'r', key: 'a-good-key' }
const edit = (patch: object) => refusal(EditInput, { ...call, campaignId: 'c', baseVersion: 0, patch })
const listed = (more: object) => ({ upsert: [{ id: 'x', ...more }] })

describe('A refused value is explained with its field', () => {
  it.each([
    [edit({ beats: listed({ text: 'x'.repeat(201) }) }), 'A story beat can have at most 200 characters. Shorten it.'],
    [edit({ scene: 'x'.repeat(4_001) }), 'The scene can have at most 4,000 characters. Shorten it.'],
    [edit({ characters: listed({ name: ' ' }) }), 'The name of a character is empty. Fill it in.'],
    [
      edit({ characters: listed({ hp: { current: 10_000, max: 1, temp: 0 } }) }),
      'The hit points can be at most 9,999. Choose a smaller number.',
    ],
    [
      edit({ characters: listed({ hp: { current: 1, max: -1, temp: 0 } }) }),
      'The maximum of hit points can be no less than 0. Choose a larger number.',
    ],
    [
      edit({ characters: listed({ armourClass: 1.5 }) }),
      'The armour class is not of the right kind. Write a whole number.',
    ],
    [
      edit({ characters: listed({ conditions: Array.from({ length: 21 }, () => 'prone') }) }),
      'There can be at most 20 conditions. Remove some first.',
    ],
    [refusal(SayInput, { ...call, message: ' \n' }), 'The message is empty. Fill it in.'],
    [refusal(SayInput, call), 'The message is missing. Fill it in.'],
    [refusal(CreateRoomInput, { key: call.key, name: '\u200b' }), 'The name is empty. Fill it in.'],
    [
      refusal(RotateInviteInput, { ...call, role: 'player', expiresInHours: 9_000 }),
      'The time until the link ends can be at most 8,760. Choose a smaller number.',
    ],
  ])('%s', (said, expected) => expect(said).toBe(expected))

  it('a list of the state that is too long names its items', () => {
    const beats = Array.from({ length: 201 }, (_, place) => ({
      id: `b${place}`,
      text: 'x',
      done: false,
      visible: false,
    }))
    expect(refusal(CampaignState, { ...emptyState, beats })).toBe(
      'There can be at most 200 story beats. Remove some first.',
    )
  })

  it.each([
    [edit({ unknown: 1 })],
    [edit({ beats: { remove: ['a', 'a'] } })],
    [refusal(SayInput, { ...call, roomId: '', message: 'x' })],
    [refusal(OwnCharacterFields, 7)],
    [sentenceOfIssue(undefined)],
  ])('a request that no field of a page makes shows neither ids nor a validator’s words: %s', (said) => {
    expect(said).toBe('The server did not understand this request. Reload the page and try again.')
  })
})
