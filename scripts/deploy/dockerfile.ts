// The Dockerfile: its grammar, and what the image promises: pinned, not root, checked, nothing between SIGTERM and Node.
import { DockerfileParser } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'

export type DockerfileFiles = { text: string; nodeVersion: string }

export function dockerfileProblems({ text, nodeVersion }: DockerfileFiles): string[] {
  const problems = validate(text).map(({ message, range }) => {
    const said = typeof message === 'string' ? message : message.value
    return `line ${range.start.line + 1}: ${said}`
  })
  const file = DockerfileParser.parse(text)
  const stages = file.getFROMs()
  const names = stages.map((from) => from.getBuildStage())
  for (const from of stages) {
    const image = from.getImage() ?? ''
    if (!names.includes(image) && !image.startsWith(`node:${nodeVersion}-`))
      problems.push(`begins a stage with ${image}, and package.json names node ${nodeVersion}`)
  }
  for (const copy of file.getCOPYs()) {
    const from = copy.getFromFlag()?.getValue()
    if (from !== undefined && from !== null && !names.includes(from))
      problems.push(`copies from ${from}, which is no stage`)
  }
  const lastStage = stages.at(-1)?.getRange().start.line ?? 0
  const last = file.getInstructions().filter((instruction) => instruction.getRange().start.line >= lastStage)
  const argumentsOf = (keyword: string) =>
    last.findLast((instruction) => instruction.getKeyword() === keyword)?.getArgumentsContent() ?? ''
  if (['', 'root', '0'].includes(argumentsOf('USER'))) problems.push('the last stage runs as root')
  if (!/\/health\/ready/.test(argumentsOf('HEALTHCHECK'))) problems.push('no HEALTHCHECK asks for /health/ready')
  if (!argumentsOf('CMD').startsWith('["node", ')) problems.push('CMD must start node itself, in the form of a list')
  if (argumentsOf('VOLUME') !== '/data') problems.push('/data must be a volume')
  return problems.map((problem) => `Dockerfile: ${problem}`)
}
