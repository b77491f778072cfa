import { PictureRefused } from '@tablecast/media'
import { expect, it } from 'vitest'
import { PictureTelemetry } from '../pictures/picture-telemetry.ts'
import { TilePainter } from './tile-painter.ts'

const tile = {
  tile: null,
  size: { width: 16, height: 16 },
  mask: { cell: 16, columns: 1, rows: 1, bits: new Uint8Array(1) },
}

/** A process that fails for these reasons, one after the other, and then paints. */
function painterThat(...reasons: PictureRefused['reason'][]) {
  const outcomes: string[] = []
  const telemetry = new PictureTelemetry({ warn: () => {} })
  telemetry.onRendered((_what, outcome) => outcomes.push(outcome))
  const logged: unknown[] = []
  const painter = new TilePainter({
    renderer: {
      render: () => {
        const reason = reasons.shift()
        return reason ? Promise.reject(new PictureRefused(reason)) : Promise.resolve(Buffer.from('painted'))
      },
    },
    telemetry,
    log: { warn: (fields: unknown) => logged.push(fields) },
  })
  return { painter, outcomes, logged }
}

it.each(['ended', 'too_slow', 'too_heavy'] as const)(
  'a tile is painted at the second try after “%s”',
  async (reason) => {
    const { painter, outcomes, logged } = painterThat(reason)
    expect((await painter.paint(tile)).toString()).toBe('painted')
    expect(outcomes).toEqual(['failed', 'made'])
    expect(logged).toEqual([{ reason, tries: 1 }])
  },
)

it('after two failures the server asks the page to come back: it is no fault of the person who asks', async () => {
  const { painter, outcomes } = painterThat('ended', 'too_slow')
  await expect(painter.paint(tile)).rejects.toMatchObject({ code: 'UNAVAILABLE', details: { retryAfterSeconds: 5 } })
  expect(outcomes).toEqual(['failed', 'failed'])
})

it('a busy process is not asked again at once', async () => {
  const { painter, outcomes } = painterThat('busy')
  await expect(painter.paint(tile)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(outcomes).toEqual(['failed'])
})

it('a damaged tile is an error of the server', async () => {
  const { painter } = painterThat('damaged')
  await expect(painter.paint(tile)).rejects.toThrow('a tile of a map is damaged')
})
