// The agents' messages about the latest move of their sector, each in its own way.
import type { Chance } from './chance.ts'
import type { SampleAgent } from './sample-market.ts'

/** `change` and `distance` as parts: since a few minutes ago, and from the value that the sector comes back to. */
export type Situation = { sector: string; value: number; change: number; distance: number }

const percent = (part: number) => `${Math.abs(part * 100).toFixed(Math.abs(part) < 0.01 ? 2 : 1)} %`
const coins = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 0 })

type Lines = readonly ((situation: Situation) => string)[]

const rising: Record<SampleAgent['style'], Lines> = {
  momentum: [
    ({ sector, change }) => `${sector} is up ${percent(change)} in minutes. I am in until it stops.`,
    ({ sector, value }) => `${sector} just went through ${coins(value)}. Never stand before a moving wagon.`,
  ],
  contrarian: [
    ({ sector, change }) => `Everyone wants ${sector} after ${percent(change)}. That is when I sell.`,
    ({ sector }) => `When the innkeeper recommends ${sector}, I look for the door.`,
  ],
  value: [
    ({ sector, distance }) =>
      distance > 0
        ? `${sector} stands ${percent(distance)} above what its books say. I wait.`
        : `${sector} climbs, and is still ${percent(distance)} below its worth. Fair enough.`,
    ({ sector, value }) => `${coins(value)} for ${sector}? I have counted twice. Show me the goods.`,
  ],
}

const falling: Record<SampleAgent['style'], Lines> = {
  momentum: [
    ({ sector, change }) => `${sector} loses ${percent(change)} while I blink. Out.`,
    ({ sector }) => `No floor under ${sector} yet. I buy when it turns, not before.`,
  ],
  contrarian: [
    ({ sector, change }) => `${sector} down ${percent(change)}: fear is cheap today. Buying.`,
    ({ sector, value }) => `At ${coins(value)} the last one who doubts ${sector} has sold. To me.`,
  ],
  value: [
    ({ sector, distance }) =>
      distance < 0
        ? `${sector} is ${percent(distance)} below its worth. The books have not changed, only the mood.`
        : `${sector} falls, and is still ${percent(distance)} too dear.`,
    ({ sector, value }) => `${sector} at ${coins(value)}. I open the ledger again.`,
  ],
}

const quiet: Lines = [
  ({ sector, value }) => `${sector} keeps to ${coins(value)}. A good hour for tea.`,
  ({ sector }) => `Nothing moves ${sector}. Somebody knows something, or nobody does.`,
]

export function sentence(style: SampleAgent['style'], situation: Situation, chance: Chance): string {
  const lines = Math.abs(situation.change) < 0.002 ? quiet : (situation.change > 0 ? rising : falling)[style]
  return chance.pick(lines)(situation)
}

export const shockNews = (sector: string, part: number, chance: Chance): string =>
  chance.pick(
    part > 0
      ? [
          `Riders from the north: ${sector} will be needed, and soon. ${percent(part)} up at once.`,
          `A new charter favours ${sector}.`,
        ]
      : [
          `Smoke over the warehouses: ${sector} loses ${percent(part)} in one stroke.`,
          `The crown taxes ${sector}. Nobody saw it coming.`,
        ],
  )
