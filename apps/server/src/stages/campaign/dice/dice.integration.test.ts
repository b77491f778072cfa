import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { DiceRoll } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { newKey, openTestbed, until } from '../../../testing/testbed.ts'

const roomId = 'main'

/** The lines that docs/dice.md prints. */
const script = /```python\n([\s\S]*?)```/.exec(
  readFileSync(new URL('../../../../../../docs/dice.md', import.meta.url), 'utf8'),
)?.[1]

describe('the dice of a running server', () => {
  it('check out by the ten lines of docs/dice.md, and not after a change of one byte', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('Dana', 'owner')
    const player = await testbed.join('Paul', 'player')
    const { campaigns } = await dm.http.campaign.list.query({ roomId })
    const inCampaign = { roomId, campaignId: campaigns.find(({ active }) => active)?.id ?? '' }
    const messages = ['/roll 1d20+5 Stealth', '/roll 4d6!', 'So [[2d20kh1]] and [[8d8]].', '/roll 1d100']
    for (const message of messages)
      await player.http.campaign.say.mutate({ roomId, key: newKey(), message, nonce: `of_${newKey()}` })
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: '/secret [[1d20]]' })
    const operation = { type: 'rollInitiative' as const, targets: (await party(dm)).slice(0, 2) }
    await dm.http.campaign.operate.mutate({ ...inCampaign, key: newKey(), nonce: 'initiative', operation })
    const { chains } = await player.http.dice.chains.query(inCampaign)
    const chainId = chains[0]?.id ?? ''
    await dm.http.dice.reveal.mutate({ ...inCampaign, key: newKey(), chainId })
    const [, chain] = (await player.http.dice.chains.query(inCampaign)).chains
    const { rolls } = await player.http.dice.rolls.query({ ...inCampaign, chainId })
    expect(rolls).toHaveLength(7)
    expect(rolls.at(-1)?.nonce).toBe('initiative')

    const check = async (name: string, of: object) => {
      const [program, file] = [join(testbed.folder, 'check.py'), join(testbed.folder, `${name}.json`)]
      await writeFile(program, script ?? '')
      await writeFile(file, JSON.stringify(of))
      return promisify(execFile)('python3', [program, file]).then(
        ({ stdout }) => stdout.trim(),
        ({ code, stdout }: { code: number; stdout: string }) => `${stdout.trim()}, exit ${code}`,
      )
    }
    expect((script ?? '').trim().split('\n')).toHaveLength(10)
    expect(await check('whole', { ...chain, rolls })).toBe('7 of 7 as committed')
    const [first, ...others] = rolls as [DiceRoll, ...DiceRoll[]]
    const [[sides, value] = [0, 0]] = first.draws
    const changed = { ...first, draws: [[sides, (value % sides) + 1]] }
    expect(await check('changed', { ...chain, rolls: [changed, ...others] })).toBe('6 of 7 as committed, exit 1')
    const digit = chain?.hash.startsWith('0') ? '1' : '0'
    const hash = digit + (chain?.hash.slice(1) ?? '')
    expect(await check('hash', { ...chain, hash, rolls })).toBe('7 of 7 as committed, exit 1')
    const seed = (chain?.seed?.startsWith('0') ? '1' : '0') + (chain?.seed?.slice(1) ?? '')
    expect(await check('seed', { ...chain, seed, rolls })).toMatch(/^[0-6] of 7 as committed, exit 1$/)
    expect(await check('left out', { ...chain, rolls: others })).toMatch(/^[0-5] of 6 as committed, exit 1$/)

    async function party(of: typeof dm): Promise<string[]> {
      const { state } = await of.http.campaign.get.query(inCampaign)
      return state.characters.flatMap(({ id, kind, visible }) => (kind === 'pc' && visible ? [id] : []))
    }
  })

  it('take a nonce with a call, answer a repeat with any other nonce, and make one for a plain socket', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('Dana', 'owner')
    const { campaigns } = await dm.http.campaign.list.query({ roomId })
    const inCampaign = { roomId, campaignId: campaigns.find(({ active }) => active)?.id ?? '' }
    const call = { roomId, key: newKey(), message: '/roll 1d20' }
    const answer = await dm.http.campaign.say.mutate({ ...call, nonce: 'first' })
    expect(await dm.http.campaign.say.mutate({ ...call, nonce: 'second' })).toEqual(answer)
    expect(await dm.http.campaign.say.mutate(call)).toEqual(answer)
    for (const nonce of ['', 'a:b', 'é', 'x'.repeat(65)])
      await expect(dm.http.campaign.say.mutate({ ...call, key: newKey(), nonce })).rejects.toMatchObject({
        data: { tablecast: { code: 'VALIDATION_FAILED' } },
      })
    const socket = new WebSocket(`${testbed.wsUrl}/ws/campaign/dm`)
    const received: string[] = []
    socket.on('message', (data: Buffer) => received.push(data.toString()))
    socket.on('open', () => socket.send(JSON.stringify({ type: 'chat', message: '/roll 1d6', request_id: 'r' })))
    await until(() => received.some((text) => text.includes('"ack"')))
    socket.terminate()
    const { chains } = await dm.http.dice.chains.query(inCampaign)
    const { rolls } = await dm.http.dice.rolls.query({ ...inCampaign, chainId: chains[0]?.id ?? '' })
    expect(rolls.map(({ nonce }) => nonce)).toEqual(['first', expect.stringMatching(/^[A-Za-z0-9_-]{16}$/)])
  })
})
