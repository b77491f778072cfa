// A strict parser of the Prometheus text format (https://prometheus.io/docs/instrumenting/exposition_formats/).

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const HEAD = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`)
const LABEL = /(?:^|,)([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/g
/** prom-client writes `Nan`. Go, and so Prometheus, reads `NaN` in any letter case. */
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (NaN|Nan|[+-]Inf|-?[0-9.]+(?:e[+-]?[0-9]+)?)$`)

type Sample = { name: string; labels: Record<string, string>; value: number }

/** One scraped answer of `/metrics`. */
export class Exposition {
  readonly types = new Map<string, string>()
  readonly samples: Sample[] = []

  /** Throws for a line that is not in the format, and for a metric without help and type before it. */
  constructor(text: string) {
    if (!text.endsWith('\n')) throw new Error('the last line does not end')
    const helped = new Set<string>()
    for (const line of text.slice(0, -1).split('\n')) {
      if (line === '') continue
      const head = HEAD.exec(line)
      if (head?.[1] === 'HELP') helped.add(head[2] ?? '')
      else if (head) this.types.set(head[2] ?? '', head[3] ?? '')
      else this.samples.push(this.#sampleOf(line, helped))
    }
  }

  /** The sum of the samples that have these labels, or 0 without such samples. */
  sum(name: string, labels: Record<string, string> = {}): number {
    return this.samples
      .filter(
        (sample) => sample.name === name && Object.entries(labels).every(([key, is]) => sample.labels[key] === is),
      )
      .reduce((sum, { value }) => sum + value, 0)
  }

  #sampleOf(line: string, helped: ReadonlySet<string>): Sample {
    const found = SAMPLE.exec(line)
    if (!found) throw new Error(`not a line of the format: ${line}`)
    const [, name = '', inside = '', value = ''] = found
    const pairs = [...inside.matchAll(LABEL)]
    if (pairs.map(([pair]) => pair).join('') !== inside) throw new Error(`not labels: ${inside}`)
    const family = [name, name.replace(/_(bucket|sum|count)$/, '')].find((one) => this.types.has(one))
    if (!family || !helped.has(family)) throw new Error(`${name} has no help or no type`)
    return {
      name,
      labels: Object.fromEntries(pairs.map(([, key, text]) => [key, text])),
      value: value.endsWith('Inf') ? Number(value.replace('Inf', 'Infinity')) : Number(value),
    }
  }
}

export async function scrape(url: string): Promise<Exposition> {
  const response = await fetch(`${url}/metrics`)
  const type = response.headers.get('content-type') ?? ''
  if (response.status !== 200 || !/^text\/plain; version=0\.0\.4; charset=utf-8$/.test(type))
    throw new Error(`${response.status} ${type}`)
  return new Exposition(await response.text())
}
