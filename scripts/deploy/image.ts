// The tree of the image without a Docker engine: the Dockerfile's own stages, copies and commands, carried out in a folder. It
// leaves out the parts of the image's system: users, folders at its root, pnpm itself.
import { cpSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, matchesGlob, relative } from 'node:path'
import { DockerfileParser, type Copy, type Env, type From, type Instruction } from 'dockerfile-ast'
import { run } from '../run.ts'

/** `root` stands for `/`; `env` is what ENV says, with paths below `root`; `command` and `healthCommand` as the image would run them. */
export type ImageTree = {
  root: string
  env: Record<string, string>
  command: string[]
  healthCommand: string[]
}

type Stage = { root: string; workdir: string; env: Record<string, string> }

const WORKSPACE = '/app'
const OF_THE_SYSTEM = /^(npm install --global|mkdir \/)/

/** `context`: the folder with the Dockerfile; `into`: an empty one. Rejects with what a command printed when it fails. */
export async function makeImageTree({ context, into }: { context: string; into: string }): Promise<ImageTree> {
  const file = DockerfileParser.parse(await readFile(join(context, 'Dockerfile'), 'utf8'))
  const isInContext = ignoring(await readFile(join(context, '.dockerignore'), 'utf8'))
  const path = await toolsIn(join(into, 'bin'))
  const stages: Record<string, Stage> = {}
  let stage: Stage = { root: '', workdir: '/', env: {} }
  const inStage = (place: string) => join(stage.root, place.startsWith('/') ? place : join(stage.workdir, place))

  const steps: Record<string, (instruction: Instruction) => Promise<void>> = {
    async FROM(from) {
      const { name, base } = namesOf(from as From)
      const parent = stages[base]
      stage = { root: join(into, name), workdir: parent?.workdir ?? '/', env: { ...parent?.env } }
      stages[name] = stage
      await mkdir(stage.root)
      if (parent) copyWhole(parent.root, stage.root)
    },
    async WORKDIR(instruction) {
      stage.workdir = instruction.getArgumentsContent() ?? '/'
      await mkdir(inStage('.'), { recursive: true })
    },
    ENV(instruction) {
      for (const property of (instruction as Env).getProperties())
        stage.env[property.getName()] = property.getValue() ?? ''
      return Promise.resolve()
    },
    async COPY(instruction) {
      const copy = instruction as Copy
      const places = copy.getArguments().map((argument) => argument.getValue())
      const to = inStage(places.at(-1) ?? '.')
      const from = stages[copy.getFromFlag()?.getValue() ?? '']
      for (const place of places.slice(0, -1)) {
        const source = join(from?.root ?? context, place)
        const target = places.length > 2 ? join(to, place) : to
        // The folder itself may lie in the context; then it is ignored there.
        const filter = (one: string) => isInContext(relative(context, one))
        if (from) copyWhole(source, target)
        else await cp(source, target, { recursive: true, filter, verbatimSymlinks: true })
      }
    },
    async RUN(instruction) {
      // The machine's own store does for the mounted one.
      const command = (instruction.getArgumentsContent() ?? '')
        .replaceAll(/--mount=\S+\s*/g, '')
        .replaceAll(/\\\n\s*/g, '')
        .replace('--store-dir /pnpm/store', '')
      if (OF_THE_SYSTEM.test(command)) return
      // A test's own NODE_ENV would build other pages.
      const env = { NODE_ENV: undefined, ...below(stage), PATH: path }
      const { code, output } = await run('sh', ['-c', command], { cwd: inStage('.'), env })
      if (code !== 0) throw new Error(`${command}\n${output}`)
    },
  }
  for (const instruction of file.getInstructions()) await steps[instruction.getKeyword()]?.(instruction)

  const last = (keyword: string) =>
    file
      .getInstructions()
      .findLast((instruction) => instruction.getKeyword() === keyword)
      ?.getArgumentsContent() ?? ''
  const listOf = (text: string) => JSON.parse(text.slice(text.indexOf('['))) as string[]
  return {
    root: stage.root,
    env: { ...below(stage), PATH: path },
    command: listOf(last('CMD')),
    healthCommand: listOf(last('HEALTHCHECK')),
  }
}

/** Node copies a folder of many files in a quarter of the time where nothing is asked about each. */
const copyWhole = (from: string, to: string): void => cpSync(from, to, { recursive: true, verbatimSymlinks: true })

/** Where the sources stand in a tree. */
export const workspaceOf = ({ root }: ImageTree): string => join(root, WORKSPACE)

const namesOf = (from: From) => ({ name: from.getBuildStage() ?? 'image', base: from.getImage() ?? '' })

/** Folders of the image are folders below the tree. */
const below = ({ root, env }: Stage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value.startsWith('/') ? join(root, value) : value]),
  )

/** Whether a path of the context goes along, as `.dockerignore` says. */
function ignoring(text: string): (path: string) => boolean {
  const patterns = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  if (patterns.some((pattern) => pattern.startsWith('!')))
    throw new Error('.dockerignore: exceptions are not understood')
  return (path) => !patterns.some((pattern) => matchesGlob(path, pattern))
}

/** The Node of this process and pnpm, first of all on the path. */
async function toolsIn(folder: string): Promise<string> {
  await mkdir(folder)
  await writeFile(join(folder, 'pnpm'), '#!/bin/sh\nexec npx -y pnpm "$@"\n', { mode: 0o755 })
  return [folder, dirname(process.execPath), process.env['PATH'] ?? ''].join(':')
}
