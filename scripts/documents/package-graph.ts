// The graph of the packages in docs/architecture.md, and the same from the package.json files.
import { globSync, readFileSync } from 'node:fs'
import { z } from 'zod'

/** An arrow as `web --> contracts`, or `web -.-> server` for a package that only types or tests need. */
export type Arrow = string

const Manifest = z.object({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
})

const SCOPE = '@tablecast/'
/** The tests of all packages use it, so the graph leaves it out. */
const TESTING = 'testing'

export function arrowsOfManifests(root: string): Arrow[] {
  const manifests = globSync('{apps,packages}/*/package.json', { cwd: root }).map((path) =>
    Manifest.parse(JSON.parse(readFileSync(`${root}/${path}`, 'utf8'))),
  )
  return manifests
    .flatMap(({ name, dependencies, devDependencies }) => [
      ...arrowsFrom(name, '-->', dependencies),
      ...arrowsFrom(name, '-.->', devDependencies),
    ])
    .toSorted()
}

const arrowsFrom = (name: string, kind: string, to: Record<string, string>): Arrow[] =>
  Object.keys(to)
    .filter((target) => target.startsWith(SCOPE) && target !== SCOPE + TESTING)
    .map((target) => `${name.slice(SCOPE.length)} ${kind} ${target.slice(SCOPE.length)}`)

/** Reads lines of a Mermaid flowchart such as `web[apps/web] --> contracts & rules`. Throws at any other line. */
export function arrowsOfGraph(text: string): Arrow[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('flowchart'))
    .flatMap((line) => {
      const [, from, kind, to] = /^([\w-]+)(?:\[[^\]]*\])? (-->|-\.->) ([\w-]+(?: & [\w-]+)*)$/.exec(line) ?? []
      if (to === undefined) throw new Error(`not a line of the graph: ${line}`)
      return to.split(' & ').map((target) => `${from} ${kind} ${target}`)
    })
    .toSorted()
}
