// The compose file: by the schema of the Compose Specification, and what that does not say.
import { Ajv } from 'ajv'
import { z } from 'zod'

const Service = z.object({
  image: z.string().optional(),
  ports: z.array(z.string()).optional(),
  networks: z.unknown().optional(),
  volumes: z.array(z.string()).optional(),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), z.object({ condition: z.string() }))]).optional(),
  restart: z.string().optional(),
  healthcheck: z.unknown().optional(),
  logging: z.unknown().optional(),
  profiles: z.array(z.string()).optional(),
})
const Compose = z.object({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.unknown()),
})

export type ComposeFiles = {
  compose: unknown
  schema: object
  /** The variables of `.env.example`, with those that are commented out. */
  variables: ReadonlySet<string>
  text: string
}

export function composeProblems({ compose, schema, variables, text }: ComposeFiles): string[] {
  // Its newer key words and formats are Compose's own to check.
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(withoutDialect(schema))
  if (!validate(compose))
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  const read = Compose.safeParse(compose)
  if (!read.success) return [z.prettifyError(read.error)]
  const { services, volumes } = read.data
  const problems = Object.entries(services).flatMap(([name, service]) => {
    const found: string[] = []
    for (const part of ['restart', 'healthcheck', 'logging', 'image'] as const)
      if (service[part] === undefined) found.push(`has no ${part}`)
    if (service.image && service.image !== 'tablecast' && !/:v?\d+\.?\d*/.test(service.image))
      found.push(`names no version of ${service.image}`)
    for (const port of service.ports ?? [])
      if (!port.startsWith('127.0.0.1:') && !port.startsWith('${WEB_ADDRESS'))
        found.push(`opens ${port} to the network`)
    const needed = service.depends_on ?? []
    for (const other of Array.isArray(needed) ? needed : Object.keys(needed)) {
      const profiles = services[other]?.profiles
      if (!services[other]) found.push(`needs ${other}, which there is not`)
      else if (profiles && !profiles.some((profile) => service.profiles?.includes(profile)))
        found.push(`needs ${other}, which its profiles do not start`)
      if (!Array.isArray(needed) && needed[other]?.condition === 'service_healthy' && !services[other]?.healthcheck)
        found.push(`waits for the health of ${other}, which has no check`)
    }
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':')
      if (!source.startsWith('.') && !(source in volumes)) found.push(`uses the volume ${source}, which there is not`)
    }
    return found.map((problem) => `${name} ${problem}`)
  })
  const asked = new Set([...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name = '']) => name))
  return [
    ...problems,
    ...[...asked].filter((name) => !variables.has(name)).map((name) => `${name} is not in .env.example`),
  ]
}

/** Ajv knows draft 7 by another address than the schema gives. */
const withoutDialect = (schema: object): object => ({ ...schema, $schema: undefined })
