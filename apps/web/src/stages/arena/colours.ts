/** A colour for each family, apart from its neighbours and at least 3:1 against the cards of both themes. */
const colours = ['#c2703d', '#3f8f6b', '#5b7fd0', '#b0569b', '#8f7d2c', '#2f8fa3', '#c4545a', '#8069d0']

export function colourOf(persona: string, personas: readonly string[]): string {
  const place = Math.max(0, personas.indexOf(persona))
  return colours[place % colours.length] ?? '#8f7d2c'
}

export const familiesOf = (agents: readonly { persona: string }[]): string[] => [
  ...new Set(agents.map(({ persona }) => persona)),
]
