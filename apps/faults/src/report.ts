import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { type Setup, setupNames } from './cluster.ts'
import type { Outcome, Scenario } from './scenario.ts'

export type Result = {
  scenario: Scenario
  setup: Setup
  /** `broken`: it did not come to its end, with the reason. */
  outcome: Outcome | { skipped: string } | { broken: string }
  seconds: number
}

export type Run = { results: readonly Result[]; seed: number; isShort: boolean; seconds: number }

const heads = [
  'fault',
  'servers',
  'rounds',
  'updates acknowledged',
  'events to clients',
  'lost',
  'repeated',
  'out of order',
  'snapshots',
  'reconnects',
  'longest catch-up, s',
]

export function tableOf(results: readonly Result[]): string {
  const rows = results.map(({ scenario, setup, outcome }) => {
    const name = [scenario.name, setupNames[setup]]
    if ('skipped' in outcome) return [...name, `not played: ${outcome.skipped}`, ...heads.slice(3).map(() => '')]
    if ('broken' in outcome) return [...name, 'did not come to its end', ...heads.slice(3).map(() => '')]
    const { rounds, acknowledged, delivered, lost, repeated, outOfOrder, snapshots, reconnects } = outcome
    const numbers = [rounds, acknowledged, delivered, lost, repeated, outOfOrder, snapshots, reconnects]
    return [
      ...name,
      ...numbers.map((number) => number.toLocaleString('en')),
      (outcome.longestCatchUpMs / 1_000).toFixed(1),
    ]
  })
  const lines = [heads, heads.map((_, index) => (index < 2 ? '---' : '--:')), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** The whole of `docs/faults.md`. */
export function report({ results, seed, seconds }: Run): string {
  const titles = new Map(results.map(({ scenario }) => [scenario.name, scenario.title]))
  const played = results.flatMap(({ outcome }) => ('acknowledged' in outcome ? [outcome] : []))
  const sum = (of: (outcome: Outcome) => number) => played.reduce((total, outcome) => total + of(outcome), 0)
  const notes = results.flatMap(({ scenario, setup, outcome }) => {
    const said =
      'notes' in outcome
        ? [...outcome.notes, ...outcome.problems]
        : ['skipped' in outcome ? outcome.skipped : outcome.broken]
    return said.map((note) => `| ${scenario.name} | ${setupNames[setup]} | ${note.replaceAll('|', '\\|')} |`)
  })
  return `# What happens when things break

Made by \`pnpm test:faults\`; anyone can repeat it. Server processes, PostgreSQL and nats-server are real. DMs
write without rest over HTTP and WebSocket. Players follow in every way that there is: the page's own
connection, tRPC over WebSocket and over SSE, the plain socket.

Afterwards an oracle compares three things: the acknowledgements to the DMs (on disk before they count), the
log in the database, and everything that each client received.

- Everything acknowledged is in the log exactly once.
- Each client received the log of its audience in order, without a gap or a repeat, or an explicit snapshot
  in place of a range.
- No byte that a player received holds a secret of the DMs.
- Each client of the market received each message of a discussion once.

**${sum(({ rounds }) => rounds).toLocaleString('en')} rounds, ${sum(({ acknowledged }) => acknowledged).toLocaleString('en')} updates acknowledged,
${sum(({ lost }) => lost)} lost, ${sum(({ repeated }) => repeated)} repeated, ${sum(({ outOfOrder }) => outOfOrder)} out of order.**

| | |
|---|---|
${machine()
  .map(([name, value]) => `| ${name} | ${value} |`)
  .join('\n')}
| Date | ${new Date().toISOString().slice(0, 10)} |
| Command | \`pnpm test:faults --seed ${seed}\`, ${Math.round(seconds / 60)} minutes |

## Results

${tableOf(results)}

- \`events to clients\`: of all clients together.
- \`snapshots\`: given in place of a range, or to a plain socket that came back.
- \`longest catch-up\`: from the end of a fault until every client had everything. Two faults run at a time.

## The faults

| fault | description |
| --- | --- |
${[...titles].map(([name, title]) => `| ${name} | ${title} |`).join('\n')}

## Notes

| fault | servers | note |
| --- | --- | --- |
${notes.join('\n')}
`
}

function machine(): [string, string][] {
  const system = /PRETTY_NAME="(.*)"/.exec(existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '')
  return [
    [
      'Machine',
      `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    ],
    ['System', system?.[1] ?? process.platform],
    ['Node', process.version],
    ['PostgreSQL', versionOf(`${globSync('/usr/lib/postgresql/*/bin').toSorted().at(-1) ?? ''}/postgres`)],
    ['Redis', versionOf('redis-server')],
    ['NATS', versionOf(existsSync('/usr/sbin/nats-server') ? '/usr/sbin/nats-server' : 'nats-server')],
  ]
}

const versionOf = (command: string): string =>
  /\d+(\.\d+)+/.exec(execFileSync(command, ['--version'], { encoding: 'utf8' }))?.[0] ?? 'unknown'
