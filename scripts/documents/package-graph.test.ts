import { describe, expect, it } from 'vitest'
import { blocksIn } from './blocks.ts'
import { arrowsOfGraph, arrowsOfManifests } from './package-graph.ts'

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '')

describe('the graph of the packages', () => {
  it('has the arrows that the package.json files have, and no others', () => {
    const graphs = blocksIn(root).filter(({ info }) => info === 'mermaid')
    expect(graphs.map(({ document }) => document)).toEqual(['docs/architecture.md'])
    expect(graphs.flatMap(({ text }) => arrowsOfGraph(text))).toEqual(arrowsOfManifests(root))
  })

  it('is read arrow by arrow', () =>
    expect(arrowsOfGraph('flowchart LR\n  web[apps/web] --> rules & hub\n  web -.-> server\n')).toEqual([
      'web --> hub',
      'web --> rules',
      'web -.-> server',
    ]))

  it('is refused where a line can not be read', () =>
    expect(() => arrowsOfGraph('  web => server')).toThrow('web => server'))
})
