// A bar chart as SVG, for light and dark backgrounds, with its numbers as text.

type Bar = { name: string; value: number; isOurs: boolean }
export type Panel = { title: string; bars: readonly Bar[] }

const WIDTH = 860
const LEFT = 330
const RIGHT = 90
const ROW = 26
const HEAD = 44
const GAP = 22
const TOP = 40

/** Screen readers read `title` and `description`. The chart shows `title` only. */
export function barChart(title: string, description: string, panels: readonly Panel[]): string {
  const heights = panels.map(({ bars }) => HEAD + bars.length * ROW + GAP)
  const height = TOP + heights.reduce((sum, one) => sum + one, 0)
  let top = TOP
  const drawn = panels.map((panel, index) => {
    const svg = panelAt(panel, top)
    top += heights[index] ?? 0
    return svg
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${escaped(title)}</title>
<desc id="description">${escaped(description)}</desc>
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 16px; font-weight: 600 }
.panel { font-weight: 600 }
.ours { fill: #b4530a }
.other { fill: #8c959f }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .ours { fill: #f0883e }
  .other { fill: #6e7681 }
}
</style>
<text class="title" x="0" y="18">${escaped(title)}</text>
${drawn.join('\n')}
</svg>
`
}

function panelAt({ title, bars }: Panel, top: number): string {
  const largest = Math.max(...bars.map(({ value }) => value))
  const rows = bars.map(({ name, value, isOurs }, index) => {
    const y = top + HEAD + index * ROW
    const length = ((WIDTH - LEFT - RIGHT) * value) / largest
    return `<text x="${LEFT - 10}" y="${y}" text-anchor="end">${escaped(name)}</text>
<rect class="${isOurs ? 'ours' : 'other'}" x="${LEFT}" y="${y - 13}" width="${length.toFixed(1)}" height="17" rx="2"/>
<text x="${(LEFT + length + 8).toFixed(1)}" y="${y}">${Math.round(value).toLocaleString('en')}</text>`
  })
  return [`<text class="panel" x="0" y="${top + 14}">${escaped(title)}</text>`, ...rows].join('\n')
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('`', '')
