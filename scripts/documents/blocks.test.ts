// Each command and example in the documents has a way to be tried. documents.service.test.ts tries them.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { blocksIn, type Block, blocksOf, commandsOf, documents, isShell } from './blocks.ts'
import { frameProblems, isFrames } from './frames.ts'
import { exceptions, isDrawing, programs, rules, wayOf } from './ways.ts'

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '')
const blocks = blocksIn(root)

/** The blocks and commands that no test tries and no exception excuses. */
function untried(all: readonly Block[]): string[] {
  return all.flatMap((block) => {
    const place = `${block.document}:${block.line}`
    if (isShell(block))
      return commandsOf(block)
        .filter((command) => !wayOf(command))
        .map(({ line, text }) => `${block.document}:${line}: ${text}`)
    const name = `${block.document} ${block.info}`
    return isFrames(block) || isDrawing(block) || name in programs || name in exceptions
      ? []
      : [`${place}: ${block.info}`]
  })
}

describe('the documents', () => {
  it('print no command or example without a way to try it', () => expect(untried(blocks)).toEqual([]))

  it('print frames that their contracts take', () => {
    const frames = blocks.filter(isFrames)
    expect(frames.length).toBeGreaterThan(0)
    expect(frames.flatMap(frameProblems)).toEqual([])
  })

  it('name tests that exist for their programs', () => {
    for (const [name, test] of Object.entries(programs)) {
      expect(existsSync(`${root}/${test}`), test).toBe(true)
      expect(blocks.map(({ document, info }) => `${document} ${info}`)).toContain(name)
    }
  })

  it('contain each block that is an exception', () =>
    expect(blocks.map(({ document, info }) => `${document} ${info}`)).toEqual(
      expect.arrayContaining(Object.keys(exceptions)),
    ))
})

describe('a block', () => {
  const fenced = (info: string, ...lines: string[]) =>
    blocksOf('a.md', ['# A', '', `\`\`\`${info}`, ...lines, '```', ''].join('\n'))

  it.each([
    ['bash', 'npx -y pnpm fly'],
    ['bash', 'rm -rf data'],
    ['bash', 'npx -y pnpm start --fast'],
    ['ts', 'const a = 1'],
    ['json', '{}'],
    ['', 'npx -y pnpm start'],
    ['python', 'print(1)'],
  ])('of %s with “%s” is found when nothing tries it', (info, line) =>
    expect(untried(fenced(info, line))).toEqual([expect.stringMatching(/^a\.md:4: /)]),
  )

  it('is split into commands, without comments and with the lines to type', () => {
    const [block] = fenced(
      'bash',
      '# first',
      'curl -X POST http://x \\',
      '  -d \'{"a":1}\'   # makes it',
      '',
      'npx -y wscat -c ws://x',
      '# then type: {"type":"ping"}',
      '# {"type":"pong"}',
    )
    expect(block && commandsOf(block)).toEqual([
      { document: 'a.md', line: 5, text: `curl -X POST http://x -d '{"a":1}'`, typed: [] },
      { document: 'a.md', line: 8, text: 'npx -y wscat -c ws://x', typed: ['{"type":"ping"}', '{"type":"pong"}'] },
    ])
  })

  it('of frames is found when the contract refuses one', () => {
    const [block] = fenced('json topics', '{"type":"ping"}', '{"type":"subscribe","topic":1}')
    expect(block && frameProblems(block)).toEqual([expect.stringMatching(/^a\.md:5: /)])
  })

  it('is no drawing when it holds a command', () => {
    expect(fenced('', 'a ──▶ b').map(isDrawing)).toEqual([true])
    expect(fenced('', 'curl http://x').map(isDrawing)).toEqual([false])
  })
})

describe('the rules', () => {
  it('give a reason for each command that is not run', () => {
    for (const { way } of rules) if (way.kind === 'not run') expect(way.reason.length).toBeGreaterThan(5)
  })
})

describe('a command within a sentence', () => {
  it('that runs tests names a file or folder with tests of that project', () => {
    const named = documents(root).flatMap((document) =>
      [
        ...readFileSync(`${root}/${document}`, 'utf8').matchAll(
          /`[^`]*vitest run --project (\w+) ([\w./-]+)`((?:(?:,? and with|\s+and)\s+`--project \w+`)*)/g,
        ),
      ].map(([, first = '', path = '', others = '']) => ({
        document,
        path,
        projects: [first, ...[...others.matchAll(/--project (\w+)/g)].map(([, name]) => name)],
      })),
    )
    expect(named.length).toBeGreaterThan(10)
    const testsOf = (path: string) =>
      path.endsWith('.test.ts') ? [path] : globSync(`${path}/src/**/*.test.ts`, { cwd: root })
    const projectOf = (path: string) => /\.(integration|service)\.test\.ts$/.exec(path)?.[1] ?? 'unit'
    for (const { document, path, projects } of named)
      expect({ document, path, projects: new Set(projects) }).toEqual({
        document,
        path,
        projects: new Set(testsOf(path).map(projectOf)),
      })
  })

  it('names a script that package.json has', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(`${root}/package.json`, 'utf8')))
    const own = ['install', 'exec', ...Object.keys(scripts)]
    const named = documents(root).flatMap((document) =>
      [
        ...readFileSync(`${root}/${document}`, 'utf8').matchAll(
          /`(?:[A-Z_]+=\S+ )?(?:npx -y )?pnpm (?:--silent )?([a-z:]+)/g,
        ),
      ].map(([, script = '']) => ({ document, script })),
    )
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter(({ script }) => !own.includes(script))).toEqual([])
  })
})
